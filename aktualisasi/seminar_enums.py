from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SeminarState(models.TextChoices):
    """Where a seminar stands."""

    DRAFT = "draft", pgettext_lazy("seminar", "Disusun")
    ANNOUNCED = "announced", pgettext_lazy("seminar", "Diumumkan")
    RUNNING = "running", pgettext_lazy("seminar", "Berlangsung")
    DONE = "done", pgettext_lazy("seminar", "Selesai")
    CANCELLED = "cancelled", pgettext_lazy("seminar", "Dibatalkan")


class TurnOutcome(models.TextChoices):
    """What was decided on a turn."""

    ACCEPTED = "accepted", _("Diterima")
    REVISE = "revise", _("Diterima dengan perbaikan")
    REPEAT = "repeat", _("Diulang")


class MarkState(models.TextChoices):
    DRAFT = "draft", _("Belum dikirim")
    SENT = "sent", _("Terkirim")


class Attendee(models.TextChoices):
    """As what somebody is at a turn."""

    EXAMINER = "penguji", _("Penguji")
    COACH = "coach", _("Coach")
    MENTOR = "mentor", _("Mentor")
    PERSON = "peserta", pgettext_lazy("role", "Peserta")


class Presence(models.TextChoices):
    ONSITE = "onsite", _("Hadir, luring")
    ONLINE = "online", _("Hadir, daring")
    ABSENT = "absent", _("Tidak hadir")
