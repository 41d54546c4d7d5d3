"""Who writes a surat tugas and who reports that somebody is called to work. The same answers hide the buttons and guard the services."""

from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import AnyUser
from participants import policies
from participants.enums import SEATED, DutySource
from participants.models import Duty, DutyLetter, Participant

WRITERS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM)
READERS = (*WRITERS, Role.PIMPINAN)


def can_issue(user: AnyUser, person: Participant) -> bool:
    """The satker for its people, the province for its satker, PKSDM for all; nobody for oneself."""
    return policies.is_registrar(user, person) and not policies.is_self(user, person)


def is_due(person: Participant) -> bool:
    """Whether a letter makes sense: the person sits in an angkatan that has not ended for them."""
    return person.batch_id is not None and person.stage in SEATED


def can_read_letter(user: AnyUser, letter: DutyLetter) -> bool:
    """Who may write it, leaders, and the participant; the institute learns only that it exists."""
    person = letter.participant
    return policies.is_registrar(user, person) or policies.is_self(user, person) or user.has_role(Role.PIMPINAN)


def source_of(user: AnyUser, person: Participant) -> str:
    """Return as whom the person reports a duty of a participant they see; "" when it is not theirs to report."""
    if policies.is_self(user, person):
        return DutySource.PERSON
    if policies.is_registrar(user, person):
        return DutySource.SATKER
    if person.batch is not None and person.batch.institute_id in user.scope.institute_ids:
        return DutySource.INSTITUTE
    return ""


def can_see_duties(user: AnyUser, person: Participant) -> bool:
    """Who may report them, and leaders."""
    return bool(source_of(user, person)) or user.has_role(Role.PIMPINAN)


def can_withdraw(user: AnyUser, duty: Duty) -> bool:
    """Who reported it, and the units that answer for the person."""
    return duty.withdrawn_at is None and (duty.reported_by_id == user.scope.user_id or policies.is_registrar(user, duty.participant))
