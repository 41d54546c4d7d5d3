"""Who is told how: under the bell always, by mail as each wants it, in their language, never twice for a key."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.notices.enums import Delivery, Failure, MailState, NoticeKind
from latsar.notices.models import EmailBounce, MailChoice, MailSettings, Notice, OutboxMail
from latsar.notices.services import News, clear_bounce, notify, notify_many
from latsar.notices.wishes import Wishes, defaults_for, kinds_for, wishes_of
from latsar.training.models import Holiday

NOON = "2026-11-23 05:00:00+00:00"


def test_notify_default_of_an_office_waits_for_the_digest(cast):
    notice = notify(user=cast.admin_kupang, text="Berkas dikembalikan", kind=NoticeKind.VERIFICATION)
    assert (notice.waits_for_digest, OutboxMail.objects.count()) == (True, 0)


def test_notify_default_of_a_mentor_is_mailed_at_once(cast):
    with time_machine.travel(NOON, tick=False):
        notice = notify(user=cast.mentor_a, text="Rancangan masuk", kind=NoticeKind.REVIEW, url="/bimbingan/", due_on=date(2026, 11, 26))
    mail = OutboxMail.objects.get()
    assert (notice.waits_for_digest, mail.to, mail.subject) == (False, cast.mentor_a.email, "Rancangan masuk")
    assert "26 November 2026 (Kamis)" in mail.body
    assert "/bimbingan/" in mail.html


@pytest.mark.parametrize(("chosen", "waits", "mails"), [(Delivery.NOW, False, 1), (Delivery.DAILY, True, 0), (Delivery.NONE, False, 0)])
def test_notify_follows_the_own_choice(cast, chosen, waits, mails):
    MailChoice.objects.create(user=cast.admin_kupang, kind=NoticeKind.VERIFICATION, delivery=chosen)
    notice = notify(user=cast.admin_kupang, text="Berkas dikembalikan", kind=NoticeKind.VERIFICATION)
    assert (notice.waits_for_digest, OutboxMail.objects.count()) == (waits, mails)


def test_notify_mail_is_held_until_the_own_morning(cast):
    MailSettings.objects.create(user=cast.mentor_a, quiet_from=time(11), quiet_to=time(14))
    with time_machine.travel(NOON, tick=False):
        notify(user=cast.mentor_a, text="Rancangan masuk", kind=NoticeKind.REVIEW)
        assert OutboxMail.objects.get().is_held
    assert OutboxMail.objects.get().send_after.isoformat() == "2026-11-23T07:00:00+00:00"


@pytest.mark.parametrize("field", [{"is_active": False}, {"email": ""}])
def test_notify_without_a_usable_account_writes_no_mail(cast, field):
    for name, value in field.items():
        setattr(cast.mentor_a, name, value)
    cast.mentor_a.save()
    notify(user=cast.mentor_a, text="Rancangan masuk", kind=NoticeKind.REVIEW)
    assert (Notice.objects.count(), OutboxMail.objects.count()) == (1, 0)


def test_notify_of_a_bouncing_address_keeps_the_mail_until_the_address_is_right_again(cast):
    bounce = EmailBounce.objects.create(address=cast.mentor_a.email.lower())
    for text in ("Rancangan lama", "Rancangan masuk"):
        notify(user=cast.mentor_a, text=text, kind=NoticeKind.REVIEW)
    assert set(OutboxMail.objects.values_list("state", "failure")) == {(MailState.FAILED, Failure.REFUSED)}
    OutboxMail.objects.filter(subject="Rancangan lama").update(created_at=timezone.now() - timedelta(days=8))
    clear_bounce(bounce_id=bounce.pk, by=cast.pksdm)
    assert dict(OutboxMail.objects.values_list("subject", "state")) == {
        "Rancangan lama": MailState.FAILED,
        "Rancangan masuk": MailState.QUEUED,
    }


def test_notify_on_a_holiday_waits_for_the_working_day(cast):
    Holiday.objects.create(date=date(2026, 11, 23), name="Hari libur contoh")
    MailSettings.objects.create(user=cast.coach_a, is_open_on_weekends=True)
    with time_machine.travel(NOON, tick=False):
        for user in (cast.mentor_a, cast.coach_a):
            notify(user=user, text="Rancangan masuk", kind=NoticeKind.REVIEW)
    assert {mail.user: mail.send_after.isoformat() for mail in OutboxMail.objects.select_related("user")} == {
        cast.mentor_a: "2026-11-23T23:00:00+00:00",  # Tuesday, six in the morning WIB
        cast.coach_a: "2026-11-23T05:00:00+00:00",
    }


def test_notify_writes_in_the_language_of_who_reads(cast):
    MailSettings.objects.create(user=cast.mentor_a, language="en")
    notices = notify_many(news=[News(user, lambda: _("Terkirim"), NoticeKind.REVIEW) for user in (cast.mentor_a, cast.mentor_b)])
    assert [notice.text for notice in notices] == ["Sent", "Terkirim"]
    assert sorted(OutboxMail.objects.values_list("subject", flat=True)) == ["Sent", "Terkirim"]


def test_notify_many_with_a_key_tells_once(cast):
    news = [News(cast.mentor_a, "Tenggat", NoticeKind.REVIEW, key="r1"), News(cast.mentor_a, "Tenggat", NoticeKind.REVIEW, key="r1")]
    assert [len(notify_many(news=news)), len(notify_many(news=news))] == [1, 0]
    assert (Notice.objects.count(), OutboxMail.objects.count()) == (1, 1)


def test_notify_many_costs_the_same_for_one_and_for_many(cast, django_assert_max_num_queries):
    for count in (1, 5):
        people = [cast.mentor_a, cast.mentor_b, cast.coach_a, cast.coach_b, cast.pksdm][:count]
        with django_assert_max_num_queries(9):
            notify_many(news=[News(user, "Kabar", NoticeKind.REVIEW) for user in people])


def test_defaults_for_several_roles_take_the_sooner():
    assert defaults_for(["admin_satker", "mentor"])[NoticeKind.REVIEW] == Delivery.NOW
    assert defaults_for(["admin_satker"])[NoticeKind.REVIEW] == Delivery.DAILY
    assert set(defaults_for([])) == set(NoticeKind)


def test_kinds_for_a_role_name_what_concerns_it():
    assert kinds_for(["peserta"]) == ["deadline", "placement", "mentoring", "review", "certificate", "account"]
    assert kinds_for(["pimpinan"]) == ["deadline", "job", "account"]


def test_wishes_of_somebody_without_rows_are_the_defaults(cast):
    wishes = wishes_of(cast.pksdm)
    assert wishes == Wishes(wishes.zone, defaults_for(["pksdm"]))


def test_notify_many_longer_than_a_part_reaches_everybody(cast, monkeypatch):
    monkeypatch.setattr("latsar.notices.services.telling.CHUNK", 2)
    people = [cast.mentor_a, cast.mentor_b, cast.coach_a, cast.coach_b, cast.pksdm]
    notify_many(news=[News(user, "Kabar", NoticeKind.REVIEW, key=f"k{user.pk}") for user in people])
    assert set(Notice.objects.values_list("user_id", flat=True)) == {user.pk for user in people}
