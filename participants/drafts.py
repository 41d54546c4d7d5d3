"""What somebody typed in the registration form and has not saved yet: one draft per person."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict

from latsar.accounts.models import User
from participants.models import RegistrationDraft
from participants.services.registration import TYPED_FIELDS

DRAFT_FIELDS = ("nip", "satker", "birth_date", "sex", "pregnancy_weeks", *TYPED_FIELDS)
LETTERS = 300


def draft_of(user: User) -> RegistrationDraft | None:
    return RegistrationDraft.objects.filter(user=user).first()


def keep(user: User, typed: QueryDict) -> datetime:
    """Store the known fields as typed, whole or half; return when."""
    data = {name: typed[name][:LETTERS] for name in DRAFT_FIELDS if typed.get(name)}
    draft, _created = RegistrationDraft.objects.update_or_create(user=user, defaults={"data": data})
    return draft.saved_at


def discard(user: User) -> None:
    RegistrationDraft.objects.filter(user=user).delete()
