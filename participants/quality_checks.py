"""The checks of the participants app, one after the other; importing this module registers them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Lower, Replace, Substr
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from latsar.accounts.models import User
from latsar.notices.models import EmailBounce
from latsar.training.models import EntryGolongan
from latsar.ui import words
from participants.enums import Sex, Stage
from participants.models import Participant, Placement
from participants.quality import Check, Condition, Door, Kind, register
from participants.queue import AnswerClock

DRAFT_DAYS, RETURNED_DAYS, INVITED_DAYS = 7, 14, 14


def _digits(column: str) -> Replace:
    """Return a date as its eight digits, in the words of either database."""
    return Replace(Cast(column, CharField(max_length=10)), Value("-"), Value(""))


def _since(today: date, days: int) -> datetime:
    return timezone.make_aware(datetime.combine(today - timedelta(days=days), time.min))


def _simple(condition: Q) -> Condition:
    return lambda _user, _today: condition


def _other(user: User, **same: str) -> Q:
    """Rows that share values with another visible person: what one may not see is not told."""
    others = Participant.objects.visible_to(user).order_by().filter(**{name: OuterRef(column) for name, column in same.items()})
    return Q(Exists(others.exclude(pk=OuterRef("pk"))))


def _wrong_golongan() -> Q:
    """Whoever has an education that the table knows, and a golongan that it does not give to it."""
    rules = EntryGolongan.objects.order_by().filter(education=OuterRef("education"))
    return Q(Exists(rules)) & ~Q(Exists(rules.filter(golongan=OuterRef("golongan"))))


def _nip_part(person: Participant, start: int, stop: int) -> str:
    return person.nip[start:stop]


def _waited(person: Participant) -> str:
    days = (timezone.localdate() - timezone.localdate(person.stage_at)).days
    return ngettext("Sejak %(n)d hari lalu.", "Sejak %(n)d hari lalu.", days) % {"n": days}


register(
    Check(
        "tanggal-lahir-nip",
        Kind.CONTRADICTION,
        _("Tanggal lahir tidak sama dengan NIP"),
        _("Sertifikat memuat keduanya, dan LAN menolak yang berbeda."),
        _simple(~Q(Exact(_digits("birth_date"), Substr("nip", 1, 8)))),
        lambda p: f"{p.birth_date:%d-%m-%Y}, NIP {_nip_part(p, 6, 8)}-{_nip_part(p, 4, 6)}-{_nip_part(p, 0, 4)}",
        "bad",
    )
)
register(
    Check(
        "jenis-kelamin-nip",
        Kind.CONTRADICTION,
        _("Jenis kelamin tidak sama dengan NIP"),
        _("Angka ke-15 NIP adalah 1 untuk laki-laki dan 2 untuk perempuan."),
        _simple(
            (Q(sex=Sex.MALE) & ~Q(Exact(Substr("nip", 15, 1), Value("1"))))
            | (Q(sex=Sex.FEMALE) & ~Q(Exact(Substr("nip", 15, 1), Value("2"))))
        ),
        lambda p: f"{p.get_sex_display()}, NIP …{_nip_part(p, 14, 15)}…",
        "bad",
    )
)
register(
    Check(
        "tmt-nip",
        Kind.CONTRADICTION,
        _("TMT CPNS tidak sama dengan NIP"),
        _("Jam percobaan dihitung dari TMT. Bila salah, batasnya ikut salah."),
        _simple(~Q(Exact(Substr(_digits("tmt_cpns"), 1, 6), Substr("nip", 9, 6)))),
        lambda p: f"{p.tmt_cpns:%d-%m-%Y}, NIP {_nip_part(p, 12, 14)}-{_nip_part(p, 8, 12)}",
        "bad",
    )
)
register(
    Check(
        "golongan-pendidikan",
        Kind.CONTRADICTION,
        _("Golongan tidak cocok dengan pendidikan"),
        _("Angkatan dan kursi dipilih menurut golongan. Cocokkan dengan SK CPNS."),
        _simple(_wrong_golongan()),
        lambda p: f"{p.golongan}, {p.education}",
    )
)
register(
    Check(
        "provinsi-satker",
        Kind.CONTRADICTION,
        _("Provinsi tidak sama dengan satkernya"),
        _("Menentukan siapa yang melihat dan memverifikasi berkas ini."),
        _simple(~Q(Exact(F("province_id"), Coalesce("satker__province_id", "satker_id")))),
        lambda p: str(p.satker),
        "bad",
    )
)
register(
    Check(
        "kursi-angkatan",
        Kind.CONTRADICTION,
        _("Kursi tidak sejalan dengan angkatan"),
        _("Tercatat di sebuah angkatan tanpa kursi yang berlaku di sana."),
        lambda _user, _today: (
            Q(batch__isnull=False)
            & ~Q(Exists(Placement.objects.active().filter(participant=OuterRef("pk"), seat__batch_id=OuterRef("batch_id"))))
        ),
        level="bad",
        door=Door.PERSON,
    )
)
register(
    Check(
        "email-akun",
        Kind.CONTRADICTION,
        _("E-mail akun berbeda dari e-mail orangnya"),
        _("Surat portal dikirim ke alamat akun, jadi bisa sampai ke orang lain."),
        _simple(Q(user__isnull=False) & ~Q(Exact(Lower("user__email"), Lower("email")))),
        lambda p: f"{p.email}; {p.user.email if p.user else ''}",
        tells_contact=True,
    )
)
register(
    Check(
        "orang-ganda",
        Kind.DOUBLE,
        _("Nama dan tanggal lahir sama, NIP berbeda"),
        _("Latsar hanya diikuti sekali. Pastikan ini dua orang."),
        lambda user, _today: _other(user, full_name="full_name", birth_date="birth_date"),
        lambda p: f"{p.birth_date:%d-%m-%Y}",
        "bad",
    )
)
register(
    Check(
        "email-ganda",
        Kind.DOUBLE,
        _("E-mail dipakai lebih dari satu orang"),
        _("Undangan orang yang satu masuk ke kotak surat yang lain."),
        lambda user, _today: _other(user, email="email"),
        lambda p: p.email,
        tells_contact=True,
    )
)
register(
    Check(
        "hp-ganda",
        Kind.DOUBLE,
        _("Nomor HP dipakai lebih dari satu orang"),
        _("Lembaga menghubungi peserta lewat nomor ini."),
        lambda user, _today: ~Q(phone="") & _other(user, phone="phone"),
        lambda p: p.phone,
        tells_contact=True,
    )
)
for _key, _column, _title, _why in (
    ("tempat-lahir", "birth_place", _("Tempat lahir kosong"), _("Tanpa itu sertifikat tidak bisa diterbitkan.")),
    ("nomor-hp", "phone", _("Nomor HP kosong"), _("Lembaga dan coach menghubungi peserta lewat nomor ini.")),
    ("pendidikan", "education", _("Pendidikan kosong"), _("Diminta lembaga saat pemanggilan peserta.")),
    ("alamat", "address", _("Alamat kosong"), _("Diminta lembaga saat pemanggilan peserta.")),
):
    register(Check(_key, Kind.GAP, _title, _why, _simple(Q(**{_column: ""})), level="bad" if _column == "birth_place" else "warn"))
register(
    Check(
        "email-menolak",
        Kind.REACH,
        _("E-mail menolak surat"),
        _("Server alamatnya menjawab bahwa alamat itu tidak ada atau penuh."),
        lambda _user, _today: Q(Exists(EmailBounce.objects.bouncing().order_by().filter(address=Lower(OuterRef("email"))))),
        lambda p: p.email,
        "bad",
        tells_contact=True,
    )
)
register(
    Check(
        "undangan-lama",
        Kind.REACH,
        _("Undangan belum dipakai lebih dari 14 hari"),
        _("Tanpa akun, rancangan tidak bisa ditulis. Kirim ulang atau sampaikan lewat WhatsApp."),
        lambda _user, today: (
            Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX, user__last_login=None)
            & (
                Q(invitation__mailed_at__lt=_since(today, INVITED_DAYS))
                | Q(invitation__mailed_at=None, user__date_joined__lt=_since(today, INVITED_DAYS))
            )
        ),
        door=Door.PERSON,
    )
)
register(
    Check(
        "pendaftaran-lama",
        Kind.STALE,
        _("Terdaftar lebih dari 7 hari, belum diajukan"),
        _("Tanpa pengajuan tidak ada verifikasi dan tidak ada kursi."),
        lambda _user, today: Q(stage=Stage.REGISTERED, stage_at__lt=_since(today, DRAFT_DAYS)),
        _waited,
        door=Door.PERSON,
    )
)
register(
    Check(
        "pengembalian-lama",
        Kind.STALE,
        _("Dikembalikan lebih dari 14 hari, belum disentuh"),
        _("Catatannya menunggu dijawab satker."),
        lambda _user, today: Q(
            stage=Stage.RETURNED, stage_at__lt=_since(today, RETURNED_DAYS), updated_at__lt=_since(today, RETURNED_DAYS)
        ),
        lambda p: p.return_note,
        "bad",
    )
)
register(
    Check(
        "verifikasi-lewat",
        Kind.STALE,
        _("Jawaban verifikasi lewat tenggat"),
        _("Setiap berkas dijawab sebelum tenggatnya."),
        lambda _user, today: Q(stage__in=[Stage.SUBMITTED, Stage.VERIFIED], stage_at__lt=AnswerClock(today).entered_before(today)),
        _waited,
        "bad",
        Door.QUEUE,
    )
)
register(
    Check(
        "penundaan-lewat",
        Kind.STALE,
        _("Penundaan melewati perkiraan akhirnya"),
        _("Jam percobaan tetap berjalan selama ditunda."),
        lambda _user, today: Q(stage=Stage.DEFERRED, deferred_until__lt=today),
        lambda p: words.long_date(p.deferred_until) if p.deferred_until else "",
        "bad",
        Door.MOVEMENT,
    )
)
register(
    Check(
        "belum-dimulai",
        Kind.STALE,
        _("Angkatannya sudah mulai, orangnya masih ditempatkan"),
        _("Mulai angkatannya, atau pindahkan orangnya."),
        lambda _user, today: Q(stage=Stage.PLACED, batch__starts_on__lt=today),
        lambda p: str(p.batch) if p.batch else "",
        "bad",
        Door.BATCH,
    )
)
