from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """What a notice is about; people choose per kind how it reaches them by mail."""

    DEADLINE = "deadline", _("Tenggat dan pengingat")
    VERIFICATION = "verification", _("Verifikasi berkas")
    PLACEMENT = "placement", _("Penempatan dan angkatan")
    MENTORING = "mentoring", _("Bimbingan")
    REVIEW = "review", _("Tinjauan rancangan")
    CERTIFICATE = "certificate", _("Sertifikat")
    JOB = "job", _("Pekerjaan yang Anda minta")
    ACCOUNT = "account", _("Akun dan lainnya")


class Delivery(models.TextChoices):
    """When a notice also leaves by mail."""

    NOW = "now", _("Langsung")
    DAILY = "daily", _("Ringkasan")
    NONE = "none", _("Tidak")


class Language(models.TextChoices):
    INDONESIAN = "id", "Bahasa Indonesia"
    ENGLISH = "en", "English"


class MailState(models.TextChoices):
    QUEUED = "queued", _("Menunggu")
    SENT = "sent", _("Terkirim")
    FAILED = "failed", _("Gagal")


class Failure(models.TextChoices):
    """Why the last attempt did not go through, in words for who has to act."""

    UNREACHABLE = "unreachable", _("Server e-mail tidak dapat dihubungi.")
    LOGIN = "login", _("Server e-mail menolak nama atau kata sandi portal.")
    ENCRYPTION = "encryption", _("Sambungan terenkripsi ke server e-mail gagal.")
    SENDER = "sender", _("Server e-mail menolak alamat pengirim portal.")
    BUSY = "busy", _("Server penerima meminta dicoba lagi nanti.")
    REFUSED = "refused", _("Alamat ditolak: tidak ada atau tidak menerima e-mail.")
    MALFORMED = "malformed", _("Alamat atau judul tidak dapat dipakai untuk e-mail.")
    CONTENT = "content", _("Server penerima menolak isi e-mail.")
    EXPIRED = "expired", _("Tautan di dalamnya sudah lewat waktu sebelum terkirim.")


class Audience(models.TextChoices):
    """Who a reminder goes to, seen from the thing that is due."""

    PERSON = "person", _("Yang bersangkutan")
    SATKER = "satker", _("Admin Satker")
    PROVINCE = "province", _("Admin Provinsi")
    PKSDM = "pksdm", _("PKSDM")
    INSTITUTE = "institute", _("Lembaga Pelatihan")
    MENTOR = "mentor", _("Mentor")
    COACH = "coach", _("Coach")
