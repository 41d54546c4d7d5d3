"""Rows of a scheme or a curriculum as somebody types them, and what is wrong with them. Pure: lines in, sentences out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from latsar.training.enums import DayCount, Method, Rater
from latsar.training.rules import AgendaSubject, Band, Curriculum, PhaseTemplate, RegulationScheme, ScoreComponent
from latsar.training.weights import ComponentTree, number, tree_for, weight_problems

LOWEST = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class ComponentLine:
    """`parent` is the code of the component that this one is a part of."""

    code: str
    name: str
    weight: Decimal
    parent: str = ""
    method: str = ""
    rated_by: str = Rater.INSTITUTE
    raters: int = 1
    seminar: str = ""
    question: str = ""
    minimum: Decimal | None = None
    is_late_sensitive: bool = False
    is_verified: bool = False
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class BandLine:
    name: str
    above: Decimal
    passes: bool = True
    is_verified: bool = False
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class RubricLine:
    """What a score from `lowest` on means, of the component with this code."""

    code: str
    lowest: Decimal
    words: str
    is_verified: bool = False
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class PhaseLine:
    """A phase of one method; phases of a method keep the order of their lines."""

    method: str
    kind: str
    name: str
    length: int
    day_count: str = DayCount.WORKING
    offset: int = 0
    is_parallel: bool = False
    is_mandatory: bool = True
    is_verified: bool = False
    source: str = ""


@dataclass(frozen=True)
class SchemeLines:
    components: Sequence[ComponentLine] = ()
    bands: Sequence[BandLine] = ()
    phases: Sequence[PhaseLine] = ()
    rubric: Sequence[RubricLine] = ()


@dataclass(frozen=True, kw_only=True)
class SubjectLine:
    """A mata pelatihan; `hours` are its JP per method, absent where the method does not have it."""

    agenda: str
    name: str
    hours: dict[str, int]
    is_verified: bool = False
    source: str = ""


@dataclass(frozen=True)
class CurriculumLines:
    values: Sequence[str] = ()
    subjects: Sequence[SubjectLine] = ()


def lines_of_scheme(scheme: RegulationScheme) -> SchemeLines:
    """Read the rows of a scheme; prefetched ones are not asked for again."""
    components = sorted(scheme.components.all(), key=lambda row: (row.order, row.pk))
    codes = {row.pk: row.code for row in components}
    return SchemeLines(
        [ComponentLine(parent=codes.get(row.parent_id or 0, ""), **_facts(row, ComponentLine, "parent")) for row in components],
        [BandLine(**_facts(row, BandLine)) for row in sorted(scheme.bands.all(), key=lambda row: -row.above)],
        [
            PhaseLine(**_facts(row, PhaseLine))
            for row in sorted(scheme.phase_templates.all(), key=lambda row: (Method.values.index(row.method), row.order))
        ],
        [RubricLine(**_facts(row, RubricLine)) for row in sorted(scheme.rubric.all(), key=lambda row: (row.code, -row.lowest))],
    )


def lines_of_curriculum(curriculum: Curriculum) -> CurriculumLines:
    """Read the rows of a curriculum: one line per subject with its JP of every method."""
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(curriculum.subjects.all(), key=lambda row: (row.order, row.pk)):
        line = merged.setdefault((row.agenda, row.name), {"hours": {}, "is_verified": row.is_verified, "source": row.source})
        line["hours"][row.method] = row.hours
    subjects = [SubjectLine(agenda=agenda, name=name, **facts) for (agenda, name), facts in merged.items()]
    return CurriculumLines([row.name for row in sorted(curriculum.values.all(), key=lambda row: row.order)], subjects)


def _facts(row: Any, line: Any, *without: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in line.__dataclass_fields__ if name not in without}


def components_of(lines: Sequence[ComponentLine]) -> list[ScoreComponent]:
    """Build unsaved components whose parts know their parent; numbers stand in for keys."""
    made = [
        ScoreComponent(pk=n, order=n, **{name: value for name, value in vars(line).items() if name != "parent"})
        for n, line in enumerate(lines, 1)
    ]
    for part, line in zip(made, lines, strict=True):
        found = parent_of(line, lines)
        part.parent_id = lines.index(found) + 1 if found else None
    return made


def parent_of(line: ComponentLine, lines: Sequence[ComponentLine]) -> ComponentLine | None:
    """Find the component that a line is a part of: of the same method first, then of every method, then any of the code."""
    named = [one for one in lines if line.parent and one.code == line.parent and one is not line]
    return min(named, key=lambda one: (one.method != line.method, one.method != ""), default=None)


def trees_of(lines: SchemeLines) -> dict[str, ComponentTree]:
    """Return the components as each method of the scheme counts them."""
    components = components_of(lines.components)
    return {method: tree_for(components, method) for method in methods_of(lines.phases)}


def methods_of(rows: Iterable[PhaseLine | PhaseTemplate | AgendaSubject]) -> list[str]:
    """Return the methods that have rows, in the order of the regulation."""
    known = {row.method for row in rows}
    return [method for method in Method.values if method in known]


def scheme_problems(lines: SchemeLines, facts: dict[str, Any]) -> list[str]:
    """Say everything that keeps a scheme from being published; `facts` are its own numbers by field."""
    return [
        *component_problems(lines),
        *_twice([band.name for band in lines.bands], _("Kualifikasi %(name)s ada dua kali.")),
        *band_problems(lines.bands, facts.get("remedial_cap"), facts.get("remedial_from")),
        *phase_problems(lines.phases),
        *rubric_problems(lines),
        *fact_problems(facts),
    ]


def component_problems(lines: SchemeLines) -> list[str]:
    """Say where components do not fit together, and where weights are not whole per method."""
    problems = component_clashes(lines.components)
    if problems:
        return problems
    found = {method: weight_problems(tree) for method, tree in trees_of(lines).items()}
    return [f"{Method(method).label}: {problem}" for method, each in found.items() for problem in each]


def component_clashes(components: Sequence[ComponentLine]) -> list[str]:
    """Say which codes stand twice and which parts hang nowhere: such lines cannot even be stored."""
    problems = []
    for (code, method), count in Counter((line.code, line.method) for line in components).items():
        if count > 1:
            where = f" ({Method(method).label})" if method else ""
            problems.append(_("Kode %(code)s dipakai dua kali%(where)s. Beri kode lain.") % {"code": code, "where": where})
    for line in components:
        if not line.parent:
            continue
        parent = parent_of(line, components)
        if parent is None:
            problems.append(_("%(name)s adalah bagian dari komponen yang tidak ada lagi.") % {"name": line.name})
        elif parent.parent:
            problems.append(_("%(name)s adalah bagian dari bagian. Pilih komponen utamanya.") % {"name": line.name})
        elif parent.method not in ("", line.method):
            problems.append(_("%(name)s berlaku untuk metode lain dari induknya.") % {"name": line.name})
    return problems


def scheme_clashes(lines: SchemeLines) -> list[str]:
    """Say what keeps a draft from being stored."""
    rubric = [f"{line.code} {number(line.lowest)}" for line in lines.rubric]
    return [
        *component_clashes(lines.components),
        *_twice([band.name for band in lines.bands], _("Kualifikasi %(name)s ada dua kali.")),
        *_twice(rubric, _("Rubrik %(name)s ada dua kali.")),
    ]


def rubric_problems(lines: SchemeLines) -> list[str]:
    """Say where words of a rubric belong to no component, or leave the lowest scores without any."""
    known = {line.code: line.name for line in lines.components}
    problems = []
    for code in dict.fromkeys(line.code for line in lines.rubric):
        if code not in known:
            problems.append(_("Rubrik %(code)s tidak punya komponen.") % {"code": code})
        elif min(line.lowest for line in lines.rubric if line.code == code) > LOWEST:
            problems.append(_("Rubrik %(name)s belum sampai nilai 0.") % {"name": known[code]})
    return problems


def curriculum_clashes(lines: CurriculumLines) -> list[str]:
    """Say what keeps a draft from being stored."""
    subjects = [f"{line.agenda}: {line.name}" for line in lines.subjects]
    return [*_twice(lines.values, _("Nilai dasar %(name)s ada dua kali.")), *_twice(subjects, _("%(name)s ada dua kali."))]


def _twice(names: Sequence[str], text: str) -> list[str]:
    return [text % {"name": name} for name, count in Counter(names).items() if count > 1]


def band_problems(bands: Sequence[BandLine], cap: Decimal | None = None, floor: Decimal | None = None) -> list[str]:
    """Say where qualifications leave a hole, overlap, or where a lower one passes although a higher one does not."""
    if not bands:
        return [_("Belum ada kualifikasi.")]
    problems = []
    ordered = sorted(bands, key=lambda band: -band.above)
    for above, count in Counter(band.above for band in bands).items():
        if count > 1:
            problems.append(_("Dua kualifikasi mulai di atas %(above)s.") % {"above": number(above)})
    if ordered[-1].above >= LOWEST:
        text = _("Nilai 0 sampai %(above)s tidak masuk kualifikasi mana pun. Isi -1 pada kualifikasi terbawah.")
        problems.append(text % {"above": number(ordered[-1].above)})
    for upper, lower in pairwise(ordered):
        if lower.passes and not upper.passes:
            problems.append(_("%(lower)s lulus, padahal %(upper)s di atasnya tidak.") % {"lower": lower.name, "upper": upper.name})
    passing = [band.above for band in bands if band.passes]
    if not passing:
        return [*problems, _("Tidak ada kualifikasi yang lulus.")]
    mark = min(passing)
    if cap is not None and cap <= mark:
        text = _("Nilai paling tinggi sesudah remedial %(cap)s belum lulus: batas lulusnya di atas %(mark)s.")
        problems.append(text % {"cap": number(cap), "mark": number(mark)})
    if floor is not None and floor > mark:
        text = _("Batas bawah remedial %(floor)s lebih tinggi dari batas lulus %(mark)s.")
        problems.append(text % {"floor": number(floor), "mark": number(mark)})
    return problems


def pass_mark(bands: Iterable[BandLine | Band]) -> Decimal | None:
    """Return the mark above which somebody passes."""
    return min((band.above for band in bands if band.passes), default=None)


def phase_problems(phases: Sequence[PhaseLine]) -> list[str]:
    """Say what is wrong with the order of phases, per method."""
    if not phases:
        return [_("Belum ada fase. Tambahkan paling sedikit satu metode dengan fasenya.")]
    problems = []
    for method in methods_of(phases):
        rows = [row for row in phases if row.method == method]
        if rows[0].is_parallel:
            problems.append(
                f"{Method(method).label}: " + _("%(name)s sejajar, padahal belum ada fase sebelumnya.") % {"name": rows[0].name}
            )
        if not any(row.is_mandatory for row in rows):
            problems.append(f"{Method(method).label}: " + _("tidak ada fase yang wajib."))
    return problems


def fact_problems(facts: dict[str, Any]) -> list[str]:
    """Say which numbers of a scheme contradict each other."""
    problems = []
    if facts.get("late_points_max") is not None and not facts.get("late_points_per_day"):
        problems.append(_("Pengurang terlambat paling besar terisi, tetapi pengurang per hari kosong."))
    if not facts.get("remedial_components") and any(facts.get(name) is not None for name in ("remedial_from", "remedial_cap")):
        problems.append(_("Nilai remedial terisi, tetapi tidak ada komponen yang boleh diremedial."))
    start, end = facts.get("effective_from"), facts.get("effective_to")
    if start and end and end < start:
        problems.append(_("Berlaku sampai lebih awal dari berlaku sejak."))
    return problems


def curriculum_problems(lines: CurriculumLines) -> list[str]:
    """Say everything that keeps a curriculum from being published."""
    problems = curriculum_clashes(lines)
    if not lines.values:
        problems.append(_("Belum ada nilai dasar."))
    if not any(line.hours for line in lines.subjects):
        problems.append(_("Belum ada mata pelatihan dengan JP."))
    for line in lines.subjects:
        if not line.hours:
            problems.append(_("%(name)s belum memiliki JP untuk metode mana pun.") % {"name": line.name})
    return problems


def hours_by_method(lines: CurriculumLines) -> dict[str, int]:
    """Add the JP up, per method that has any."""
    totals = {method: sum(line.hours.get(method, 0) for line in lines.subjects) for method in Method.values}
    return {method: total for method, total in totals.items() if total}
