"""Who may do what to the documents of a dossier. The same answers hide the button and stop the service."""

from __future__ import annotations

from datetime import date

from latsar.accounts.enums import Role
from latsar.accounts.models import AnyUser
from participants import policies
from participants.dossier.documents import DossierDocument
from participants.enums import ENDED, DossierState
from participants.people import Participant


def can_attach(user: AnyUser, person: Participant) -> bool:
    """Who registers the person, and the person; until graduation, and not for who left."""
    return person.stage not in ENDED and (policies.is_registrar(user, person) or is_own(user, person))


def can_replace(user: AnyUser, person: Participant, current: DossierDocument | None, today: date) -> bool:
    """Whether a new file may take the place of the current one.

    A returned file and one that runs out always; a waiting one only while the file is with the satker, for later it may
    have been looked at; an accepted one only by those who may accept it.
    """
    if not can_attach(user, person):
        return False
    if current is None or current.state == DossierState.RETURNED or current.is_expiring(today):
        return True
    if can_judge(user, person):
        return True
    return current.state == DossierState.WAITING and person.stage in policies.OPEN_FOR_SATKER


def can_remove(user: AnyUser, person: Participant, current: DossierDocument, today: date) -> bool:
    """Whether the file may be taken away: never an accepted one, by the satker only before submission; the participant own uploads only."""
    if current.state == DossierState.ACCEPTED or not current.is_current or not can_replace(user, person, current, today):
        return False
    if person.stage not in policies.OPEN_FOR_SATKER and not can_judge(user, person):
        return False
    return policies.is_registrar(user, person) or current.uploaded_by_id == user.scope.user_id


def can_judge(user: AnyUser, person: Participant) -> bool:
    """The province that verifies the person, and PKSDM; nobody the own file."""
    if person.stage in ENDED:
        return False
    return policies.is_actor(user, person, "verifier") or policies.is_actor(user, person, "approver")


def can_collect(user: AnyUser) -> bool:
    """Whether the person may take several originals away at once as a ZIP."""
    return user.has_role(Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.LEMBAGA)


def is_own(user: AnyUser, person: Participant) -> bool:
    return Role.PESERTA in user.scope.roles and person.user_id is not None and person.user_id == user.scope.user_id
