from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from latsar.documents import lookup
from latsar.documents.models import IssuedDocument

FILE_LIMIT = 10 * 1024 * 1024
NO_CODE = _("Kode ini tidak ada pada kami. Salin lagi 32 huruf dan angkanya dari dokumen, atau pakai nomor dan nama.")
NO_NUMBER = _("Nomor dan nama itu tidak cocok dengan dokumen yang kami terbitkan. Periksa ejaan keduanya seperti tercetak.")
NO_FILE = _(
    "Berkas ini tidak sama dengan dokumen mana pun yang kami terbitkan. Isinya sudah berubah sejak terbit, atau bukan dari portal ini. "
    "Cocokkan dengan kode atau nomornya."
)


class CodeForm(forms.Form):
    """The code printed beside the QR, in groups or not."""

    kode = forms.CharField(
        label=_("Kode dokumen"),
        max_length=80,
        help_text=_("32 huruf dan angka di samping kode QR. Spasi dan huruf kecil boleh."),
        error_messages={"required": _("Kode dokumen belum diisi.")},
    )
    found: IssuedDocument | None = None

    def clean_kode(self) -> str:
        self.found = lookup.by_token(self.cleaned_data["kode"])
        if self.found is None:
            raise ValidationError(NO_CODE)
        return self.cleaned_data["kode"]


class NumberForm(forms.Form):
    nomor = forms.CharField(
        label=_("Nomor dokumen"),
        max_length=80,
        help_text=_("Seperti tercetak, misalnya 0431/SDM.05-SK/06/2026."),
        error_messages={"required": _("Nomor dokumen belum diisi.")},
    )
    nama = forms.CharField(
        label=_("Nama pemegang"),
        max_length=150,
        help_text=_("Gelar boleh ditinggalkan."),
        error_messages={"required": _("Nama pemegang belum diisi.")},
    )
    found: IssuedDocument | None = None

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if not self.errors:
            self.found = lookup.by_number(data["nomor"], data["nama"])
            if self.found is None:
                raise ValidationError(NO_NUMBER)
        return data


class FileForm(forms.Form):
    """A PDF to compare; its bytes are read, compared and forgotten."""

    berkas = forms.FileField(
        label=_("Pilih PDF, paling besar 10 MB"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
        error_messages={"required": _("Belum ada berkas yang dipilih."), "empty": _("Berkas ini kosong. Pilih PDF yang Anda terima.")},
    )

    def clean_berkas(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["berkas"]
        if (upload.size or 0) > FILE_LIMIT:
            raise ValidationError(_("Berkas ini lebih besar dari 10 MB, jadi bukan dokumen yang kami terbitkan."))
        self.content = upload.read()
        if not self.content.startswith(b"%PDF-"):
            raise ValidationError(_("Berkas ini bukan PDF. Pilih PDF yang Anda terima, bukan foto atau hasil pindai."))
        return upload
