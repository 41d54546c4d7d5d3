from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import AnyUser
from latsar.notices.models import OutboxMail

OUTBOX_READERS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM)


def can_retry(user: AnyUser, mail: OutboxMail) -> bool:
    """Who sees the row may send it again: PKSDM any, a unit the mail to its own CPNS."""
    return user.has_role(*OUTBOX_READERS)


def can_clear_bounces(user: AnyUser) -> bool:
    return user.has_role(Role.PKSDM)
