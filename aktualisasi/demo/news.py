"""Notices under every bell of the demo, and an outbox with one mail of each state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from aktualisasi.demo.accounts import Cast
from latsar.accounts.models import User
from latsar.notices.enums import Failure, MailState, NoticeKind
from latsar.notices.models import EmailBounce, Notice, OutboxMail
from participants.groups import people_url

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One notice; `ago` and `due` count days from today, `door` names the page it leads to."""

    kind: str
    text: str
    door: str
    action: str
    ago: float
    due: int | None = None
    is_read: bool = False


REVIEW, PLACEMENT, DEADLINE = NoticeKind.REVIEW, NoticeKind.PLACEMENT, NoticeKind.DEADLINE
VERIFICATION, MENTORING, CERTIFICATE = NoticeKind.VERIFICATION, NoticeKind.MENTORING, NoticeKind.CERTIFICATE
LINES: dict[str, tuple[Line, ...]] = {
    "pksdm": (
        Line(
            DEADLINE,
            "Batas masa percobaan 18 CPNS 14 hari lagi, tanpa Latsar yang selesai sebelumnya.",
            "people",
            "Lihat orangnya",
            0.1,
            14,
        ),
        Line(VERIFICATION, "12 berkas harus dijawab paling lambat besok.", "verification_queue", "Buka antrean", 0.2, 1),
        Line(PLACEMENT, "28 CPNS mulai Latsar 14 hari lagi di BPSDM Provinsi NTT.", "batch_list", "Lihat angkatannya", 1.1, 14),
        Line(
            CERTIFICATE,
            "Satu sertifikat dicabut karena nama tidak sama dengan SK CPNS.",
            "certificate_list",
            "Lihat sertifikat",
            3.2,
            None,
            True,
        ),
    ),
    "provinsi.ntt": (
        Line(VERIFICATION, "3 berkas lewat batas jawab, lewat 1 hari.", "verification_queue", "Buka antrean", 0.1, -1),
        Line(
            DEADLINE, "Batas masa percobaan 2 CPNS 30 hari lagi, tanpa Latsar yang selesai sebelumnya.", "people", "Lihat orangnya", 0.2, 30
        ),
        Line(
            PLACEMENT,
            "28 CPNS mulai Latsar 14 hari lagi. Siapkan surat tugas dan bebas tugasnya.",
            "people",
            "Lihat pesertanya",
            1.3,
            14,
            True,
        ),
    ),
    "satker.kupang": (
        Line(VERIFICATION, "1 berkas dikembalikan dan belum diajukan lagi. Perbaiki menurut catatannya.", "people", "Lihat berkasnya", 0.1),
        Line(NoticeKind.ACCOUNT, "2 peserta diundang tiga hari lalu dan belum membuat kata sandi.", "people", "Lihat peserta", 1.2),
        Line(PLACEMENT, "CPNS Anda ditempatkan di Angkatan I, BPSDM Provinsi NTT.", "people", "Lihat pesertanya", 6.4, None, True),
    ),
    "lembaga.ntt": (
        Line(DEADLINE, "9 peserta belum ditandai selesai di fase yang berakhir 1 hari lagi.", "batch_list", "Tandai", 0.2, 1),
        Line(PLACEMENT, "28 peserta mulai Latsar 14 hari lagi.", "batch_list", "Lihat angkatannya", 1.4, 14, True),
    ),
    "pemeriksa.ntt": (
        Line(NoticeKind.ACCOUNT, "Akun Anda sebagai pemeriksa nilai sudah aktif.", "score_list", "Lihat nilai", 2.2, None, True),
    ),
    "peserta": (
        Line(REVIEW, "Rancangan Anda dikembalikan mentor dengan catatan.", "aktualisasi_home", "Buka rancangan", 0.3),
        Line(
            DEADLINE, "Ajukan rancangan aktualisasi ke mentor: seminar rancangan 7 hari lagi.", "aktualisasi_home", "Buka rancangan", 0.5, 7
        ),
        Line(MENTORING, "Mentor Anda: Bernadus Hala, S.T., M.Si.", "mentoring_home", "Buka bimbingan", 9.1, None, True),
        Line(PLACEMENT, "Anda ditempatkan di Angkatan I, BPSDM Provinsi NTT.", "home", "Lihat jadwal", 25.2, None, True),
    ),
    "mentor": (
        Line(REVIEW, "2 rancangan menunggu jawaban Anda, batasnya 1 hari lagi.", "mentoring_home", "Buka bimbingan", 0.2, 1),
        Line(MENTORING, "Anda menjadi mentor Maria Yosefina Lado, S.Kom.", "mentoring_home", "Buka bimbingan", 9.1, None, True),
    ),
    "peserta.habituasi": (
        Line(REVIEW, "Laporan minggu 2 disetujui mentor.", "habituasi_home", "Buka habituasi", 6.2, None, True),
        Line(DEADLINE, "Kirim laporan habituasi minggu 4 ke mentor.", "habituasi_home", "Tulis laporan", 0.2, 1),
    ),
    "mentor.habituasi": (
        Line(REVIEW, "Laporan minggu 3 dan satu perubahan rencana menunggu jawaban Anda.", "habituasi_home", "Jawab", 0.3, 1),
    ),
    "coach": (Line(DEADLINE, "Seminar rancangan kelompok Anda 7 hari lagi.", "mentoring_home", "Buka kelompok", 0.4, 7),),
    "penguji": (Line(NoticeKind.ACCOUNT, "Akun Anda sebagai penguji sudah aktif.", "account", "Lihat akun", 2.1, None, True),),
    "pimpinan": (Line(NoticeKind.JOB, "Selesai: Rekap nasional. 38 dari 38 selesai.", "job_list", "Unduh", 1.1, None, True),),
}


def tell(cast: Cast, now: datetime) -> None:
    """Write the notices of every account of the demo, then the mails."""
    Notice.objects.bulk_create(
        _notice(cast.users[name], line, now, f"demo-{name}-{number}") for name, lines in LINES.items() for number, line in enumerate(lines)
    )
    _mails(cast, now)


def _notice(user: User, line: Line, now: datetime, key: str) -> Notice:
    made = now - line.ago * DAY
    return Notice(
        user=user,
        kind=line.kind,
        text=line.text,
        url=people_url() if line.door == "people" else reverse(line.door),
        action=line.action,
        due_on=timezone.localdate(now) + line.due * DAY if line.due is not None else None,
        key=key,
        created_at=made,
        read_at=made + DAY / 24 if line.is_read else None,
    )


def _mails(cast: Cast, now: datetime) -> None:
    """One mail of each state; the texts of the unsent ones are harmless."""
    text = "Contoh e-mail dari data rekaan portal Latsar KPU."
    invited, mentor = cast.users["peserta"], cast.users["mentor"]
    refused = "550 5.1.1 User unknown"
    shared = {"kind": NoticeKind.ACCOUNT, "is_security": True, "subject": "Undangan masuk portal Latsar CPNS KPU"}
    OutboxMail.objects.bulk_create(
        [
            OutboxMail(key="demo-1", user=invited, to=invited.email, state=MailState.SENT, attempts=1, created_at=now - 25 * DAY, sent_at=now - 25 * DAY, **shared),
            OutboxMail(key="demo-2", to="nama-salah@contoh.go.id", state=MailState.FAILED, attempts=1, failure=Failure.REFUSED, error=refused, body=text, created_at=now - 2 * DAY, tried_at=now - 2 * DAY, **shared),
            OutboxMail(key="demo-3", user=mentor, to=mentor.email, kind=REVIEW, subject="Rancangan menunggu jawaban Anda", state=MailState.QUEUED, body=text, created_at=now, send_after=now + DAY),
            OutboxMail(key="demo-4", user=invited, to=invited.email, kind=REVIEW, subject="Rancangan Anda dikembalikan mentor dengan catatan.", state=MailState.QUEUED, attempts=3, failure=Failure.BUSY, error="451 4.7.1 Greylisted, try again later", body=text, created_at=now - DAY / 8, tried_at=now, send_after=now + DAY),
        ]
    )  # fmt: skip
    EmailBounce.objects.create(address="nama-salah@contoh.go.id", reason=refused, first_at=now - 2 * DAY, last_at=now - 2 * DAY)
