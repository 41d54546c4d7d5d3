"""What a NIP says while it is typed, and whether its person may be registered already."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from latsar.accounts.models import User
from participants.clock import PersonClock, clock_of
from participants.models import Participant
from participants.nip import DIGITS, Nip, NipError, normalise_nip, parse_nip
from participants.services.registration import already_registered_text
from participants.similar import similar_people


@dataclass(frozen=True)
class NipReading:
    """`digits` typed so far; `nip` once all are there and right, else `problem`; `taken` when it is registered already."""

    digits: int = 0
    nip: Nip | None = None
    problem: str = ""
    clock: PersonClock | None = None
    deadline: date | None = None
    taken: str = ""
    similar: list[Participant] = field(default_factory=list)


def read_nip_for(user: User, typed: str, full_name: str = "", *, today: date, known: Participant | None = None) -> NipReading:
    """Read a NIP for the panel beside the field; `known` is the person being corrected, who is no twin of theirs."""
    digits = normalise_nip(typed)
    if len(digits) < DIGITS:
        return NipReading(digits=len(digits))
    try:
        nip = parse_nip(typed)
    except NipError as error:
        return NipReading(digits=len(digits), problem=error.message)
    deadline = nip.tmt_cpns.replace(year=nip.tmt_cpns.year + 1)
    others = Participant.objects.filter(nip=nip.value).exclude(pk=known.pk if known else 0)
    similar = similar_people(user, nip=nip.value, full_name=full_name, birth_date=nip.birth_date, known=known)
    return NipReading(
        digits=DIGITS,
        nip=nip,
        clock=clock_of(deadline, today),
        deadline=deadline,
        taken=already_registered_text() if others.exists() else "",
        similar=similar,
    )
