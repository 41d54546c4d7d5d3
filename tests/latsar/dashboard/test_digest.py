"""The daily mail: at most one a person and day, at the own hour, with what waits and what was news."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from latsar.dashboard import registry
from latsar.dashboard.digest import send_digests
from latsar.notices.enums import NoticeKind
from latsar.notices.models import DailyDigest, EmailBounce, MailSettings, Notice, OutboxMail
from latsar.notices.services import notify
from latsar.training.models import Holiday
from participants.enums import Stage
from tests.factories import ParticipantFactory, RoleGrantFactory

MORNING = "2026-11-23 01:00:00+00:00"  # Monday, 08.00 WIB
BEFORE = "2026-11-22 23:59:00+00:00"  # Monday, 06.59 WIB
NIGHT = "2026-11-23 14:30:00+00:00"  # Monday, 21.30 WIB
SATURDAY = "2026-11-28 01:00:00+00:00"


def send() -> int:
    return send_digests(now=timezone.now())


def waiting_for(cast) -> None:
    """Give the admin of Kupang something to do."""
    with time_machine.travel("2026-11-20 03:00:00+00:00", tick=False):
        ParticipantFactory(satker=cast.kupang, stage=Stage.RETURNED, return_note="Unggah yang jelas.", full_name="Tono")


def to(user) -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(to=user.email))


def test_send_digests_names_what_waits_and_what_was_news(cast):
    waiting_for(cast)
    with time_machine.travel(MORNING, tick=False):
        notify(
            user=cast.admin_kupang,
            text="Berkas Tono dikembalikan",
            kind=NoticeKind.VERIFICATION,
            url="/peserta/",
            due_on=date(2026, 11, 27),
        )
        send()
        (mail,) = to(cast.admin_kupang)
        assert mail.subject == "Senin, 23 Nov: 1 hal menunggu Anda, 1 kabar baru"
        for part in (mail.body, mail.html):
            assert "Perbaiki berkas Tono" in part
            assert "Berkas Tono dikembalikan" in part
            assert "27 November 2026 (Jumat), 4 hari lagi" in part
        assert mail.send_after == timezone.now()
    assert not Notice.objects.filter(waits_for_digest=True).exists()


def test_send_digests_twice_or_late_is_one_mail_a_day(cast):
    waiting_for(cast)
    for moment in (MORNING, MORNING, "2026-11-23 09:00:00+00:00"):
        with time_machine.travel(moment, tick=False):
            send()
    assert len(to(cast.admin_kupang)) == 1
    with time_machine.travel("2026-11-24 01:00:00+00:00", tick=False):
        send()
    assert len(to(cast.admin_kupang)) == 2


def test_send_digests_of_two_rounds_at_once_is_one_mail(cast):
    """The row of the other round stands already when this one comes to write."""
    waiting_for(cast)
    with time_machine.travel(MORNING, tick=False):
        from latsar.dashboard import digest
        from latsar.notices.wishes import wishes_of

        wishes = wishes_of(cast.admin_kupang)
        done = [digest._decide(cast.admin_kupang, wishes, date(2026, 11, 23), can_read=True) for _round in range(2)]
    assert (done, len(to(cast.admin_kupang))) == ([True, False], 1)


@pytest.mark.parametrize(("moment", "mails"), [(BEFORE, 0), (MORNING, 1), (NIGHT, 0), (SATURDAY, 0)])
def test_send_digests_comes_at_the_own_hour_of_a_working_day(cast, moment, mails):
    waiting_for(cast)
    with time_machine.travel(moment, tick=False):
        send()
    assert len(to(cast.admin_kupang)) == mails


def test_send_digests_follows_the_own_zone(cast):
    waiting_for(cast)
    cast.admin_kupang.zone = "WIT"
    cast.admin_kupang.save()
    with time_machine.travel("2026-11-22 22:30:00+00:00", tick=False):  # 07.30 WIT, 05.30 WIB
        send()
    assert len(to(cast.admin_kupang)) == 1


def test_send_digests_on_a_holiday_only_to_who_wants_it(cast):
    waiting_for(cast)
    Holiday.objects.create(date=date(2026, 11, 23), name="Hari libur contoh")
    with time_machine.travel(MORNING, tick=False):
        send()
        assert to(cast.admin_kupang) == []
        MailSettings.objects.create(user=cast.admin_kupang, is_open_on_weekends=True)
        send()
    assert len(to(cast.admin_kupang)) == 1


def test_send_digests_at_a_later_hour_waits_for_it(cast):
    waiting_for(cast)
    MailSettings.objects.create(user=cast.admin_kupang, digest_at=time(9))
    with time_machine.travel(MORNING, tick=False) as clock:
        send()
        assert to(cast.admin_kupang) == []
        clock.shift(timedelta(hours=1))
        send()
    assert len(to(cast.admin_kupang)) == 1


def test_send_digests_with_nothing_to_say_is_silent_and_decided(cast):
    with time_machine.travel(MORNING, tick=False):
        send()
        assert to(cast.admin_kupang) == []
        assert DailyDigest.objects.get(user=cast.admin_kupang).is_sent is False
        waiting_for(cast)
        send()
    assert to(cast.admin_kupang) == []


@pytest.mark.parametrize("settled", ["read", "todos_off", "bounce"])
def test_send_digests_leaves_out_what_nobody_wants(cast, settled):
    with time_machine.travel(MORNING, tick=False):
        notice = notify(user=cast.admin_kupang, text="Kabar", kind=NoticeKind.VERIFICATION)
        if settled == "read":
            Notice.objects.filter(pk=notice.pk).update(read_at=timezone.now())
        elif settled == "bounce":
            EmailBounce.objects.create(address=cast.admin_kupang.email)
        else:
            Notice.objects.all().delete()
            waiting_for(cast)
            MailSettings.objects.create(user=cast.admin_kupang, lists_todos=False)
        send()
    assert to(cast.admin_kupang) == []


def test_send_digests_of_a_participant_needs_news(cast):
    user = cast.stranger
    RoleGrantFactory(user=user, role="peserta")
    with time_machine.travel(MORNING, tick=False):
        send()
        assert not DailyDigest.objects.filter(user=user).exists()
        notify(user=user, text="Batas masa percobaan 30 hari lagi", kind=NoticeKind.DEADLINE)
        send()
    assert [mail.subject for mail in to(user)] == ["Senin, 23 Nov: 1 kabar baru"]


def test_send_digests_of_a_home_page_that_fails_reaches_the_others(cast, monkeypatch):
    def broken(user, grant):
        if user.pk == cast.admin_ende.pk:
            raise RuntimeError
        return registry.Part()

    monkeypatch.setattr(registry._registry, "parts", [*registry._registry.parts, (frozenset({"admin_satker"}), broken)])
    with time_machine.travel("2026-11-20 03:00:00+00:00", tick=False):
        for satker in (cast.kupang, cast.ende):
            ParticipantFactory(satker=satker, stage=Stage.RETURNED, return_note="Unggah yang jelas.")
    with time_machine.travel(MORNING, tick=False):
        send()
    assert (len(to(cast.admin_kupang)), len(to(cast.admin_ende))) == (1, 0)
