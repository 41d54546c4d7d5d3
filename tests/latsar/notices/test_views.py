from __future__ import annotations

from datetime import time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from latsar.accounts.models import AuditEntry
from latsar.notices.enums import Failure, MailState, NoticeKind
from latsar.notices.models import EmailBounce, MailChoice, MailSettings, Notice, OutboxMail
from latsar.notices.services import notify
from latsar.notices.wishes import wishes_of
from tests.factories import ParticipantFactory, UserFactory

SETTINGS = {
    "quiet_from": "20:00", "quiet_to": "07:00", "digest_at": "08:00", "lists_todos": "on", "language": "en",
    "kirim_deadline": "daily", "kirim_mentoring": "now", "kirim_review": "none", "kirim_account": "now",
}  # fmt: skip


def test_notices_shows_own_and_counts_unread(cast, sign_in):
    notify(user=cast.pksdm, text="Berkas dikembalikan", url="/peserta/")
    notify(user=cast.stranger, text="Bukan untuk Anda")
    html = sign_in(cast.pksdm).get("/pemberitahuan/").content.decode()
    assert "Berkas dikembalikan" in html
    assert "1 belum dibaca." in html
    assert "Bukan untuk Anda" not in html


@pytest.mark.parametrize(
    ("query", "shown"), [("", {"Satu", "Dua"}), ("?baca=baru", {"Dua"}), ("?jenis=job", {"Satu"}), ("?jenis=job&baca=baru", set()), ("?jenis=x", {"Satu", "Dua"})]
)  # fmt: skip
def test_notices_filters_by_kind_and_unread(cast, sign_in, query, shown):
    Notice.objects.create(user=cast.pksdm, text="Satu", kind=NoticeKind.JOB, read_at=timezone.now())
    Notice.objects.create(user=cast.pksdm, text="Dua", kind=NoticeKind.REVIEW)
    html = sign_in(cast.pksdm).get(f"/pemberitahuan/{query}").content.decode()
    assert {text for text in ("Satu", "Dua") if f"{text}</b>" in html or f"{text}</span>" in html} == shown


@time_machine.travel("2026-11-23 05:00:00+00:00", tick=False)
def test_notices_group_by_the_readers_day(cast, sign_in):
    cast.pksdm.zone = "WIT"
    cast.pksdm.save()
    for hours in (1, 15, 40):
        Notice.objects.create(user=cast.pksdm, text="x", created_at=timezone.now() - timedelta(hours=hours))
    days = sign_in(cast.pksdm).get("/pemberitahuan/").context["days"]
    assert [day.label for day in days] == ["Hari ini", "Kemarin", "21 November 2026 (Sabtu)"]


def test_notices_cost_the_same_for_one_and_three(cast, sign_in):
    client, costs = sign_in(cast.pksdm), []
    for _round in range(2):
        notify(user=cast.pksdm, text="Kabar", url="/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/pemberitahuan/")
        costs.append(len(queries))
        notify(user=cast.pksdm, text="Kabar lain", url="/")
    assert costs[0] == costs[1]


def test_notices_read_marks_one_and_leads_on(cast, sign_in):
    notice = notify(user=cast.pksdm, text="Berkas dikembalikan", url="/peserta/")
    answer = sign_in(cast.pksdm).post("/pemberitahuan/baca/", {"id": notice.pk})
    assert (answer.status_code, answer.url) == (302, "/peserta/")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_notices_read_can_stay_on_the_list(cast, sign_in):
    notice = notify(user=cast.pksdm, text="Berkas dikembalikan", url="/peserta/")
    assert sign_in(cast.pksdm).post("/pemberitahuan/baca/", {"id": notice.pk, "tetap": "1"}).url == "/pemberitahuan/"


def test_notices_read_never_leads_outside(cast, sign_in):
    notice = notify(user=cast.pksdm, text="Umpan", url="https://jahat.example/")
    assert sign_in(cast.pksdm).post("/pemberitahuan/baca/", {"id": notice.pk}).url == "/pemberitahuan/"


def test_notices_read_of_somebody_else_is_not_found(cast, sign_in):
    notice = notify(user=cast.pksdm, text="Berkas dikembalikan")
    client = sign_in(cast.stranger)
    assert client.post("/pemberitahuan/baca/", {"id": notice.pk}).status_code == 404
    assert client.post("/pemberitahuan/baca/", {"id": "x"}).status_code == 404
    assert not Notice.objects.get(pk=notice.pk).read_at


def test_notices_read_all_can_be_taken_back(cast, sign_in):
    old = Notice.objects.create(user=cast.pksdm, text="Lama", read_at=timezone.now() - timedelta(days=1))
    mine, other = notify(user=cast.pksdm, text="Satu"), notify(user=cast.stranger, text="Dua")
    client = sign_in(cast.pksdm)
    page = client.get(client.post("/pemberitahuan/baca/").url)
    assert Notice.objects.get(pk=mine.pk).read_at
    assert not Notice.objects.get(pk=other.pk).read_at
    client.post("/pemberitahuan/baca/", {"urung": page.context["undo"]})
    assert not Notice.objects.get(pk=mine.pk).read_at
    assert Notice.objects.get(pk=old.pk).read_at


@pytest.mark.parametrize("junk", ["kemarin", "2026-13-40T00:00:00+00:00", "2026-11-23T00:00:00"])
def test_notices_undo_of_junk_shows_nothing(cast, sign_in, junk):
    assert sign_in(cast.pksdm).get("/pemberitahuan/", {"urung": junk}).context["undo"] == ""


def test_notice_settings_saves_and_says_so(cast, sign_in):
    client = sign_in(cast.mentor_a)
    answer = client.post("/akun/pemberitahuan/", SETTINGS, follow=True)
    assert "Pengaturan pemberitahuan tersimpan." in answer.content.decode()
    wishes = wishes_of(cast.mentor_a)
    assert (wishes.quiet_from, wishes.quiet_to, wishes.digest_at, wishes.language) == (time(20), time(7), time(8), "en")
    assert (wishes.delivery("review"), wishes.is_open_on_weekends) == ("none", False)
    assert AuditEntry.objects.get(verb="mail_settings").changes["review"] == ["now", "none"]
    client.post("/akun/pemberitahuan/", SETTINGS | {"kirim_review": "daily"})
    assert (MailSettings.objects.count(), MailChoice.objects.get(kind="review").delivery) == (1, "daily")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"digest_at": "06:00"}, "digest_at"), ({"kirim_review": "sometimes"}, "kirim_review"), ({"language": "fr"}, "language"), ({"quiet_to": "6"}, "quiet_to")],
)  # fmt: skip
def test_notice_settings_refused_keeps_what_was_chosen(cast, sign_in, change, field):
    answer = sign_in(cast.mentor_a).post("/akun/pemberitahuan/", SETTINGS | change)
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"]["quiet_from"].value() == "20:00"
    assert not MailSettings.objects.exists()


def test_notice_settings_offers_no_switch_for_security_mail(cast, sign_in):
    answer = sign_in(cast.mentor_a).get("/akun/pemberitahuan/")
    assert [one.name for one in answer.context["form"].kinds()] == ["kirim_deadline", "kirim_mentoring", "kirim_review", "kirim_account"]
    assert "E-mail keamanan selalu dikirim" in answer.content.decode()


@time_machine.travel("2026-11-23 15:00:00+00:00", tick=False)
def test_notice_settings_says_what_will_happen(cast, sign_in):
    lines = sign_in(cast.mentor_a).get("/akun/pemberitahuan/").context["lines"]
    assert lines == [
        "E-mail langsung terkirim antara 06.00 dan 21.00 WIB pada hari kerja; di luar itu menunggu.",
        "Kabar yang datang sekarang dikirim Selasa, 24 Nov, 06.00 WIB.",
        "Ringkasan datang pukul 07.00 WIB pada hari kerja, hanya bila ada isinya.",
    ]


def test_notice_settings_warns_of_a_bouncing_address(cast, sign_in):
    EmailBounce.objects.create(address=cast.mentor_a.email)
    assert "menolak e-mail" in sign_in(cast.mentor_a).get("/akun/pemberitahuan/").content.decode()


def mails_of(cast) -> list[OutboxMail]:
    own = UserFactory(full_name="Maria Contoh", email="maria@contoh.go.id")
    ParticipantFactory(satker=cast.kupang, user=own)
    now = timezone.now()
    rows = (
        {"key": "waiting"},
        {"key": "held", "send_after": now + timedelta(hours=5)},
        {"key": "retry", "attempts": 2, "send_after": now + timedelta(hours=1), "failure": Failure.BUSY},
        {"key": "failed", "state": MailState.FAILED, "failure": Failure.REFUSED, "attempts": 1, "error": "550 no such user"},
        {"key": "sent", "state": MailState.SENT, "sent_at": now, "body": ""},
    )
    return [OutboxMail.objects.create(**{"user": own, "to": own.email, "subject": row["key"], "body": "rahasia"} | row) for row in rows]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"keadaan": "menunggu"}, {"waiting"}),
        ({"keadaan": "ditahan"}, {"held"}),
        ({"keadaan": "dicoba-lagi"}, {"retry"}),
        ({"keadaan": "gagal"}, {"failed"}),
        ({"keadaan": "terkirim"}, {"sent"}),
        ({"q": "maria@"}, {"waiting", "held", "retry", "failed", "sent"}),
        ({"q": "Maria C"}, {"waiting", "held", "retry", "failed", "sent"}),
        ({"q": "tidak ada"}, set()),
        ({"jenis": "review"}, set()),
    ],
)
def test_outbox_filters_by_state_and_address(cast, sign_in, query, shown):
    mails_of(cast)
    for user in (cast.pksdm, cast.admin_kupang):
        answer = sign_in(user).get("/surel/", query)
        assert {row.mail.key for row in answer.context["rows"]} == shown
        assert "rahasia" not in answer.content.decode()


def test_outbox_counts_each_state_and_says_why(cast, sign_in):
    mails_of(cast)
    answer = sign_in(cast.pksdm).get("/surel/")
    assert [figure.number for figure in answer.context["figures"]] == [1, 1, 1, 1]
    html = answer.content.decode()
    assert "Alamat ditolak: tidak ada atau tidak menerima e-mail." in html
    assert "Percobaan 2 dari 8" in html


def test_outbox_shows_no_foreign_mail(cast, sign_in):
    mails_of(cast)
    assert sign_in(cast.admin_badung).get("/surel/").context["rows"] == []


def test_outbox_costs_the_same_for_one_and_many(cast, sign_in):
    client, costs = sign_in(cast.pksdm), []
    for number in range(2):
        OutboxMail.objects.create(key=f"n{number}", user=UserFactory(), to="x@contoh.go.id", subject="x", body="x")
        with CaptureQueriesContext(connection) as queries:
            client.get("/surel/")
        costs.append(len(queries))
        mails_of(cast) if number == 0 else None
    assert costs[0] == costs[1]


def test_outbox_retry_sends_one_or_all_again(cast, sign_in):
    mails = {mail.key: mail for mail in mails_of(cast)}
    client = sign_in(cast.admin_kupang)
    assert "1 e-mail dikirim ulang." in client.post("/surel/ulangi/", {"id": mails["retry"].pk}, follow=True).content.decode()
    assert "1 e-mail dikirim ulang." in client.post("/surel/ulangi/", follow=True).content.decode()
    assert "E-mail ini sudah terkirim." in client.post("/surel/ulangi/", {"id": mails["sent"].pk}, follow=True).content.decode()
    assert client.post("/surel/ulangi/", {"id": "x"}).status_code == 404
    assert sign_in(cast.admin_badung).post("/surel/ulangi/", {"id": mails["failed"].pk}).status_code == 404
