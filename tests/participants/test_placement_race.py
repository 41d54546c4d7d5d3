"""Many hands on the last seats. Each thread has its own connection; both databases are put to the test."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.satker.models import SatkerKind
from latsar.training.models import Batch, Seat
from participants.enums import Stage
from participants.models import Participant, Placement
from participants.services.placement import place_many, place_participant
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

HANDS = 8


@pytest.fixture
def planner() -> User:
    user = factories.UserFactory(full_name="Perencana Contoh, S.H.")
    factories.RoleGrantFactory(user=user, role=Role.PKSDM)
    return user


@pytest.fixture
def waiting() -> list[int]:
    """Forty-four approved people of one unit."""
    province = factories.SatkerFactory(code="53", name="KPU Provinsi NTT", kind=SatkerKind.PROVINCE, parent=None, province=None)
    people = factories.ParticipantFactory.create_batch(44, satker=province, province=province, stage=Stage.APPROVED)
    return [person.pk for person in people]


def at_once(work, items: list[int]) -> Counter[str]:
    """Run `work` for every item, HANDS at a time, all starting together; count the answers."""
    barrier = Barrier(HANDS)

    def run(number: int) -> list[str]:
        try:
            barrier.wait(timeout=30)
            return [answer(work, item) for item in items[number::HANDS]]
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        return Counter(word for words in pool.map(run, range(HANDS)) for word in words)


def answer(work, item: int) -> str:
    try:
        work(item)
    except Refused:
        return "refused"
    return "placed"


@pytest.fixture
def crowd(waiting) -> list[int]:
    """Two hundred approved people of one unit."""
    unit = Participant.objects.get(pk=waiting[0]).satker
    more = factories.ParticipantFactory.build_batch(200 - len(waiting), satker=unit, province=unit, stage=Stage.APPROVED)
    Participant.objects.bulk_create(more)
    return list(Participant.objects.order_by("pk").values_list("pk", flat=True))


def test_place_participant_two_hundred_people_race_for_forty_seats_forty_sit(planner, crowd):
    batch = factories.BatchFactory(capacity=40, number=2)
    answers = at_once(
        lambda pk: place_participant(batch_id=batch.pk, participant_id=pk, by=User.objects.get(pk=planner.pk)),
        crowd,
    )
    assert answers == {"placed": 40, "refused": 160}
    assert Placement.objects.active().values("seat").distinct().count() == Placement.objects.active().count() == 40
    assert Participant.objects.filter(stage=Stage.PLACED, batch=batch).count() == 40


def test_place_many_overlapping_choices_never_seat_a_person_twice(planner, waiting):
    batches = [factories.BatchFactory(capacity=6, number=n) for n in range(1, HANDS + 1)]
    chosen = waiting[:6]

    def work(index: int) -> None:
        order = chosen if index % 2 else chosen[::-1]
        place_many(batch_id=batches[index].pk, participant_ids=order, by=User.objects.get(pk=planner.pk))

    assert at_once(work, list(range(HANDS))) == {"placed": 1, "refused": HANDS - 1}
    assert Placement.objects.active().count() == 6


def test_counting_rows_instead_of_seats_oversells(planner, waiting):
    """The control: without the seat's unique constraint, a count before the insert lets too many in."""
    batch = factories.BatchFactory(capacity=10)
    seat = Seat.objects.filter(batch=batch).first()
    barrier = Barrier(HANDS)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX placement_seat_once")

    def naive(pk: int) -> None:
        taken = Placement.objects.active().filter(seat__batch=batch).count()
        barrier.wait(timeout=30)
        if taken >= batch.capacity:
            raise Refused("full")
        Placement.objects.create(participant_id=pk, seat=seat, placed_by_id=planner.pk)

    try:
        at_once(naive, waiting[: HANDS * 2])
        assert Placement.objects.active().filter(seat__batch=batch).count() > Batch.objects.get(pk=batch.pk).capacity
    finally:
        Placement.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("CREATE UNIQUE INDEX placement_seat_once ON participants_placement (seat_id) WHERE released_at IS NULL")
