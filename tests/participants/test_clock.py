from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from latsar.training.models import AnswerTime, Holiday
from participants.clock import BUCKETS, ClockState, bucket_q, clock_of, holidays_between, working_day_after, working_days_between
from participants.enums import Stage
from participants.models import Participant
from participants.queue import LATE, LATER, TODAY, AnswerClock
from participants.reachable import earliest_ends, end_for
from participants.services.placement import place_participant
from tests import factories

NOW = date(2026, 2, 9)


@pytest.mark.parametrize(
    ("days", "seat_in", "graduated", "state", "level"),
    [
        (-1, None, False, ClockState.CRITICAL, "bad"),
        (0, None, False, ClockState.CRITICAL, "bad"),
        (30, None, False, ClockState.CRITICAL, "bad"),
        (31, None, False, ClockState.WATCHFUL, "warn"),
        (90, None, False, ClockState.WATCHFUL, "warn"),
        (91, None, False, ClockState.SAFE, "ok"),
        (20, 20, False, ClockState.SAFE, "ok"),
        (81, 71, False, ClockState.SAFE, "ok"),
        (81, 82, False, ClockState.CRITICAL, "bad"),
        (300, 301, False, ClockState.CRITICAL, "bad"),
        (-1, -5, False, ClockState.CRITICAL, "bad"),
        (-100, -5, True, ClockState.DONE, "ok"),
    ],
)
def test_clock_of_judges_days_and_seat(days, seat_in, graduated, state, level):
    seat = NOW + timedelta(days=seat_in) if seat_in is not None else None
    clock = clock_of(NOW + timedelta(days=days), NOW, seat, stage="graduated" if graduated else "training")
    assert (clock.state, clock.level, clock.days) == (state, level, days)


@pytest.mark.parametrize(("days", "percent"), [(365, 0), (400, 0), (0, 100), (-50, 100), (73, 80)])
def test_clock_of_counts_the_year_gone_between_nothing_and_all(days, percent):
    assert clock_of(NOW + timedelta(days=days), NOW).percent == percent


@pytest.mark.parametrize(
    ("days", "seat_in", "words"),
    [
        (-1, -5, "batas sudah lewat"),
        (50, 51, "Latsar baru selesai sesudah batas"),
        (50, 50, "Latsar selesai tepat pada hari batas"),
        (50, 30, "Latsar selesai 20 hari sebelum batas"),
        (50, None, "belum ada kursi"),
    ],
)
def test_clock_says_what_its_word_rests_on(days, seat_in, words):
    seat = NOW + timedelta(days=seat_in) if seat_in is not None else None
    assert clock_of(NOW + timedelta(days=days), NOW, seat).why == words


@pytest.mark.parametrize(
    ("days", "reachable_in", "state", "words"),
    [
        (200, 201, ClockState.CRITICAL, "kursi tercepat baru selesai 1 hari sesudah batas"),
        (200, 190, ClockState.SAFE, "belum ada kursi; yang tercepat selesai 10 hari sebelum batas"),
        (200, 200, ClockState.SAFE, "belum ada kursi; yang tercepat selesai tepat pada batas"),
        (60, 50, ClockState.WATCHFUL, "belum ada kursi; yang tercepat selesai 10 hari sebelum batas"),
        (20, 10, ClockState.CRITICAL, "belum ada kursi; yang tercepat selesai 10 hari sebelum batas"),
    ],
)
def test_clock_without_a_seat_is_judged_against_the_earliest_free_one(days, reachable_in, state, words):
    clock = clock_of(NOW + timedelta(days=days), NOW, reachable_on=NOW + timedelta(days=reachable_in))
    assert (clock.state, clock.why) == (state, words)


def test_clock_of_an_extended_probation_counts_from_the_tmt():
    assert clock_of(NOW + timedelta(days=365), NOW, since=NOW - timedelta(days=365)).percent == 50


def test_earliest_ends_looks_at_free_seats_of_open_batches_by_golongan(cast):
    today = timezone.localdate()
    full = factories.BatchFactory(capacity=1, golongan="III", starts_on=today)
    someone = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.APPROVED)
    place_participant(batch_id=full.pk, participant_id=someone.pk, by=cast.pksdm)
    free = factories.BatchFactory(golongan="III", starts_on=today + timedelta(days=9))
    factories.BatchFactory(golongan="II", starts_on=today + timedelta(days=30))
    factories.BatchFactory(golongan="III", starts_on=today, stage="running")
    ends = earliest_ends(today)
    assert end_for("III/a", ends) == free.ends_on
    assert end_for("II/c", ends) == today + timedelta(days=110)
    assert end_for("III/a", {}) is None


def test_clock_face_of_a_graduate_counts_no_days():
    assert clock_of(NOW, NOW, stage="graduated").face.days is None


def test_buckets_hold_every_day_exactly_once(cast):
    start = date(2024, 1, 1)
    for days in (-400, -1, 0, 1, 30, 31, 60, 61, 90, 91, 120, 121, 365):
        factories.ParticipantFactory(satker=cast.kupang, tmt_cpns=start, deadline=NOW + timedelta(days=days))
    graduate = factories.ParticipantFactory(satker=cast.kupang, tmt_cpns=start, deadline=NOW)
    batch = factories.BatchFactory()
    Participant.objects.filter(pk=graduate.pk).update(stage=Stage.GRADUATED, graduated_on=NOW, batch=batch)
    found = {
        bucket.key: sorted((p.deadline - NOW).days for p in Participant.objects.filter(bucket_q(bucket.key, NOW))) for bucket in BUCKETS
    }
    assert found == {
        "lewat": [-400, -1],
        "1-30": [0, 1, 30],
        "31-60": [31, 60],
        "61-90": [61, 90],
        "91-120": [91, 120],
        "120+": [121, 365],
    }


@pytest.mark.parametrize(
    ("start", "days", "holidays", "expected"),
    [
        (date(2026, 2, 9), 4, [], date(2026, 2, 13)),
        (date(2026, 2, 10), 4, [], date(2026, 2, 16)),
        (date(2026, 2, 10), 4, [date(2026, 2, 16), date(2026, 2, 17)], date(2026, 2, 18)),
        (date(2026, 2, 14), 1, [], date(2026, 2, 16)),
    ],
)
def test_working_day_after_skips_weekends_and_holidays(start, days, holidays, expected):
    free = frozenset(holidays)
    assert working_day_after(start, days, free) == expected
    assert working_days_between(start, expected, free) == days
    assert working_days_between(expected, start, free) == -days


def test_answer_clock_says_late_today_tomorrow_and_the_day(db):
    Holiday.objects.create(date=date(2026, 2, 17), name="Tahun Baru Imlek")
    clock = AnswerClock(NOW)
    said = {entered: clock.say(entered)[0] for entered in (date(2026, 1, 29), date(2026, 2, 3), date(2026, 2, 4), date(2026, 2, 11))}
    assert said == {
        date(2026, 1, 29): "Lewat 3 hari kerja",
        date(2026, 2, 3): "Hari ini",
        date(2026, 2, 4): "Besok",
        date(2026, 2, 11): "Rabu, 18 Feb",
    }


def test_answer_clock_counts_the_days_that_pksdm_keeps(db):
    assert AnswerClock(NOW).due_on(date(2026, 2, 2)) == date(2026, 2, 6)
    AnswerTime.objects.create(code="verification", name="Verifikasi", working_days=2)
    assert AnswerClock(NOW).due_on(date(2026, 2, 2)) == date(2026, 2, 4)


def test_pages_say_the_days_that_pksdm_keeps(cast, sign_in):
    AnswerTime.objects.create(code="verification", name="Verifikasi", working_days=7)
    factories.ParticipantFactory(satker=cast.kupang, stage=Stage.SUBMITTED)
    client = sign_in(cast.provinsi_a)
    for name in ("home", "verification_queue", "participant_add"):
        assert "7 hari kerja" in client.get(reverse(name)).content.decode()


def test_answer_clock_conditions_part_the_queue_as_its_words_do(cast):
    clock = AnswerClock(NOW)
    for back in range(14):
        at = timezone.make_aware(datetime.combine(NOW - timedelta(days=back), time(23, 30)))
        factories.ParticipantFactory(satker=cast.kupang, stage=Stage.SUBMITTED, stage_at=at)
    parts = {key: set(Participant.objects.filter(clock.condition(key))) for key in (LATE, TODAY, LATER)}
    assert sum(len(part) for part in parts.values()) == 14
    for key, part in parts.items():
        dues = {clock.due_on(timezone.localdate(person.stage_at)) for person in part}
        assert all({LATE: due < NOW, TODAY: due == NOW, LATER: due > NOW}[key] for due in dues)


def test_holidays_between_reads_the_calendar(db):
    Holiday.objects.create(date=date(2026, 2, 17), name="Tahun Baru Imlek")
    assert holidays_between(date(2026, 2, 1), date(2026, 2, 28)) == {date(2026, 2, 17)}
