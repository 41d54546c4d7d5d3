from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class SatkerKind(models.TextChoices):
    SETJEN = "SETJEN", _("Sekretariat Jenderal")
    PROVINCE = "PROVINSI", _("KPU/KIP provinsi")
    REGENCY = "KABKOTA", _("KPU/KIP kabupaten/kota")


class Zone(models.TextChoices):
    WIB = "WIB", "WIB"
    WITA = "WITA", "WITA"
    WIT = "WIT", "WIT"


class SatkerQuerySet(models.QuerySet["Satker"]):
    def visible_to(self, user: AnyUser) -> SatkerQuerySet:
        """Units inside the user's grants; institutes and participants see none."""
        scope = user.scope
        if scope.nation:
            return self
        return self.filter(Q(pk__in=scope.satker_ids) | Q(province_id__in=scope.province_ids))

    def active(self) -> SatkerQuerySet:
        return self.filter(closed_on=None)

    def search(self, text: str) -> SatkerQuerySet:
        """Match a name part, an old one too, the region code from its start, or the whole DIPA code."""
        text = " ".join(text.split())
        if not text:
            return self
        once = Exists(SatkerChange.objects.filter(satker=OuterRef("pk"), old_name__icontains=text))
        return self.filter(Q(name__icontains=text) | Q(code__startswith=text) | Q(dipa_code=text) | once)


class Satker(models.Model):
    """One of KPU's 553 working units; `code` is the Kemendagri region code and never re-used."""

    code = models.CharField(_("kode wilayah"), max_length=8, unique=True)
    name = models.CharField(_("nama"), max_length=150)
    kind = models.CharField(_("jenis"), max_length=8, choices=SatkerKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("induk"))
    province = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("satker provinsi"))
    province_name = models.CharField(_("provinsi"), max_length=60, blank=True)
    dipa_code = models.CharField(_("kode satker DIPA"), max_length=6, null=True, blank=True, unique=True)
    zone = models.CharField(_("zona waktu"), max_length=4, choices=Zone, default=Zone.WIB)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telepon"), max_length=30, blank=True)
    address = models.CharField(_("alamat"), max_length=250, blank=True)
    closed_on = models.DateField(_("ditutup tanggal"), null=True, blank=True)

    objects = SatkerQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("satker")
        verbose_name_plural = _("satker")
        indexes = [models.Index(fields=["province", "name"], name="satker_province_name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(dipa_code=None) | Q(dipa_code__regex=r"^[0-9]{6}$"),
                name="satker_dipa_six_digits",
                violation_error_message=_("Kode satker DIPA terdiri atas 6 angka."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SatkerChange(models.Model):
    """A rename, split, merge or closure, kept for ever; old names stay findable."""

    class Kind(models.TextChoices):
        RENAME = "rename", _("ganti nama")
        SPLIT = "split", _("pemekaran")
        MERGE = "merge", _("penggabungan")
        CLOSE = "close", _("penutupan")

    satker = models.ForeignKey(Satker, models.PROTECT, related_name="changes", verbose_name=_("satker"))
    kind = models.CharField(_("jenis perubahan"), max_length=8, choices=Kind)
    old_name = models.CharField(_("nama lama"), max_length=150, blank=True)
    effective_on = models.DateField(_("berlaku tanggal"))
    basis = models.CharField(_("dasar"), max_length=200, help_text=_("Nomor keputusan atau undang-undang."))

    class Meta:
        ordering = ["-effective_on"]
        verbose_name = _("riwayat satker")
        verbose_name_plural = _("riwayat satker")

    def __str__(self) -> str:
        return f"{self.satker}: {self.get_kind_display()}"
