"""Who may learn how to reach people. The participants' pages, the lists, the exports and the admin ask here."""

from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import AnyUser

CONTACT_ROLES = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.LEMBAGA)
CONTACT_FIELDS = frozenset({"email", "phone", "address"})


def can_see_contacts(user: AnyUser) -> bool:
    """How to reach people is for who works with them; leaders and auditors read who and where."""
    return user.has_role(*CONTACT_ROLES)
