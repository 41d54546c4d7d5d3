"""What somebody typed in the form of a CPNS and has not saved yet: one draft for each form that was opened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from latsar.accounts.models import User
from participants.imports import new_draft_key
from participants.models import Participant, RegistrationDraft
from participants.services.registration import TYPED_FIELDS

DRAFT_FIELDS = ("nip", "satker", "birth_date", "sex", "pregnancy_weeks", "version", *TYPED_FIELDS)
LETTERS = 300
OFFERED = 10
USED_KEPT, EDITS_KEPT = timedelta(days=1), timedelta(days=30)


def drafts_of(user: User, participant: Participant | None = None) -> list[RegistrationDraft]:
    """Return the newest drafts of a person's own: registrations, or the typing about somebody registered."""
    own = RegistrationDraft.objects.filter(user=user, used_at=None, participant=participant)
    return list(own.order_by("-saved_at", "-pk")[:OFFERED])


def chosen(drafts: list[RegistrationDraft], key: str) -> RegistrationDraft | None:
    """Pick the draft to go on with."""
    return next((draft for draft in drafts if draft.key == key), None)


def key_of(typed: QueryDict) -> str:
    """Read the key of the form that was sent; one without any gets a new one."""
    return typed.get("draf", "")[:32] or new_draft_key()


@transaction.atomic
def keep(user: User, key: str, typed: QueryDict, participant: Participant | None = None) -> datetime:
    """Store the known fields as typed, whole or half, unless the form has been used or thrown away since; return when."""
    data = {name: typed[name][:LETTERS] for name in DRAFT_FIELDS if typed.get(name) or (participant and name in typed)}
    fresh = {"data": data, "participant": participant}
    draft, made = RegistrationDraft.objects.get_or_create(user=user, key=key, defaults=fresh)
    if not made:
        now = timezone.now()
        RegistrationDraft.objects.filter(pk=draft.pk, used_at=None, participant=participant).update(data=data, saved_at=now)
        return now
    return draft.saved_at


def use_up(user: User, key: str) -> None:
    """Empty the draft of a form that was saved or thrown away; what arrives under its key later is not kept."""
    if key:
        used: dict[str, Any] = {"data": {}, "participant": None, "used_at": timezone.now()}
        RegistrationDraft.objects.update_or_create(user=user, key=key[:32], defaults=used)


def forget_old() -> int:
    """Delete used drafts, and typing about registered people that nobody went on with; return how many."""
    now = timezone.now()
    used = RegistrationDraft.objects.filter(used_at__lt=now - USED_KEPT)
    left = RegistrationDraft.objects.filter(participant__isnull=False, saved_at__lt=now - EDITS_KEPT)
    return used.delete()[0] + left.delete()[0]
