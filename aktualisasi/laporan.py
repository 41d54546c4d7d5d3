"""What the laporan says beyond the plan and the evidence: 5W1H, benefit, follow-up, and the originality statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aktualisasi.enums import LONG
from aktualisasi.habituasi_enums import MAX_MEASURES
from aktualisasi.plan import Kegiatan
from aktualisasi.rancangan import Rancangan

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class OriginalityStatement(models.Model):
    """The words that an author declares; the newest that has begun counts, what was declared before keeps its own."""

    text = models.TextField(_("isi pernyataan"), max_length=LONG)
    effective_from = models.DateField(_("berlaku mulai"), default=timezone.localdate, unique=True)

    class Meta:
        ordering = ["-effective_from"]
        verbose_name = _("pernyataan keaslian")
        verbose_name_plural = _("pernyataan keaslian")

    def __str__(self) -> str:
        return self.text[:80]


class LaporanQuerySet(models.QuerySet["Laporan"]):
    def visible_to(self, user: AnyUser) -> LaporanQuerySet:
        if user.scope.nation:
            return self
        return self.filter(rancangan__in=Rancangan.objects.visible_to(user))


class Laporan(models.Model):
    """The report of an aktualisasi. Its review and its versions are papers; this is what it says.

    The statement is frozen with the exact words that its author saw.
    """

    rancangan = models.OneToOneField(Rancangan, models.PROTECT, related_name="laporan", verbose_name=_("rancangan"))
    background = models.TextField(_("latar belakang pelaksanaan"), max_length=LONG, blank=True)
    situation = models.TextField(_("keadaan sebelum aktualisasi"), max_length=LONG, blank=True)
    action = models.TextField(_("yang dilakukan"), max_length=LONG, blank=True)
    outcome = models.TextField(_("hasil sesudah aktualisasi"), max_length=LONG, blank=True)
    benefit_unit = models.TextField(_("manfaat bagi satker"), max_length=LONG, blank=True)
    benefit_public = models.TextField(_("manfaat bagi masyarakat"), max_length=LONG, blank=True)
    follow_up = models.TextField(_("rencana tindak lanjut"), max_length=LONG, blank=True)
    closing = models.TextField(_("kesimpulan dan saran"), max_length=LONG, blank=True)
    statement_text = models.TextField(_("pernyataan keaslian"), max_length=LONG, blank=True)
    statement_at = models.DateTimeField(_("dinyatakan"), null=True, blank=True)
    statement_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = LaporanQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]
        verbose_name = _("laporan aktualisasi")
        verbose_name_plural = _("laporan aktualisasi")
        constraints = [
            models.CheckConstraint(
                condition=Q(statement_at=None, statement_by=None, statement_text="")
                | (Q(statement_at__isnull=False, statement_by__isnull=False) & ~Q(statement_text="")),
                name="laporan_statement_whole",
            )
        ]

    def __str__(self) -> str:
        return str(self.rancangan)


class LaporanKegiatan(models.Model):
    """One kegiatan as it was carried out, in 5W1H, with what it brought."""

    laporan = models.ForeignKey(Laporan, models.CASCADE, related_name="kegiatan", verbose_name=_("laporan"))
    kegiatan = models.ForeignKey(Kegiatan, models.CASCADE, related_name="+", verbose_name=_("kegiatan"))
    what = models.TextField(_("apa yang dikerjakan"), max_length=LONG, blank=True)
    who = models.TextField(_("siapa yang terlibat"), max_length=LONG, blank=True)
    when = models.TextField(_("kapan"), max_length=LONG, blank=True)
    where = models.TextField(_("di mana"), max_length=LONG, blank=True)
    why = models.TextField(_("mengapa"), max_length=LONG, blank=True)
    how = models.TextField(_("bagaimana"), max_length=LONG, blank=True)
    outputs = models.TextField(_("output yang dicapai"), max_length=LONG, blank=True)
    values_lived = models.TextField(_("nilai dasar yang dijalankan"), max_length=LONG, blank=True)

    class Meta:
        ordering = ["laporan", "kegiatan__order"]
        verbose_name = _("uraian kegiatan")
        verbose_name_plural = _("uraian kegiatan")
        constraints = [models.UniqueConstraint(fields=["laporan", "kegiatan"], name="laporan_kegiatan_once")]

    def __str__(self) -> str:
        return str(self.kegiatan)


class LaporanMeasure(models.Model):
    """One thing measured before and after: "waktu menemukan berkas", "40 menit", "2 menit"."""

    laporan = models.ForeignKey(Laporan, models.CASCADE, related_name="measures", verbose_name=_("laporan"))
    order = models.PositiveSmallIntegerField(_("urutan"))
    indicator = models.CharField(_("yang diukur"), max_length=200)
    before = models.CharField(_("sebelum"), max_length=100)
    after = models.CharField(_("sesudah"), max_length=100)

    class Meta:
        ordering = ["laporan", "order"]
        verbose_name = _("ukuran manfaat")
        verbose_name_plural = _("ukuran manfaat")
        constraints = [
            models.UniqueConstraint(fields=["laporan", "order"], name="laporan_measure_order_once"),
            models.CheckConstraint(condition=Q(order__gte=1, order__lte=MAX_MEASURES), name="laporan_measure_order_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.before} → {self.after}"
