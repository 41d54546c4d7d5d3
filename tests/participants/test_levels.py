"""The word of the clock is one: on the page of a person, in the filter of the list, in every count."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participants import home, national
from participants.enums import ENDED, SEATED, UNSEATED, Stage
from participants.groups import clock_q
from participants.levels import CLOCK_LEVELS
from participants.models import Participant
from participants.reachable import earliest_ends, person_clock
from participants.reports import at_risk
from tests import factories

TODAY = timezone.localdate()
WORDS = {"bad": "kritis", "warn": "waspada", "ok": "aman"}
DAYS = (-1, 0, 30, 31, 60, 90, 91, 120, 200, 300)


def in_days(days: int | None):
    return None if days is None else TODAY + timedelta(days=days)


def someone(cast, stage: str, left: int, *, batch=None, deferred: int | None = None, golongan="III/a", entries=0) -> Participant:
    return factories.ParticipantFactory(
        satker=cast.kupang, stage=stage, batch=batch, deadline=in_days(left), tmt_cpns=in_days(left - 400).replace(day=1), golongan=golongan,
        deferred_until=in_days(deferred), latsar_entries=entries, graduated_on=TODAY if stage == Stage.GRADUATED else None,
    )  # fmt: skip


def offer(starts: int, ends: int, group: str = "III", **more):
    return factories.BatchFactory(starts_on=in_days(starts), ends_on=in_days(ends), golongan=group, capacity=1, **more)


def agree(cast) -> None:
    """Compare page, list and counts for everybody there is."""
    ends = earliest_ends(TODAY)
    words = {}
    for person in Participant.objects.select_related("batch"):
        clock = person_clock(person, TODAY, ends)
        words[person.pk] = "" if clock.has_stopped else WORDS[clock.level]
    for level in CLOCK_LEVELS:
        rows = Participant.objects.filter(clock_q(level.key, TODAY))
        assert sorted(row.pk for row in rows) == sorted(pk for pk, word in words.items() if word == level.key), level.key
    count = {level.key: list(words.values()).count(level.key) for level in CLOCK_LEVELS}
    tally = home.tally(cast.pksdm, TODAY, ends)
    assert {key: tally[key] for key in count} == count
    assert national.picture(cast.pksdm, None, TODAY).total.counts["kritis"] == count["kritis"]
    assert {pk for pk, word in words.items() if word == "kritis"} <= set(at_risk(cast.pksdm, TODAY, 30).values_list("pk", flat=True))


@pytest.mark.parametrize("spans", [[], [(70, 150)], [(10, 60), (100, 190)], [(10, 60), (5, 80), (50, 119), (200, 290)]])
def test_levels_of_everybody_agree_everywhere(cast, spans):
    for starts, ends in spans:
        offer(starts, ends)
    offer(40, 110, "II")
    seats = [offer(-30, ends, stage="running") for ends in (0, 89, 121, 300)]
    for left in DAYS:
        for stage in (*UNSEATED, *ENDED[1:]):
            someone(cast, stage, left)
            someone(cast, stage, left, entries=1, golongan="II/c")
        for until in (5, 49, 50, 100, 200):
            someone(cast, Stage.DEFERRED, left, deferred=until)
        for stage in (*SEATED, Stage.GRADUATED):
            for seat in seats:
                someone(cast, stage, left, batch=seat)
    agree(cast)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_levels_agree_for_any_seats_and_people(cast, data):
    Participant.objects.all().delete()
    days = st.integers(-20, 320)
    seats = data.draw(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 150), st.sampled_from(["II", "III", "II/III"])), max_size=5))
    batches = [offer(starts, starts + length, group) for starts, length, group in seats]
    for left, stage, until, golongan, entries in data.draw(
        st.lists(
            st.tuples(days, st.sampled_from(Stage.values), st.none() | days, st.sampled_from(["II/c", "III/a"]), st.integers(0, 1)),
            max_size=12,
        )
    ):
        is_seated = stage in (*SEATED, Stage.GRADUATED)
        if is_seated and not batches:
            continue
        batch = data.draw(st.sampled_from(batches)) if is_seated else None
        someone(cast, stage, left, batch=batch, deferred=until if stage == Stage.DEFERRED else None, golongan=golongan, entries=entries)
    agree(cast)
    for batch in batches:
        batch.stage = "draft"
        batch.save()


def test_person_page_and_list_find_whom_no_seat_reaches_in_time(cast, sign_in):
    late, calm = someone(cast, Stage.APPROVED, 120), someone(cast, Stage.APPROVED, 160)
    offer(70, 150)
    client = sign_in(cast.admin_kupang)
    assert client.get(late.get_absolute_url()).context["person_clock"].label == "Kritis"
    found = {
        key: [row.name for row in client.get(reverse("participant_list"), {"batas": key}).context["people"].rows]
        for key in ("kritis", "aman")
    }
    assert found == {"kritis": [late.full_name], "aman": [calm.full_name]}


def test_clock_of_the_deferred_counts_only_seats_after_the_deferral(cast):
    person = someone(cast, Stage.DEFERRED, 200, deferred=150)
    offer(10, 60)
    assert person_clock(person, TODAY, earliest_ends(TODAY)).reachable_on is None
    offer(151, 190)
    assert person_clock(person, TODAY, earliest_ends(TODAY)).reachable_on == in_days(190)
