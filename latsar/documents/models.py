from __future__ import annotations

import secrets
from base64 import b32encode
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.documents.upload.sessions import UploadSession

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

__all__ = ["DocumentKind", "DocumentState", "IssuedDocument", "Issuer", "NumberSeries", "UploadSession", "new_token"]


def new_token() -> str:
    """Return 160 random bits as 32 base-32 characters (upper case keeps the QR small)."""
    return b32encode(secrets.token_bytes(20)).decode()


class DocumentKind(models.TextChoices):
    COMPLETION = "completion", _("Surat keterangan menyelesaikan Latsar")
    ORIENTATION = "orientation", _("Sertifikat orientasi tugas")
    MENTOR = "mentor", _("Piagam mentor")


class Issuer(models.Model):
    """Who signs: the words at the head and foot of a document. Data, never constants (unverified facts)."""

    name = models.CharField(_("nama"), max_length=120, unique=True)
    line_1 = models.CharField(_("baris kop pertama"), max_length=120)
    line_2 = models.CharField(_("baris kop kedua"), max_length=120, blank=True)
    city = models.CharField(_("kota"), max_length=60)
    signer_title = models.CharField(_("jabatan penanda tangan"), max_length=150)
    signer_name = models.CharField(_("nama penanda tangan"), max_length=150)
    signer_nip = models.CharField(_("NIP penanda tangan"), max_length=18, blank=True)
    legal_basis = models.TextField(_("dasar hukum"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("penerbit dokumen")
        verbose_name_plural = _("penerbit dokumen")

    def __str__(self) -> str:
        return self.name


class NumberSeries(models.Model):
    """A running number per kind and year. The row is locked while a number is taken."""

    kind = models.CharField(_("jenis"), max_length=12, choices=DocumentKind)
    year = models.PositiveSmallIntegerField(_("tahun"))
    pattern = models.CharField(
        _("pola"),
        max_length=80,
        default="{n:04d}/SDM.05-SK/06/{year}",
        help_text=_("{n} nomor urut, {n:04d} empat angka, {year} tahun, {month} bulan Romawi."),
    )
    next_number = models.PositiveIntegerField(_("nomor berikutnya"), default=1)

    class Meta:
        ordering = ["-year", "kind"]
        verbose_name = _("seri nomor")
        verbose_name_plural = _("seri nomor")
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="series_once_a_year")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


class DocumentState(models.TextChoices):
    PREPARED = "prepared", _("Disiapkan")
    ISSUED = "issued", _("Terbit")
    REVOKED = "revoked", _("Dicabut")


class IssuedDocumentQuerySet(models.QuerySet["IssuedDocument"]):
    def visible_to(self, user: AnyUser) -> IssuedDocumentQuerySet:
        """The holder's own, and those of the units the person administers."""
        scope = user.scope
        if scope.nation:
            return self
        return self.filter(Q(holder_id=scope.user_id) | scope.units_q())

    def published(self) -> IssuedDocumentQuerySet:
        return self.exclude(state=DocumentState.PREPARED)


class IssuedDocument(models.Model):
    """A numbered document with the facts printed on it, as they were on the day of issue."""

    kind = models.CharField(_("jenis"), max_length=12, choices=DocumentKind)
    number = models.CharField(_("nomor"), max_length=80)
    token = models.CharField(max_length=32, unique=True, default=new_token)
    holder = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="documents")
    holder_name = models.CharField(_("nama"), max_length=150)
    title = models.CharField(_("judul"), max_length=200)
    satker = models.ForeignKey("satker.Satker", models.PROTECT, null=True, related_name="+", verbose_name=_("satker"))
    province = models.ForeignKey("satker.Satker", models.PROTECT, null=True, related_name="+")
    face = models.JSONField(help_text=_("Fakta yang tercetak."))
    state = models.CharField(_("keadaan"), max_length=8, choices=DocumentState, default=DocumentState.PREPARED)
    file = models.FileField(upload_to="documents/%Y/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    is_signed = models.BooleanField(_("bertanda tangan elektronik"), default=False)
    issued_at = models.DateTimeField(_("terbit"), null=True)
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(_("dicabut"), null=True)
    revoked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    revoke_reason = models.CharField(_("alasan pencabutan"), max_length=300, blank=True)
    replaced_by = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="replaces")
    created_at = models.DateTimeField(default=timezone.now)

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("dokumen terbit")
        verbose_name_plural = _("dokumen terbit")
        indexes = [models.Index(fields=["satker"], name="document_satker"), models.Index(fields=["province"], name="document_province")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="document_number_once"),
            models.CheckConstraint(
                condition=Q(state="prepared") | (Q(issued_at__isnull=False, issued_by__isnull=False) & ~Q(sha256="") & ~Q(file="")),
                name="document_issued_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(state="revoked", revoked_at__isnull=False, revoked_by__isnull=False)
                | (~Q(state="revoked") & Q(revoked_at=None, revoked_by=None)),
                name="document_revoked_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.holder_name}"

    def get_absolute_url(self) -> str:
        return reverse("verify_document", args=[self.token])
