from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from latsar.training.enums import Method

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class InstituteQuerySet(models.QuerySet["Institute"]):
    def visible_to(self, user: AnyUser) -> InstituteQuerySet:
        """Institutes are public knowledge to staff; an operator sees the own institute only."""
        scope = user.scope
        if scope.nation or scope.satker_ids or scope.province_ids:
            return self
        return self.filter(pk__in=scope.institute_ids)


class Institute(models.Model):
    """An accredited training institute (BPSDM, Balai Diklat, Pusdiklat, LAN)."""

    code = models.SlugField(_("kode"), max_length=30, unique=True)
    name = models.CharField(_("nama"), max_length=150)
    city = models.CharField(_("kota"), max_length=60)
    province = models.ForeignKey(
        "satker.Satker", models.PROTECT, null=True, blank=True, related_name="institutes", verbose_name=_("provinsi")
    )
    accreditation = models.CharField(_("akreditasi"), max_length=120, blank=True, help_text=_("Tingkat atau bunyinya, misalnya A."))
    accreditation_number = models.CharField(_("nomor akreditasi"), max_length=100, blank=True)
    accredited_until = models.DateField(_("akreditasi berlaku sampai"), null=True, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telepon"), max_length=30, blank=True)
    address = models.CharField(_("alamat"), max_length=250, blank=True)
    head_1 = models.CharField(
        _("kop baris pertama"), max_length=120, blank=True, help_text=_("Di kepala dokumen lembaga, misalnya PEMERINTAH PROVINSI ….")
    )
    head_2 = models.CharField(_("kop baris kedua"), max_length=120, blank=True)
    signer_name = models.CharField(_("nama penanda tangan"), max_length=150, blank=True)
    signer_title = models.CharField(_("jabatan penanda tangan"), max_length=150, blank=True)
    record_closing = models.CharField(
        _("kalimat penutup berita acara"), max_length=500, blank=True, help_text=_("Kosong: kalimat bawaan portal.")
    )
    is_active = models.BooleanField(_("aktif"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = InstituteQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("lembaga pelatihan")
        verbose_name_plural = _("lembaga pelatihan")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("institute_detail", args=[self.pk])


class InstituteContact(models.Model):
    """Somebody at the institute whom satker and PKSDM may ask."""

    institute = models.ForeignKey(Institute, models.CASCADE, related_name="contacts", verbose_name=_("lembaga"))
    order = models.PositiveSmallIntegerField(_("urutan"), default=1)
    name = models.CharField(_("nama"), max_length=120)
    duty = models.CharField(_("tugas"), max_length=120, blank=True, help_text=_("Misalnya Bidang penyelenggaraan."))
    phone = models.CharField(_("telepon"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        ordering = ["institute", "order", "pk"]
        verbose_name = _("kontak lembaga")
        verbose_name_plural = _("kontak lembaga")
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email=""),
                name="institute_contact_is_reachable",
                violation_error_message=_("Isi telepon atau e-mailnya."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Tariff(models.Model):
    """Contribution per participant in rupiah, per institute (or the national PNBP when empty), method and year."""

    institute = models.ForeignKey(Institute, models.CASCADE, null=True, blank=True, related_name="tariffs", verbose_name=_("lembaga"))
    method = models.CharField(_("metode"), max_length=16, choices=Method)
    year = models.PositiveSmallIntegerField(_("tahun"))
    amount = models.PositiveIntegerField(_("tarif (Rp)"))
    source = models.CharField(_("sumber"), max_length=200, blank=True)

    class Meta:
        ordering = ["-year", "method"]
        verbose_name = _("tarif")
        verbose_name_plural = _("tarif")
        constraints = [
            models.UniqueConstraint(fields=["institute", "method", "year"], condition=Q(institute__isnull=False), name="tariff_once"),
            models.UniqueConstraint(fields=["method", "year"], condition=Q(institute=None), name="tariff_national_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.year}"


class EntryGolongan(models.Model):
    """A golongan of a first appointment that goes with an education; one row a pair. Ref: PP 99/2000 jo PP 12/2002."""

    education = models.CharField(_("pendidikan"), max_length=60, help_text=_("Seperti di formulir, misalnya S-1."))
    golongan = models.CharField(
        _("golongan"), max_length=5, validators=[RegexValidator(r"^(II|III)/[a-d]$", _("Tulis seperti II/c atau III/a."))]
    )

    class Meta:
        ordering = ["education", "golongan"]
        verbose_name = _("golongan menurut pendidikan")
        verbose_name_plural = _("golongan menurut pendidikan")
        constraints = [
            models.UniqueConstraint(
                fields=["education", "golongan"], name="entry_golongan_once", violation_error_message=_("Pasangan ini sudah ada.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.education}: {self.golongan}"


class SbmRate(models.Model):
    """Uang harian per person and day in rupiah. Ref: PMK 32/2025 (SBM 2026); empty where the source has none."""

    province = models.ForeignKey("satker.Satker", models.PROTECT, related_name="sbm_rates", verbose_name=_("provinsi"))
    year = models.PositiveSmallIntegerField(_("tahun"))
    training_day = models.PositiveIntegerField(_("diklat (Rp)"), null=True, blank=True)
    out_of_town = models.PositiveIntegerField(_("luar kota (Rp)"), null=True, blank=True)
    in_town_8h = models.PositiveIntegerField(_("dalam kota 8 jam (Rp)"), null=True, blank=True)

    class Meta:
        ordering = ["-year", "province"]
        verbose_name = _("uang harian SBM")
        verbose_name_plural = _("uang harian SBM")
        constraints = [models.UniqueConstraint(fields=["province", "year"], name="sbm_once")]

    def __str__(self) -> str:
        return f"{self.province} {self.year}"


class Holiday(models.Model):
    """A day without training: national holiday or cuti bersama."""

    date = models.DateField(_("tanggal"), unique=True)
    name = models.CharField(_("nama"), max_length=120)
    is_joint_leave = models.BooleanField(_("cuti bersama"), default=False)
    is_own = models.BooleanField(_("diisi sendiri"), default=False, help_text=_("Tidak ditimpa saat data rujukan dimuat ulang."))

    class Meta:
        ordering = ["date"]
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="holiday_has_name")]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}"
