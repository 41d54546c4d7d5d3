"""Who runs an orientasi tugas. The same answers hide the buttons and guard the services."""

from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import AnyUser
from participants import policies
from participants.models import OrientationProgramme, Participant

READERS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN, Role.PESERTA)
"""Whose menu has the orientasi tugas; which programmes they find is the query's to say."""


def sees_totals(user: AnyUser) -> bool:
    """Whether the numbers of a programme say something to this person: a participant sees the own line alone."""
    return bool(user.scope.roles & (set(READERS) - {Role.PESERTA}))


def can_create(user: AnyUser) -> bool:
    return user.has_role(Role.PKSDM, Role.ADMIN_PROVINSI)


def can_run_for(user: AnyUser, province_id: int | None) -> bool:
    """PKSDM for everybody, a province for itself."""
    return user.has_role(Role.PKSDM) or (province_id is not None and province_id in user.scope.province_ids)


def can_run(user: AnyUser, programme: OrientationProgramme) -> bool:
    return can_run_for(user, programme.province_id)


def can_edit(user: AnyUser, programme: OrientationProgramme) -> bool:
    """Who runs it, until it is finished."""
    return programme.is_open and can_run(user, programme)


def can_issue(user: AnyUser, programme: OrientationProgramme, participant: Participant | None = None) -> bool:
    """Who runs it, once it is finished, and never for oneself."""
    return can_run(user, programme) and not programme.is_open and (participant is None or not policies.is_self(user, participant))
