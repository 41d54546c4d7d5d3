"""Schemes and curricula as their pages show them: lists, facts with their source, weights per method, the live check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.accounts.models import User
from latsar.training import layout, policies, tables
from latsar.training.calendar import around
from latsar.training.enums import DayCount, Method, Rater, SeminarKind
from latsar.training.models import Batch, Curriculum, PhaseTemplate, RegulationScheme
from latsar.training.rule_lines import (
    BandLine,
    ComponentLine,
    CurriculumLines,
    PhaseLine,
    SchemeLines,
    hours_by_method,
    lines_of_curriculum,
    lines_of_scheme,
    methods_of,
    parent_of,
    pass_mark,
    scheme_problems,
    trees_of,
)
from latsar.training.scheme_forms import GROUPS, SOURCED
from latsar.training.weights import WHOLE, number
from latsar.ui import components, words

SHOWN_BATCHES = 12
MARKS = {"A": gettext_lazy("alpa"), "I": gettext_lazy("izin"), "S": gettext_lazy("sakit")}


@dataclass(frozen=True)
class RulesRow:
    """A scheme or a curriculum in its list."""

    rules: Any
    url: str
    dates: str
    methods: str
    batches: int
    face: SafeString


@dataclass(frozen=True)
class Fact:
    """A number with where it was read; `source` empty means that nobody has compared it with the text."""

    label: str
    value: str
    source: str
    is_verified: bool = False


@dataclass(frozen=True)
class Cell:
    """One component in the table of weights: its weight per method, empty where it does not count."""

    line: Any
    weights: Sequence[str]
    rater: str
    is_part: bool


@dataclass(frozen=True)
class BandFace:
    line: BandLine
    span: str


@dataclass(frozen=True)
class Total:
    """What the weights or JP of one method add up to."""

    method: str
    text: str
    is_whole: bool = True


def readable_schemes(user: User) -> Any:
    """Published schemes, and the drafts for who may read those."""
    rows = RegulationScheme.objects.all()
    return rows if user.scope.nation else rows.published()


def readable_curricula(user: User) -> Any:
    """Published curricula, and the drafts for who may read those."""
    rows = Curriculum.objects.all()
    return rows if user.scope.nation else rows.published()


def full_scheme(user: User, pk: int) -> Any:
    """Fetch a scheme with its rows, a handful of queries whatever their number."""
    return (
        readable_schemes(user)
        .select_related("copied_from")
        .prefetch_related("components", "bands", "phase_templates", "rubric")
        .filter(pk=pk)
        .first()
    )


def full_curriculum(user: User, pk: int) -> Any:
    """Fetch a curriculum with its rows."""
    return readable_curricula(user).select_related("copied_from").prefetch_related("values", "subjects").filter(pk=pk).first()


def state_face(rules: RegulationScheme | Curriculum, today: date) -> SafeString:
    """Say in a pill where rules stand."""
    if rules.published_at is None:
        return components.pill("", _("Konsep"), "pencil")
    if rules.effective_to is not None and rules.effective_to < today:
        return components.pill("", _("Berakhir"), "dash-lg")
    if rules.effective_from > today:
        return components.pill("info", _("Akan berlaku"), "calendar-event")
    return components.pill("ok", _("Berlaku"), "check-lg")


def scheme_rows(user: User) -> list[RulesRow]:
    """All schemes that the person reads, the newest first; three queries."""
    templates = Prefetch("phase_templates", PhaseTemplate.objects.only("scheme_id", "method"))
    return _rows(user, readable_schemes(user).prefetch_related(templates), "scheme", "phase_templates")


def curriculum_rows(user: User) -> list[RulesRow]:
    """All curricula that the person reads, the newest first; three queries."""
    return _rows(user, readable_curricula(user).prefetch_related("subjects"), "curriculum", "subjects")


def _rows(user: User, rules: Any, key: str, parts: str) -> list[RulesRow]:
    today = timezone.localdate()
    counts = dict(Batch.objects.visible_to(user).order_by().values_list(key).annotate(n=Count("pk", distinct=True)))
    return [
        RulesRow(
            one,
            one.get_absolute_url(),
            dates_of(one),
            ", ".join(str(Method(method).label) for method in methods_of(getattr(one, parts).all())),
            counts.get(one.pk, 0),
            state_face(one, today),
        )
        for one in rules.order_by("-effective_from", "code")
    ]


def dates_of(rules: RegulationScheme | Curriculum) -> str:
    first = words.long_date(rules.effective_from)
    if rules.effective_to is None:
        return _("Sejak %(day)s") % {"day": first}
    return words.date_range(rules.effective_from, rules.effective_to)


def using_batches(user: User, **rules: Any) -> dict[str, Any]:
    """Which angkatan use these rules, the newest first."""
    rows = Batch.objects.visible_to(user).filter(**rules).select_related("institute").order_by("-starts_on", "pk")
    found = list(rows[: SHOWN_BATCHES + 1])
    return {"batches": found[:SHOWN_BATCHES], "has_more": len(found) > SHOWN_BATCHES}


def fact_groups(scheme: RegulationScheme) -> list[tuple[str, list[Fact]]]:
    """The numbers of a scheme by theme, each with its source."""
    head = ("effective_from", "effective_to", "hours", "extension_months")
    groups = [(_("Umum"), head), *((str(title), names) for title, names in GROUPS)]
    return [(title, [_fact(scheme, name) for name in names]) for title, names in groups]


def _fact(scheme: RegulationScheme, name: str) -> Fact:
    label = str(scheme._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return Fact(label[:1].upper() + label[1:], value_of(scheme, name), scheme.sources.get(name, "") if name in SOURCED else "")


def value_of(scheme: RegulationScheme, name: str) -> str:
    """Write one number of a scheme as people read it."""
    value = getattr(scheme, name)
    if value is None or value == "":
        return "–"
    if name == "absence_marks":
        return ", ".join(str(MARKS.get(mark, mark)) for mark in value)
    if name == "over_absence":
        return str(scheme.get_over_absence_display())
    if isinstance(value, bool):
        return _("Ya") if value else _("Tidak")
    if isinstance(value, date):
        return words.long_date(value)
    return number(value) if isinstance(value, Decimal) else str(value)


def component_table(lines: SchemeLines) -> dict[str, Any]:
    """Heads and rows of the weights, parts under their whole, one column per method."""
    methods = methods_of(lines.phases) or Method.values
    tops = [line for line in lines.components if not line.parent]
    ordered = [one for top in tops for one in (top, *(part for part in lines.components if parent_of(part, lines.components) is top))]
    rows = [
        Cell(
            line,
            [number(line.weight) if line.method in ("", method) else "" for method in methods],
            _("%(who)s, %(n)d orang") % {"who": Rater(line.rated_by).label, "n": line.raters}
            if line.raters > 1
            else str(Rater(line.rated_by).label),
            bool(line.parent),
        )
        for line in ordered
    ]
    return {"heads": [Method(method).label for method in methods], "rows": rows, "totals": [total.text for total in weight_totals(lines)]}


def weight_totals(lines: SchemeLines) -> list[Total]:
    """The sum of the top components of each method."""
    sums = {method: sum((c.weight for c in tree.tops), Decimal()) for method, tree in trees_of(lines).items()}
    return [Total(str(Method(method).label), f"{number(total)}%", total == WHOLE) for method, total in sums.items()]


def band_faces(bands: Sequence[BandLine]) -> list[BandFace]:
    """The qualifications from the top down, each with what it spans in words."""
    ordered = sorted(bands, key=lambda band: -band.above)
    tops = [Decimal(100), *(band.above for band in ordered)]
    return [BandFace(band, _span(band.above, top)) for band, top in zip(ordered, tops, strict=False)]


def _span(above: Decimal, top: Decimal) -> str:
    if above < 0:
        return _("sampai %(top)s") % {"top": number(top)}
    return _("di atas %(above)s sampai %(top)s") % {"above": number(above), "top": number(top)}


def rubric_tables(lines: SchemeLines) -> list[tuple[ComponentLine, str, list[tuple[str, str]]]]:
    """The components that a seminar scores, each with what its scores mean: (span, words)."""
    found = []
    for line in lines.components:
        bands = sorted((band for band in lines.rubric if band.code == line.code), key=lambda band: -band.lowest)
        if line.seminar:
            rows = [(_("mulai %(n)s") % {"n": number(band.lowest)}, band.words) for band in bands]
            found.append((line, str(SeminarKind(line.seminar).label), rows))
    return found


def phase_tables(lines: SchemeLines) -> list[tuple[str, list[tuple[PhaseLine, str]]]]:
    """The phases of each method with their length in words."""
    return [
        (str(Method(method).label), [(line, length_of(line)) for line in lines.phases if line.method == method])
        for method in methods_of(lines.phases)
    ]


def length_of(line: PhaseLine) -> str:
    """Write "15 hari kerja, sejajar, mulai 1 hari kerja sesudah fase sebelumnya mulai"."""
    parts = [f"{line.length} {DayCount(line.day_count).label}"]
    if line.is_parallel:
        parts.append(_("sejajar, mulai %(n)d hari kerja sesudah fase sebelumnya mulai") % {"n": line.offset})
    elif line.offset:
        parts.append(_("jeda %(n)d hari kerja") % {"n": line.offset})
    if not line.is_mandatory:
        parts.append(_("tidak wajib"))
    return ", ".join(parts)


def scheme_check(lines: SchemeLines, facts: dict[str, Any]) -> dict[str, Any]:
    """What stands beside the editor: sums per method, qualifications, everything that is wrong."""
    return {
        "totals": weight_totals(lines),
        "bands": band_faces(lines.bands),
        "mark": number(mark) if (mark := pass_mark(lines.bands)) is not None else "",
        "problems": scheme_problems(lines, facts),
    }


def calendar_of(lines: SchemeLines, method: str, starts_on: date | None) -> dict[str, Any]:
    """The phases of one method on the calendar, for the strip."""
    rows = [line for line in lines.phases if line.method == method]
    start = starts_on or timezone.localdate()
    phases = layout.lay_out(rows, start, around(start)) if rows else []
    return {"look_method": Method(method).label if method in Method.values else "", **tables.schedule_of(phases)}


def first_method(lines: SchemeLines, asked: str = "") -> str:
    """Return the method that is looked at: the asked one where it has phases, else the first that has."""
    known = methods_of(lines.phases)
    return asked if asked in known else next(iter(known), "")


def curriculum_check(lines: CurriculumLines) -> list[Total]:
    return [Total(str(Method(method).label), f"{hours} JP") for method, hours in hours_by_method(lines).items()]


def agenda_table(lines: CurriculumLines) -> dict[str, Any]:
    """Agenda, subjects and their JP, one column per method, with sums."""
    totals = hours_by_method(lines)
    agendas: dict[str, list[tuple[Any, list[int | str]]]] = {}
    for line in lines.subjects:
        agendas.setdefault(line.agenda, []).append((line, [line.hours.get(method, "") for method in totals]))
    return {
        "heads": [Method(method).label for method in totals],
        "agendas": list(agendas.items()),
        "totals": list(totals.values()),
    }


def lines_for(rules: RegulationScheme | Curriculum) -> Any:
    return lines_of_scheme(rules) if isinstance(rules, RegulationScheme) else lines_of_curriculum(rules)


def rules_context(user: User, rules: RegulationScheme | Curriculum) -> dict[str, Any]:
    """What the pages of a scheme and of a curriculum have in common."""
    previous = rules.copied_from
    return {
        "rules": rules,
        "face": state_face(rules, timezone.localdate()),
        "dates": dates_of(rules),
        "is_draft": rules.published_at is None,
        "can_edit": policies.can_edit_rules(user),
        "previous": previous if previous is not None and previous.published_at is not None and previous.effective_to is None else None,
    }


def comparable_batches(user: User) -> list[Batch]:
    """Angkatan to hold a scheme against: those that are not closed, then the latest closed ones."""
    rows = Batch.objects.visible_to(user).select_related("institute", "scheme")
    return [*rows.filter(~Q(stage="closed")).order_by("-starts_on")[:200], *rows.filter(stage="closed").order_by("-starts_on")[:20]]
