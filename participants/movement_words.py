"""What is said of a movement: in the story of the person, and to who comes too late."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from participants import movement_policies
from participants.models import Movement, Participant
from participants.movement_rules import lost_seat


def told(movement: Movement) -> str:
    """Say it in one line for the story: kind, reason, words, letter; in the language of the records, whoever acts."""
    basis = f" ({movement.basis_number})" if movement.basis_number else ""
    with translation.override(settings.LANGUAGE_CODE):
        what = dict.fromkeys((movement.get_kind_display(), movement.get_reason_display()))
        return f"{', '.join(what)}: {movement.note.strip()}{basis}"


def waiting_text(person: Participant, by: User) -> str:
    """Say what this person can do about the proposal that is still open."""
    waiting = person.movements.waiting().first()
    if movement_policies.can_decide(by, person):
        return _("Masih ada usulan untuk orang ini. Putuskan usulan itu dahulu.")
    if waiting is not None and movement_policies.can_cancel(by, waiting):
        return _("Masih ada usulan Anda yang menunggu PKSDM untuk orang ini. Tarik usulan itu dahulu.")
    return _("Masih ada usulan yang menunggu PKSDM untuk orang ini. Tunggu keputusannya, atau minta pengusulnya menariknya.")


def placed_again_text(person: Participant) -> str:
    """Say of somebody who left with a seat that the seat is gone, or nothing."""
    return _("Kursinya sudah dilepas, jadi tempatkan lagi.") if lost_seat(person) else ""


def decided_text(movement: Movement) -> str:
    return _("Usulan ini sudah diputus: %(state)s.") % {"state": movement.get_state_display()}
