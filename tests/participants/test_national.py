"""The dashboard's numbers equal live counts, and every number leads to exactly its rows."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db.models import F, Q
from django.http import QueryDict

from latsar.dashboard.national import MEASURES, Picture
from latsar.training.enums import BatchStage
from latsar.training.models import Batch
from participants import national
from participants.clock import BUCKETS
from participants.enums import ENDED, UNSEATED, ProgressState, Stage
from participants.lagging import lagging
from participants.list_query import ListQuery
from participants.models import Participant, PhaseProgress
from tests import factories
from tests.participants.populations import people_everywhere, running_batch

TODAY = date(2026, 2, 9)
DAYS = [TODAY, date(2026, 1, 31), date(2026, 12, 1), date(2028, 2, 29)]


@pytest.fixture
def population(cast):
    """People in both provinces and at the Secretariat General, on one running batch."""
    batch = running_batch(TODAY, institute=cast.institute_a, province=cast.province_a)
    units = [cast.kupang, cast.ende, cast.province_a, cast.denpasar, cast.setjen]
    return people_everywhere(units, batch, TODAY)


def rows_behind(url: str, user, today: date) -> int:
    """Count what the list shows at an address, read by the list itself."""
    return ListQuery.read(QueryDict(urlsplit(url).query)).rows(user, today).count()


@pytest.mark.parametrize("today", DAYS)
def test_picture_of_the_nation_equals_live_counts(cast, population, today):
    found = national.picture(cast.pksdm, None, today)
    everybody = Participant.objects.all()
    over, soon = Q(deadline__lt=today), Q(batch=None, deadline__lte=today + timedelta(days=30))
    critical = everybody.exclude(stage__in=ENDED).filter(over | soon | Q(batch__ends_on__gt=F("deadline")))
    assert found.total.counts == {
        "": everybody.count(),
        "belum": everybody.filter(stage__in=UNSEATED).count(),
        "kritis": critical.count(),
        "latsar": everybody.filter(stage=Stage.TRAINING).count(),
        "ditempatkan": everybody.filter(stage=Stage.PLACED).count(),
        "lulus": everybody.filter(stage=Stage.GRADUATED).count(),
    }
    assert [bar.value for bar in found.buckets] == [everybody.filter(bucket.q(today)).count() for bucket in BUCKETS]
    assert sum(bar.value for bar in found.buckets) == found.clock_people


def test_picture_of_the_nation_adds_up_over_its_lines(cast, population):
    found = national.picture(cast.pksdm, None, TODAY)
    assert {line.code for line in found.lines} == {"00", "51", "53"}
    for key in ("", *MEASURES):
        assert sum(line.counts[key] for line in found.lines) == found.total.counts[key]
    assert found.total.units == 7


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("code", ["", "53"])
def test_picture_every_number_leads_to_its_rows(cast, population, today, code):
    province = cast.province_a if code else None
    found = national.picture(cast.pksdm, province, today)
    for line in (found.total, *found.lines):
        for key, url in line.urls.items():
            assert rows_behind(url, cast.pksdm, today) == line.counts[key], (line.code, key)
    for bar in (*found.funnel, *found.buckets):
        assert rows_behind(bar.href, cast.pksdm, today) == bar.value, bar.label
    for batch in found.batches:
        assert rows_behind(batch.people_url, cast.pksdm, today) == batch.people


def test_picture_of_a_province_admin_counts_only_the_own_people(cast, population):
    found = national.picture(cast.provinsi_a, cast.province_a, TODAY)
    assert found.total.total == Participant.objects.filter(province=cast.province_a).count()
    assert {line.code for line in found.lines} == {"53", "53.08", "53.71"}
    foreign = national.picture(cast.provinsi_a, cast.province_b, TODAY)
    assert (foreign.total.total, list(foreign.lines), foreign.batch_count) == (0, [], 0)


def test_funnel_counts_who_reached_a_stage_or_went_beyond(cast):
    batch = running_batch(TODAY)
    for stage in (Stage.REGISTERED, Stage.RETURNED, Stage.VERIFIED, Stage.APPROVED):
        factories.ParticipantFactory(satker=cast.kupang, stage=stage)
    factories.ParticipantFactory(satker=cast.kupang, stage=Stage.TRAINING, batch=batch)
    factories.ParticipantFactory(satker=cast.kupang, stage=Stage.GRADUATED, batch=batch, graduated_on=TODAY)
    assert [bar.value for bar in national.picture(cast.pksdm, None, TODAY).funnel] == [6, 4, 3, 2, 2, 1]


def test_seats_against_demand_is_cumulative_and_leaves_out_what_comes_too_late(cast):
    def people(deadline: date, count: int) -> None:
        for _ in range(count):
            factories.ParticipantFactory(satker=cast.kupang, tmt_cpns=deadline.replace(year=deadline.year - 1), deadline=deadline)

    people(date(2026, 3, 1), 2)
    people(date(2026, 5, 1), 3)
    people(date(2027, 1, 1), 4)
    ends = {date(2026, 3, 1): 4, date(2026, 4, 20): 5, date(2026, 12, 1): 7}
    for number, (day, capacity) in enumerate(ends.items(), 1):
        factories.BatchFactory(number=number, capacity=capacity, starts_on=day - timedelta(days=80), ends_on=day, stage=BatchStage.OPEN)
    factories.BatchFactory(number=9, capacity=8, starts_on=date(2026, 1, 5), ends_on=date(2026, 2, 20), stage=BatchStage.DRAFT)
    done = Batch.objects.get(number=1)
    factories.ParticipantFactory(satker=cast.kupang, stage=Stage.GRADUATED, batch=done, graduated_on=TODAY, deadline=date(2027, 6, 1))
    months = national.picture(cast.pksdm, None, TODAY).months
    assert [(month.day, month.demand, month.seats) for month in months] == [
        (date(2026, 3, 1), 2, 3),
        (date(2026, 4, 1), 2, 3),
        (date(2026, 5, 1), 5, 8),
        (date(2026, 6, 1), 5, 8),
        (date(2026, 7, 1), 5, 8),
        (date(2026, 8, 1), 5, 8),
    ]


@pytest.mark.parametrize("stage_of_batch", [BatchStage.DRAFT, BatchStage.OPEN, BatchStage.CLOSED])
def test_running_batches_lists_only_those_that_run(cast, stage_of_batch):
    factories.BatchFactory(stage=stage_of_batch)
    running = running_batch(TODAY)
    found = national.picture(cast.pksdm, None, TODAY)
    assert [line.url for line in found.batches] == [running.get_absolute_url()]
    assert found.batch_count == 1


def test_lagging_names_unfinished_phases_first_and_counts_only_visible_people(cast):
    batch = running_batch(TODAY, institute=cast.institute_a)
    first, second, _third = batch.phases.order_by("order")
    first.starts_on, first.ends_on = TODAY - timedelta(days=20), TODAY - timedelta(days=10)
    second.starts_on, second.ends_on = TODAY - timedelta(days=5), TODAY + timedelta(days=5)
    first.save()
    second.save()
    own = [factories.ParticipantFactory(satker=cast.kupang, stage=Stage.TRAINING, batch=batch) for _ in range(3)]
    foreign = factories.ParticipantFactory(satker=cast.denpasar, stage=Stage.TRAINING, batch=batch)
    for person in (*own[:2], foreign):
        PhaseProgress.objects.create(participant=person, phase=first, state=ProgressState.DONE, marked_by=cast.pksdm)
    found = lagging(cast.provinsi_a, [batch.pk], TODAY)[batch.pk]
    assert (found.level, found.text) == ("bad", "1 belum selesai MOOC")
    PhaseProgress.objects.create(participant=own[2], phase=first, state=ProgressState.DONE, marked_by=cast.pksdm)
    found = lagging(cast.provinsi_a, [batch.pk], TODAY)[batch.pk]
    assert (found.level, found.text) == ("warn", "3 belum mulai Seminar rancangan")


def test_people_url_uses_the_names_that_the_list_reads(cast, population):
    found: Picture = national.picture(cast.pksdm, None, TODAY)
    names = {name for line in found.lines for url in line.urls.values() for name in parse_qs(urlsplit(url).query)}
    assert names <= set(ListQuery.__dataclass_fields__)
