"""Which rows a person may see: two indexed columns, no tree walk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q

from latsar.accounts.enums import NATION_ROLES, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from latsar.accounts.models import RoleGrant


@dataclass(frozen=True)
class Scope:
    """The union of a person's valid grants."""

    user_id: int = 0
    roles: frozenset[str] = frozenset()
    nation: bool = False
    satker_ids: frozenset[int] = field(default_factory=frozenset)
    province_ids: frozenset[int] = field(default_factory=frozenset)
    institute_ids: frozenset[int] = field(default_factory=frozenset)

    def units_q(self, satker: str = "satker", province: str = "province") -> Q:
        """Rows of the granted units; callers with `nation` do not filter at all."""
        return Q(**{f"{satker}_id__in": self.satker_ids}) | Q(**{f"{province}_id__in": self.province_ids})

    def covers_unit(self, *, satker_id: int | None, province_id: int | None) -> bool:
        return self.nation or satker_id in self.satker_ids or province_id in self.province_ids

    def administers(self, *, satker_id: int | None, province_id: int | None) -> bool:
        """Whether the person may write for this unit (PKSDM for all; leaders and auditors only read)."""
        if Role.PKSDM in self.roles:
            return True
        return satker_id in self.satker_ids or province_id in self.province_ids


EMPTY = Scope()


def scope_of(user_id: int, grants: Iterable[RoleGrant]) -> Scope:
    """Build the scope from grants that are valid now."""
    grants = list(grants)
    roles = frozenset(g.role for g in grants)
    return Scope(
        user_id=user_id,
        roles=roles,
        nation=bool(roles & NATION_ROLES),
        satker_ids=frozenset(g.satker_id for g in grants if g.role == Role.ADMIN_SATKER and g.satker_id),
        province_ids=frozenset(g.satker_id for g in grants if g.role == Role.ADMIN_PROVINSI and g.satker_id),
        institute_ids=frozenset(g.institute_id for g in grants if g.role == Role.LEMBAGA and g.institute_id),
    )
