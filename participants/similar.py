"""Whether a CPNS who is about to be registered may be there already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from latsar.accounts.models import User
from participants.models import Participant
from participants.services.registration import TYPED_FIELDS

SHOWN = 3
DOUBLE_CLICK = timedelta(minutes=1)


def bare_name(full_name: str) -> str:
    """Drop the titles behind the comma and doubled spaces."""
    return " ".join(full_name.split(",", maxsplit=1)[0].split())


def similar_people(user: User, *, nip: str = "", full_name: str = "", birth_date: date | None = None) -> list[Participant]:
    """Return visible people with the same NIP, or the same name and birth date under another one."""
    condition = Q(nip=nip) if nip else Q(pk__in=[])
    name = bare_name(full_name)
    if birth_date is not None and len(name) > 2:
        condition |= Q(birth_date=birth_date) & (Q(full_name__iexact=name) | Q(full_name__istartswith=f"{name},"))
    return list(Participant.objects.visible_to(user).filter(condition).select_related("satker")[:SHOWN])


def just_registered(user: User, facts: Mapping[str, Any], *, now: datetime) -> Participant | None:
    """Find whom this user registered a moment ago with the very same answers: a form that was sent twice."""
    made = Participant.objects.visible_to(user).filter(nip=facts["nip"], created_by=user.pk, created_at__gte=now - DOUBLE_CLICK)
    person = made.select_related("satker").first()
    is_same = person is not None and all(getattr(person, name) == facts[name] for name in ("satker", *TYPED_FIELDS))
    return person if is_same else None
