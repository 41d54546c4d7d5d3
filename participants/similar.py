"""Whether a CPNS who is about to be registered may be there already."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from latsar.accounts.models import User
from participants.models import Participant

SHOWN = 3


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
