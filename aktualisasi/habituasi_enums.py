"""Words and limits of the habituasi, of what is written about it, and of the library."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WorkState(models.TextChoices):
    """How far a tahapan is; that it is late is computed from its day."""

    NOT_BEGUN = "todo", pgettext_lazy("tahapan", "Belum")
    RUNNING = "running", pgettext_lazy("tahapan", "Berjalan")
    DONE = "done", pgettext_lazy("tahapan", "Selesai")


class ReportStage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("weekly report", "Ditulis")
    SENT = "sent", _("Menunggu mentor")
    RETURNED = "returned", _("Dikembalikan mentor")
    APPROVED = "approved", _("Disetujui mentor")


class ChangeStage(models.TextChoices):
    OPEN = "open", _("Menunggu mentor")
    APPROVED = "approved", _("Disetujui mentor")
    REFUSED = "refused", _("Ditolak mentor")
    WITHDRAWN = "withdrawn", _("Ditarik kembali")


class ChangeKind(models.TextChoices):
    CHANGE = "change", _("Ubah tahapan")
    ADD = "add", _("Tambah tahapan")
    DROP = "drop", _("Hapus tahapan")


class ConsentSide(models.TextChoices):
    """Who releases a finished aktualisasi to the library; both must."""

    AUTHOR = "author", _("Penulis")
    SATKER = "satker", _("Satker")


MAX_AT_ONCE = 10
"""Files of one evidence form: each is opened in a process of its own while the sender waits."""
MAX_PER_TAHAPAN = 20
MAX_PER_PERSON = 300
"""Evidence: far above what anybody shows, low enough that nobody fills the disk."""
MAX_MEASURES = 10
"""Measured rows, before and after, of one laporan."""
REASON = 1000
"""Letters of a reason or a mentor's note."""
