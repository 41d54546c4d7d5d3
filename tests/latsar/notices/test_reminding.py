"""The engine of the reminders: rules are data, a run tells once, a missed day is caught up."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine

from latsar.notices import periodic
from latsar.notices import reminders as registry
from latsar.notices.models import Notice, ReminderRule
from latsar.notices.reminders import audiences_of, source_choices
from latsar.notices.services import send_reminders
from latsar.training.reference import reminders as reference
from participants.enums import Stage
from tests.factories import ParticipantFactory

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def rule(offset: int = -7, **fields: object) -> ReminderRule:
    facts = {
        "code": f"uji-{ReminderRule.objects.count()}",
        "source": "probation",
        "audience": "satker",
        "kind": "deadline",
        "offset": offset,
    }
    return ReminderRule.objects.create(**facts | fields)


def person(satker, days: int, **fields: object):
    return ParticipantFactory(satker=satker, tmt_cpns=date(2025, 11, 1), deadline=TODAY + days * DAY, **fields)


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.values_list("user__username", "text"))


def test_send_reminders_counts_per_office_and_tells_it_once(cast):
    rule()
    for satker in (cast.kupang, cast.kupang, cast.ende):
        person(satker, 7)
    person(cast.kupang, 8)
    person(cast.kupang, 7, stage=Stage.REGISTERED, full_name="Ketiga")
    assert [send_reminders(today=TODAY), send_reminders(today=TODAY)] == [2, 0]
    notices = {notice.user: notice for notice in Notice.objects.all()}
    assert set(notices) == {cast.admin_kupang, cast.admin_ende}
    own = notices[cast.admin_kupang]
    assert (
        own.text
        == "Batas masa percobaan 3 CPNS 30 November 2026, tanpa Latsar yang selesai sebelumnya. Carikan kursi atau urus perpanjangan."
    )
    assert (own.due_on, own.action, own.url) == (TODAY + 7 * DAY, "Lihat orangnya", "/peserta/?tahap=berjalan&batas=1-30&urut=batas")


def test_send_reminders_again_after_the_note_was_lost_is_still_once(cast):
    """The key of rule, person and date holds even when the day of the last run is not there."""
    rule()
    person(cast.kupang, 7)
    send_reminders(today=TODAY)
    ReminderRule.objects.update(ran_on=None)
    assert send_reminders(today=TODAY) == 0


@pytest.mark.parametrize("off", [{"is_active": False}, {"source": "nothing_here"}, {"audience": "mentor"}])
def test_send_reminders_of_a_silent_rule_says_nothing(cast, off):
    rule(**off)
    person(cast.kupang, 7)
    assert send_reminders(today=TODAY) == 0


def test_send_reminders_catches_up_on_missed_days(cast):
    rule(ran_on=TODAY - 4 * DAY)
    for days in (3, 4, 5, 6, 7, 8):
        person(cast.kupang, days)
    assert send_reminders(today=TODAY) == 4  # due in 4, 5, 6 and 7 days: told on the three missed days and today
    assert [text.split(" CPNS ")[1][:5] for _user, text in told()] == ["27 No", "28 No", "29 No", "30 No"]


def test_send_reminders_after_a_long_pause_goes_back_a_week(cast):
    rule(offset=0, ran_on=TODAY - 40 * DAY)
    for days in range(-10, 1):
        person(cast.kupang, days)
    assert send_reminders(today=TODAY) == 7


def test_send_reminders_of_two_rules_on_one_day_leaves_the_later(cast):
    rule(offset=-3, ran_on=TODAY - 3 * DAY)
    rule(offset=-1, ran_on=TODAY - 3 * DAY)
    person(cast.kupang, 1)
    assert send_reminders(today=TODAY) == 1


def test_send_reminders_of_a_new_rule_begins_today(cast):
    rule()
    person(cast.kupang, 6)
    assert send_reminders(today=TODAY) == 0


def test_send_reminders_costs_the_same_for_one_and_for_many(cast, django_assert_max_num_queries):
    rule()
    rule(audience="province")
    rule(audience="pksdm")
    for number in range(40):
        person((cast.kupang, cast.ende, cast.denpasar, cast.badung)[number % 4], 7, serial=number)
    with django_assert_max_num_queries(22):
        assert send_reminders(today=TODAY) == 4 + 2 + 1


def test_load_rules_adds_missing_and_leaves_what_was_changed(db):
    reference.load_rules()
    total = ReminderRule.objects.count()
    changed = ReminderRule.objects.get(code="probation-satker-minus-30")
    ReminderRule.objects.filter(pk=changed.pk).update(offset=-21, is_active=False)
    ReminderRule.objects.get(code="draft-person-plus-2").delete()
    reference.load_rules()
    changed.refresh_from_db()
    assert (ReminderRule.objects.count(), changed.offset, changed.is_active) == (total, -21, False)


def test_rules_of_the_reference_name_registered_sources_and_audiences(db):
    """All but those of the dossier, whose dates come with the dossier."""
    reference.load_rules()
    known = {name for name, _label in source_choices()}
    assert set(ReminderRule.objects.values_list("source", flat=True)) - known <= {"dossier_expiry"}
    wrong = [r.code for r in ReminderRule.objects.filter(source__in=known) if r.audience not in audiences_of(r.source)]
    assert wrong == []


def test_admin_rule_refuses_an_audience_the_source_does_not_know(cast, sign_in):
    form = {"code": "uji", "source": "draft", "audience": "mentor", "offset": "3", "kind": "deadline", "is_active": "on"}
    client = sign_in(cast.pksdm)
    assert "Hal ini tidak punya penerima seperti itu" in client.post("/admin/notices/reminderrule/add/", form).content.decode()
    client.post("/admin/notices/reminderrule/add/", form | {"audience": "person"})
    assert ReminderRule.objects.get().code == "uji"
    assert "Isian pendaftaran yang belum disimpan" in client.get("/admin/notices/reminderrule/").content.decode()


def test_send_reminders_are_written_before_the_first_daily_mail_in_every_zone(cast):
    """The first round of a day in Jakarta comes before four in the morning in Jayapura."""
    rule(offset=0)
    person(cast.kupang, 0)
    with time_machine.travel("2026-11-22 17:10:00+00:00", tick=False):  # 00.10 WIB, 02.10 WIT
        assert periodic.send_reminders() == 1


def test_reminders_of_the_portal_store_no_count_of_days(cast):
    """A stored text is read on other days: no source may write how far its date is."""
    root = Path(__file__).resolve().parents[3]
    texts = {
        path: path.read_text()
        for room in ("latsar", "participants", "mentoring", "aktualisasi")
        for path in (root / room).rglob("*reminders.py")
    }
    assert len(texts) >= 3
    assert [str(path) for path, text in texts.items() if "days_left" in text or "hari lagi" in text] == []


def test_send_reminders_of_a_source_that_fails_leaves_the_others_alone(cast, monkeypatch):
    def broken(asked):
        raise RuntimeError

    monkeypatch.setitem(registry._sources, "broken", registry._Entry("Rusak", ("satker",), broken))
    wrong = rule(source="broken")
    rule()
    person(cast.kupang, 7)
    assert send_reminders(today=TODAY) == 1
    wrong.refresh_from_db()
    assert wrong.ran_on is None  # its day is not over
