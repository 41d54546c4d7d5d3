"""The question of the planner without any database: people, offered seats, rules.

Words, used the same way in the ADR, the glossary and on the page:

* **timely**: seated where the training ends on or before the person's deadline.
* **late**: seated where the training ends after the deadline; an extension at BKN is needed. Allowed only when the plan says so.
* **unplaced**: no seat. Somebody unplaced is *not in time* as well.
* **not in time**: late + unplaced, the number that the planner makes as small as it can be.
* **days at risk**: of who is timely, the days that the spare time falls short of the margin; of who is late, the margin and
  every day past the deadline; of who is unplaced, as if a seat came the day after the last offered one ends.
* **distance**: kilometres to the province of the seat; of who is unplaced, to the nearest seat that would be open to them.
* **splits**: for each satker and each province, the angkatan over which its people are spread, beyond the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

MIXED = "II/III"


class Fault(StrEnum):
    """Why a person cannot sit in an offered seat, the firmest reason first."""

    GOLONGAN = "golongan"
    PROVINCE = "province"
    NOTICE = "notice"
    PREGNANT = "pregnant"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who needs a seat. `pregnant` is the weeks stated and the day of the statement; `pinned` and `is_out` are moves by hand."""

    key: int
    deadline: date
    group: str
    satker: int
    province: int
    pregnant: tuple[int, date] | None = None
    pinned: int | None = None
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Free seats of one angkatan; `face_on` is the first day that people must be there in person."""

    key: int
    starts_on: date
    ends_on: date
    group: str
    seats: int
    province: int | None = None
    face_on: date | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a plan may do. `term_weeks` is how long a pregnancy is counted on, `pregnancy_weeks` from where no klasikal is begun."""

    today: date
    margin_days: int = 14
    notice_days: int = 7
    pregnancy_weeks: int = 32
    term_weeks: int = 42
    allow_late: bool = False
    allow_other_provinces: bool = True


@dataclass(frozen=True)
class Problem:
    """`distances` are kilometres between provinces, both ways; a pair that is not there counts as `far`."""

    people: Sequence[Person]
    offers: Sequence[Offer]
    rules: Rules
    distances: Mapping[tuple[int, int], int] = field(default_factory=dict)
    far: int = 1000

    def fault(self, person: Person, offer: Offer) -> Fault | None:
        """Return the firmest reason why this person cannot sit there, LATE last; None when the seat is timely and fits."""
        blocked = self.block(person, offer)
        if blocked is not None:
            return blocked
        return Fault.LATE if offer.ends_on > person.deadline else None

    def block(self, person: Person, offer: Offer) -> Fault | None:
        """Return why this person cannot sit there at all, whatever the deadline says."""
        if offer.group not in (MIXED, person.group):
            return Fault.GOLONGAN
        if not self.rules.allow_other_provinces and offer.province != person.province:
            return Fault.PROVINCE
        if offer.starts_on < self.rules.today + timedelta(days=max(1, self.rules.notice_days)):
            return Fault.NOTICE
        if self.weeks(person, offer) >= self.rules.pregnancy_weeks:
            return Fault.PREGNANT
        return None

    def kind(self, person: Person) -> tuple[object, ...]:
        """People of one kind may take each other's seats."""
        home = 0 if self.rules.allow_other_provinces else person.province
        return (person.deadline, person.group, person.pregnant, home)

    def admits(self, person: Person, offer: Offer) -> bool:
        """Whether the planner may seat this person there by itself."""
        fault = self.fault(person, offer)
        return fault is None or (fault is Fault.LATE and self.rules.allow_late)

    def weeks(self, person: Person, offer: Offer) -> int:
        """Weeks of pregnancy on the first day in person; 0 when none are known, the term is over or nobody has to travel."""
        if person.pregnant is None or offer.face_on is None:
            return 0
        stated, on = person.pregnant
        weeks = stated + (offer.face_on - on).days // 7
        return weeks if 0 < weeks <= self.rules.term_weeks else 0

    def distance(self, person: Person, offer: Offer) -> int:
        """Kilometres to the province of the seat; an angkatan without a province is nobody's and nowhere far."""
        if offer.province is None or offer.province == person.province:
            return 0
        return self.distances.get((person.province, offer.province), self.far)

    def nearest(self, person: Person) -> int:
        """Kilometres to the nearest offer that is open to somebody: what being unplaced counts as, so that nobody is left out for living far away."""
        open_to = [self.distance(person, offer) for offer in self.offers if offer.seats > 0 and self.block(person, offer) is None]
        return min(open_to, default=0)

    @property
    def horizon(self) -> date:
        """The day after the last offered end: where a seat for who is unplaced is thought to end, at the earliest."""
        last = max((offer.ends_on for offer in self.offers), default=self.rules.today)
        return last + timedelta(days=1)

    def risk(self, person: Person, offer: Offer | None) -> int:
        """Days at risk of one person on this seat, or on none."""
        spare = (person.deadline - (offer.ends_on if offer else self.horizon)).days
        if offer is None:
            return self.rules.margin_days + max(0, -spare)
        return max(0, self.rules.margin_days - spare)
