"""Who waits for a seat, and which seats wait for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q
from django.utils.safestring import SafeString

from latsar.accounts.models import User
from latsar.satker.models import Satker, SatkerKind
from latsar.training.enums import BatchStage, GolonganGroup
from latsar.training.models import Batch
from latsar.training.tables import seats_taken
from latsar.ui import words
from latsar.ui.components import clock
from participants.clock import BUCKETS
from participants.enums import Golongan, MovementKind, Stage
from participants.models import Movement, Participant
from participants.movement_rules import is_barred
from participants.people import ParticipantQuerySet
from participants.planning.demand import FREES_SEAT
from participants.reachable import earliest_ends, person_clock

SHOWN = 200  # candidates on one page; filters narrow the rest


@dataclass(frozen=True)
class Offer:
    """An open angkatan and how many of its seats are free."""

    batch: Batch
    free: int


@dataclass(frozen=True)
class Candidate:
    person: Participant
    clock: SafeString
    is_late: bool
    is_chosen: bool
    proposal: str = ""


def waiting(user: User) -> ParticipantQuerySet:
    """Approved people without a seat, the nearest deadline first."""
    return Participant.objects.visible_to(user).filter(stage=Stage.APPROVED).order_by("deadline", "pk")


def fitting(user: User, batch: Batch, choices: Mapping[str, str]) -> ParticipantQuerySet:
    """Who may sit in this angkatan by golongan, narrowed by province, satker and golongan."""
    rows = waiting(user)
    if batch.golongan != GolonganGroup.MIXED:
        rows = rows.filter(golongan__in=[value for value in Golongan.values if value.split("/")[0] == batch.golongan])
    if province := choices.get("provinsi", ""):
        rows = rows.filter(province__code=province)
    if satker := choices.get("satker", "").strip():
        rows = rows.filter(Q(satker__name__icontains=satker) | Q(satker__code=satker))
    if golongan := choices.get("golongan", ""):
        rows = rows.filter(golongan=golongan)
    return rows


def candidates(
    people: Iterable[Participant], batch: Batch, chosen: Iterable[int], today: date, proposed: Mapping[int, str]
) -> list[Candidate]:
    """Rows with their clock, whether a seat in this angkatan would end too late, and what is proposed for the person."""
    marked, ends = set(chosen), earliest_ends(today)
    return [
        Candidate(
            person,
            clock(person_clock(person, today, ends).face),
            batch.ends_on > person.deadline,
            person.pk in marked,
            str(MovementKind(proposed[person.pk]).label) if person.pk in proposed else "",
        )
        for person in people
    ]


def automatic(rows: Sequence[Participant], batch: Batch, free: int, proposed: Mapping[int, str]) -> list[int]:
    """Fill the free seats by earliest deadline, leaving out whom this angkatan comes too late for and who may not come at all."""
    able = [person for person in rows if not is_barred(person) and proposed.get(person.pk) not in FREES_SEAT]
    return [person.pk for person in able if batch.ends_on <= person.deadline][:free]


def proposed(user: User) -> dict[int, str]:
    """Return person -> kind of the movement that waits for a decision, one query for all."""
    return dict(Movement.objects.visible_to(user).waiting().order_by().values_list("participant_id", "kind"))


def province_choices(user: User) -> list[tuple[str, str]]:
    """Provinces (and the Secretariat General) that have somebody waiting."""
    heads = Satker.objects.visible_to(user).filter(pk__in=waiting(user).order_by().values("province_id"))
    return [(head.code, head.province_name or head.name) for head in heads.order_by("code")]


def open_offers(user: User, province: Satker | None = None) -> list[Offer]:
    """Open angkatan with their free seats, soonest end first; of one organising province when given."""
    batches = Batch.objects.visible_to(user).filter(stage=BatchStage.OPEN)
    if province is not None:
        batches = batches.filter(province=province)
    taken = dict(batches.order_by().annotate(taken=seats_taken()).values_list("pk", "taken"))
    rows = batches.select_related("institute", "province").order_by("ends_on", "pk")
    return [Offer(batch, batch.capacity - taken[batch.pk]) for batch in rows]


@dataclass(frozen=True)
class Demand:
    """One province: how many wait per deadline bucket, and the seats its own open angkatan still have."""

    code: str
    name: str
    numbers: Sequence[int]
    total: int
    free: int
    first: str


def demand(user: User, offers: Sequence[Offer], today: date) -> list[Demand]:
    """Count the waiting people by province and bucket in one query; the most urgent province first."""
    free: dict[int | None, int] = {}
    for offer in offers:
        free[offer.batch.province_id] = free.get(offer.batch.province_id, 0) + max(0, offer.free)
    rows = list(_counted(user, today))
    names = {head.pk: head for head in Satker.objects.filter(kind__in=[SatkerKind.PROVINCE, SatkerKind.SETJEN])}
    return [
        Demand(
            code=names[row["province_id"]].code,
            name=names[row["province_id"]].province_name or names[row["province_id"]].name,
            numbers=[row[f"b{n}"] for n in range(len(BUCKETS))],
            total=row["total"],
            free=free.get(row["province_id"], 0),
            first=words.long_date(row["first"]),
        )
        for row in rows
    ]


def _counted(user: User, today: date) -> Iterable[Any]:
    counts = {f"b{n}": Count("pk", filter=bucket.q(today)) for n, bucket in enumerate(BUCKETS)}
    rows = waiting(user).order_by().values("province_id")
    return rows.annotate(total=Count("pk"), first=Min("deadline"), **counts).order_by("first", "province_id")
