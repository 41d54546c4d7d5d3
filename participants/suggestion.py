"""Earliest deadline first: who could take which seat. Pure: rows in, pairs and reasons out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from django.utils.translation import gettext as _

from latsar.training.models import Batch
from latsar.ui import words
from participants.enums import MovementKind
from participants.models import Participant
from participants.movement_rules import is_barred
from participants.services.placement import fits_golongan

FREES_SEAT = (MovementKind.DEFER, MovementKind.WITHDRAW, MovementKind.DISMISS)


@dataclass
class Offer:
    """An open angkatan and how many of its seats are free."""

    batch: Batch
    free: int
    people: list[Participant] = field(default_factory=list)

    @property
    def left(self) -> int:
        return self.free - len(self.people)

    @property
    def first_deadline(self) -> date | None:
        return min((person.deadline for person in self.people), default=None)

    @property
    def slack(self) -> int | None:
        """Days between the end of the angkatan and the earliest deadline of those who would sit in it."""
        return (self.first_deadline - self.batch.ends_on).days if self.first_deadline else None


@dataclass(frozen=True)
class Suggestion:
    offers: Sequence[Offer]
    unplaced: Sequence[tuple[Participant, str]]

    @property
    def placed(self) -> int:
        return sum(len(offer.people) for offer in self.offers)

    @property
    def digest(self) -> str:
        """A short name of exactly this suggestion: two people who see the same one have the same digest."""
        pairs = sorted(f"{person.pk}:{offer.batch.pk}" for offer in self.offers for person in offer.people)
        return sha256(",".join(pairs).encode()).hexdigest()[:32]


def suggest(people: Iterable[Participant], offers: Sequence[Offer], proposed: Mapping[int, str] | None = None) -> Suggestion:
    """Give the earliest deadline the first choice; nobody is put where the training ends after the deadline.

    Among the seats that come in time the one that ends first is taken. Who gets none is named with the reason, and so is
    who is `proposed` (person -> kind) for something that would free the seat again.
    """
    by_end = sorted(offers, key=lambda offer: (offer.batch.ends_on, offer.batch.pk))
    unplaced: list[tuple[Participant, str]] = []
    for person in sorted(people, key=lambda person: (person.deadline, person.pk)):
        if is_barred(person):
            unplaced.append((person, _("Sudah pernah mulai Latsar; catat dasar mengikuti lagi.")))
            continue
        if (kind := (proposed or {}).get(person.pk, "")) in FREES_SEAT:
            unplaced.append((person, _("Usulan %(kind)s menunggu putusan.") % {"kind": MovementKind(kind).label}))
            continue
        fitting = [offer for offer in by_end if fits_golongan(offer.batch, person.golongan)]
        timely = next((offer for offer in fitting if offer.left > 0 and offer.batch.ends_on <= person.deadline), None)
        if timely is None:
            unplaced.append((person, _reason(person, fitting)))
        else:
            timely.people.append(person)
    return Suggestion(by_end, unplaced)


def _reason(person: Participant, fitting: Sequence[Offer]) -> str:
    if not fitting:
        return _("Tidak ada angkatan yang dibuka untuk golongan %(golongan)s.") % {"golongan": person.golongan}
    if all(offer.left <= 0 for offer in fitting):
        return _("Semua kursi yang cocok sudah terisi.")
    first = next(offer for offer in fitting if offer.left > 0).batch.ends_on
    return _("Kursi tercepat selesai %(end)s, %(days)d hari sesudah batas.") % {
        "end": words.long_date(first),
        "days": (first - person.deadline).days,
    }
