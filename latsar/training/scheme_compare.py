"""What another version of the rules would change for one angkatan: dates, weights, qualifications, limits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from latsar.training import layout
from latsar.training.calendar import around
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, RegulationScheme
from latsar.training.rule_lines import SchemeLines, lines_of_scheme, methods_of, trees_of
from latsar.training.rule_pages import band_faces, value_of
from latsar.training.scheme_forms import GROUPS
from latsar.training.weights import number
from latsar.ui import words

NOTHING = "–"
FACTS = ("hours", *(name for _title, names in GROUPS for name in names), "extension_months")


@dataclass(frozen=True)
class Difference:
    """One thing side by side."""

    label: str
    now: str
    then: str

    @property
    def differs(self) -> bool:
        return self.now != self.then


@dataclass(frozen=True)
class Comparison:
    """Every theme with its rows; `knows_method` is false where the scheme has no phases for the batch's method."""

    themes: list[tuple[str, list[Difference]]]
    knows_method: bool
    is_frozen: bool
    count: int


def compare(batch: Batch, scheme: RegulationScheme) -> Comparison:
    """Hold a scheme against the one an angkatan has; the phases that it has now against those it would get."""
    old, new = lines_of_scheme(batch.scheme), lines_of_scheme(scheme)
    themes = [
        (_("Fase dan tanggal"), _phases(batch, new)),
        (_("Komponen dan bobot (%)"), _components(batch.method, old, new)),
        (_("Kualifikasi"), _bands(old, new)),
        (_("Batas dan aturan"), _facts(batch.scheme, scheme)),
    ]
    shown = [(title, [row for row in rows if row.differs]) for title, rows in themes]
    return Comparison(
        themes=shown,
        knows_method=batch.method in methods_of(new.phases),
        is_frozen=batch.stage != BatchStage.DRAFT,
        count=sum(len(rows) for _title, rows in shown),
    )


def _phases(batch: Batch, new: SchemeLines) -> list[Difference]:
    rows = [line for line in new.phases if line.method == batch.method]
    then = layout.lay_out(rows, batch.starts_on, around(batch.starts_on)) if rows else []
    now = list(batch.phases.order_by("order"))
    return [
        Difference(_("Fase %(n)d") % {"n": n}, _phase(old) if old else NOTHING, _phase(other) if other else NOTHING)
        for n, (old, other) in enumerate(zip_longest(now, then), 1)
    ]


def _phase(phase: Any) -> str:
    return f"{phase.name}: {words.date_range(phase.starts_on, phase.ends_on)}"


def _components(method: str, old: SchemeLines, new: SchemeLines) -> list[Difference]:
    before, after = _weights(method, old), _weights(method, new)
    return [Difference(name, before.get(name, NOTHING), after.get(name, NOTHING)) for name in {**before, **after}]


def _weights(method: str, lines: SchemeLines) -> dict[str, str]:
    tree = trees_of(lines).get(method)
    if tree is None:
        return {}
    names = {component.pk: component.name for component in tree.components}
    return {f"{names[c.parent_id]}: {c.name}" if c.parent_id in names else c.name: _weight(c) for c in tree.components}


def _weight(component: Any) -> str:
    extra = [component.get_rated_by_display()]
    if component.raters > 1:
        extra.append(_("%(n)d penilai") % {"n": component.raters})
    if component.seminar:
        extra.append(component.get_seminar_display())
    if component.minimum is not None:
        extra.append(_("paling rendah %(n)s") % {"n": number(component.minimum)})
    return f"{number(component.weight)} ({', '.join(map(str, extra))})"


def _bands(old: SchemeLines, new: SchemeLines) -> list[Difference]:
    before, after = ({face.line.name: _band(face) for face in band_faces(lines.bands)} for lines in (old, new))
    return [Difference(name, before.get(name, NOTHING), after.get(name, NOTHING)) for name in {**before, **after}]


def _band(face: Any) -> str:
    return f"{face.span}, {_('lulus') if face.line.passes else _('tidak lulus')}"


def _facts(old: RegulationScheme, new: RegulationScheme) -> list[Difference]:
    labels = {name: str(RegulationScheme._meta.get_field(name).verbose_name) for name in FACTS}  # type: ignore[union-attr]
    return [Difference(label[:1].upper() + label[1:], value_of(old, name), value_of(new, name)) for name, label in labels.items()]
