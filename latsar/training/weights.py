"""Which components count for a method, and whether their weights are a whole. Pure: rows in, sentences out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from latsar.training.rules import ScoreComponent

WHOLE = Decimal(100)


@dataclass(frozen=True)
class ComponentTree:
    """The components of a scheme as one method counts them, in order."""

    components: Sequence[ScoreComponent]

    @property
    def tops(self) -> list[ScoreComponent]:
        return [component for component in self.components if component.parent_id is None]

    @property
    def leaves(self) -> list[ScoreComponent]:
        """Return what is scored: components without parts."""
        parents = {component.parent_id for component in self.components}
        return [component for component in self.components if component.pk not in parents]

    def parts(self, component: ScoreComponent) -> list[ScoreComponent]:
        return [part for part in self.components if part.parent_id == component.pk]


def tree_for(components: Iterable[ScoreComponent], method: str) -> ComponentTree:
    """Keep the components that a method counts: those of every method and its own."""
    return ComponentTree(sorted((c for c in components if c.method in ("", method)), key=lambda c: (c.order, c.pk)))


def weight_problems(tree: ComponentTree) -> list[str]:
    """Say where weights do not add up: the tops to 100, parts to their whole."""
    problems = []
    total = sum((component.weight for component in tree.tops), Decimal())
    if total != WHOLE:
        problems.append(_("Jumlah bobot %(sum)s%%, seharusnya 100%%.") % {"sum": number(total)})
    for component in tree.tops:
        parts = tree.parts(component)
        sum_of_parts = sum((part.weight for part in parts), Decimal())
        if parts and sum_of_parts != component.weight:
            text = _("Bagian dari %(name)s berjumlah %(sum)s%%, seharusnya %(weight)s%%.")
            problems.append(text % {"name": component.name, "sum": number(sum_of_parts), "weight": number(component.weight)})
    return problems


def number(value: Decimal) -> str:
    """Write a weight as people do: 12,5 and 10."""
    return f"{value.normalize():f}".replace(".", ",")
