"""What this app shows on pages of the ground. Each part appends its own functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.dashboard import registry
from latsar.dashboard.national import Attention, Picture
from latsar.satker.models import Satker
from participants import (
    batch_home,
    certificate_home,
    dossier_home,
    home,
    journey_home,
    lagging,
    national,
    orientation_home,
    quality_checks,
    reach_card,
)
from participants.models import Participant
from participants.person_story import CONTACT_FIELDS, HIDDEN_FIELDS, hidden_fields

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


@registry.todo(Role.ADMIN_PROVINSI, Role.PKSDM)
def answers(user: User, grant: RoleGrant) -> Sequence[registry.Todo]:
    return home.answers_waiting(user, timezone.localdate())


@registry.part(Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN, Role.LEMBAGA)
def running(user: User, grant: RoleGrant) -> registry.Part:
    return batch_home.running_part(user, grant, timezone.localdate())


@registry.todo(Role.PKSDM)
def batches_to_move(user: User, grant: RoleGrant) -> Sequence[registry.Todo]:
    return batch_home.to_move(user, timezone.localdate())


@registry.part(Role.PESERTA)
def journey(user: User, grant: RoleGrant) -> registry.Part:
    return journey_home.journey_part(user, timezone.localdate())


@registry.todo(Role.PKSDM)
def certificates_to_issue(user: User, grant: RoleGrant) -> Sequence[registry.Todo]:
    return certificate_home.to_issue(user)


@registry.veil("participants.participant")
def hidden_of_person(user: User, participant: object | None) -> frozenset[str]:
    if isinstance(participant, Participant):
        return hidden_fields(user, participant)
    return frozenset() if user.has_role(Role.PKSDM) else HIDDEN_FIELDS | CONTACT_FIELDS


@registry.person_card
def certificate_card(user: User, participant: object) -> registry.Card | None:
    assert isinstance(participant, Participant)
    return certificate_home.certificate_card(user, participant)


@registry.person_card
def orientation_card(user: User, participant: object) -> registry.Card | None:
    assert isinstance(participant, Participant)
    return orientation_home.orientation_card(user, participant)


@registry.person_card
def whatsapp_card(user: User, participant: object) -> registry.Card | None:
    assert isinstance(participant, Participant)
    return reach_card.reach_card(user, participant)


@registry.person_card
def dossier_card(user: User, participant: object) -> registry.Card | None:
    assert isinstance(participant, Participant)
    return dossier_home.dossier_card(user, participant)
