"""What this app shows on pages of the ground. Each part appends its own functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.accounts.policies import CONTACT_FIELDS
from latsar.dashboard import registry
from latsar.dashboard.national import Attention, Picture
from latsar.satker.models import Satker
from latsar.training.models import Batch
from participants import (
    attendance_home,
    batch_home,
    batch_todos,
    certificate_home,
    dossier_home,
    duty_rows,
    duty_tables,
    home,
    journey_home,
    lagging,
    national,
    orientation_home,
    quality_checks,
    reach_card,
)
from participants.models import ActivationSlip, ContactRequest, DossierDocument, Movement, Participant
from participants.person_story import HIDDEN_FIELDS, MOVEMENT_VERBS, hidden_fields
from participants.scoring import home as score_home
from participants.services.dossier import name_of

BLINK = timedelta(seconds=5)
CONTACT_VERBS = ("ask_contact", "prove_contact", "cancel_contact", "accept_contact", "refuse_contact")
SLIP_VERBS = ("print_slip", "void_slip", "activate")
DOCUMENT_VERBS = ("attach_document", "accept_document", "return_document", "remove_document", "restore_document")

__all__ = ["quality_checks"]
"""Imported for its registrations."""


@registry.national
def country(user: User, province: Satker | None, today: date) -> Picture:
    return national.picture(user, province, today)


@registry.batch_attention
def behind(user: User, batch_ids: Sequence[int], today: date) -> Mapping[int, Attention]:
    return lagging.lagging(user, batch_ids, today)


@registry.part(Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN, Role.LEMBAGA)
def people(user: User, grant: RoleGrant) -> registry.Part:
    return home.people_part(user, grant, timezone.localdate())


@registry.part(Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN, Role.LEMBAGA)
def running(user: User, grant: RoleGrant) -> registry.Part:
    return batch_home.running_part(user, grant, timezone.localdate())


@registry.todo(Role.PKSDM)
def batches_to_move(user: User, grant: RoleGrant) -> Sequence[registry.Todo]:
    return batch_todos.of_batches(user, timezone.localdate())


@registry.part(Role.PESERTA)
def journey(user: User, grant: RoleGrant) -> registry.Part:
    return journey_home.journey_part(user, timezone.localdate())


@registry.todo(Role.LEMBAGA)
def attendance_to_fill(user: User, grant: RoleGrant) -> Sequence[registry.Todo]:
    return attendance_home.to_fill(user, timezone.now(), timezone.localdate())


@registry.todo(Role.LEMBAGA)
def scores_waiting(user: User, grant: RoleGrant) -> Sequence[registry.Todo]:
    return score_home.sheet_todos(user)


@registry.person_card
def result_card(user: User, participant: object) -> registry.Card | None:
    assert isinstance(participant, Participant)
    return score_home.result_card(user, participant)


@registry.veil("participants.participant")
def hidden_of_person(user: User, participant: object | None) -> frozenset[str]:
    if isinstance(participant, Participant):
        return hidden_fields(user, participant)
    return frozenset() if user.has_role(Role.PKSDM) else HIDDEN_FIELDS | CONTACT_FIELDS


@registry.story("participants.movement")
def story_of_movement(movement: Movement) -> tuple[Participant, Q]:
    return movement.participant, _between(MOVEMENT_VERBS, movement.proposed_at, movement.decided_at)


@registry.story("participants.contactrequest")
def story_of_contact(asked: ContactRequest) -> tuple[Participant, Q]:
    return asked.participant, _between(CONTACT_VERBS, asked.requested_at, asked.decided_at)


@registry.story("participants.activationslip")
def story_of_slip(slip: ActivationSlip) -> tuple[Participant, Q]:
    return slip.participant, _between(SLIP_VERBS, slip.printed_at, slip.voided_at or slip.used_at)


@registry.story("participants.dossierdocument")
def story_of_document(document: DossierDocument) -> tuple[Participant, Q]:
    about = _between(DOCUMENT_VERBS, document.uploaded_at, document.closed_at)
    return document.participant, about & Q(note__startswith=name_of(document.participant, document.code))


def _between(verbs: Collection[str], first: datetime, last: datetime | None) -> Q:
    """Return the rows of these verbs while the thing was open; its own moments are written a blink before or after the row."""
    condition = Q(verb__in=sorted(verbs), at__gte=first - BLINK)
    return condition & Q(at__lte=last + BLINK) if last else condition


@registry.person_card
def certificate_card(user: User, participant: object) -> registry.Card | None:
    assert isinstance(participant, Participant)
    return certificate_home.certificate_card(user, participant)


@registry.person_card
def orientation_card(user: User, participant: object) -> registry.Card | None:
    assert isinstance(participant, Participant)
    return orientation_home.orientation_card(user, participant)


@registry.person_card
def duty_card(user: User, participant: object) -> registry.Card | None:
    assert isinstance(participant, Participant)
    return duty_rows.duty_card(user, participant, timezone.localdate())


@registry.roster_column
def letter_column(user: User, batch: Batch, participant_ids: Sequence[int]) -> registry.Column | None:
    return duty_tables.letter_column(user, batch, participant_ids)


@registry.person_card
def whatsapp_card(user: User, participant: object) -> registry.Card | None:
    assert isinstance(participant, Participant)
    return reach_card.reach_card(user, participant)


@registry.person_card
def dossier_card(user: User, participant: object) -> registry.Card | None:
    assert isinstance(participant, Participant)
    return dossier_home.dossier_card(user, participant)
