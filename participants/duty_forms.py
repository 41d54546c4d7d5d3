from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.training.forms import date_field
from latsar.ui.numbers import only_digits
from latsar.ui.typed import TypedField
from participants.nip import normalise_nip
from participants.services.duty_letters import LetterFacts

STATES = [
    ("", _("Semua keadaan")),
    ("belum", _("Belum ada surat")),
    ("mendesak", _("Belum ada, mulai dalam 7 hari")),
    ("ada", _("Sudah ada surat")),
]


class LetterFilter(forms.Form):
    """What the list is narrowed to; what cannot be read is left out."""

    q = forms.CharField(label=_("Nama, NIP, atau satker"), required=False, max_length=100)
    keadaan = forms.ChoiceField(label=_("Keadaan"), choices=STATES, required=False)


class LetterForm(forms.Form):
    """What the letters of one go share. With `is_single` the number is typed as it is, else as a pattern with a first number."""

    letter_date = date_field(_("Tanggal surat"))
    city = TypedField(label=_("Kota"), max_length=60, error_messages={"required": _("Isi kotanya.")})
    basis = TypedField(
        label=_("Dasar"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=_("Satu dasar tiap baris: peraturan, surat pemanggilan, keputusan."),
        error_messages={"required": _("Isi dasarnya.")},
    )
    signer_title = TypedField(
        label=_("Jabatan penanda tangan"), max_length=150, error_messages={"required": _("Isi jabatan penanda tangan.")}
    )
    signer_name = TypedField(label=_("Nama penanda tangan"), max_length=150, error_messages={"required": _("Isi nama penanda tangan.")})
    signer_nip = forms.CharField(label=_("NIP penanda tangan"), required=False, max_length=40, help_text=_("18 angka. Boleh dikosongkan."))

    field_order = ("pattern", "first", "number", "reason")

    def __init__(self, *args: Any, is_single: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        required = {"required": _("Isi nomornya.")}
        if is_single:
            self.fields["number"] = TypedField(
                label=_("Nomor surat"), max_length=80, help_text=_("Dari buku agenda kantor Anda."), error_messages=required
            )
        else:
            self.fields["pattern"] = TypedField(
                label=_("Pola nomor"), max_length=80, help_text=_("{n:03d} nomor urut tiga angka, {year} tahun, {month} bulan Romawi."),
                error_messages=required,
            )  # fmt: skip
            self.fields["first"] = forms.IntegerField(
                label=_("Mulai dari nomor"), min_value=1, max_value=99999, help_text=_("Orang berikutnya mendapat nomor berikutnya."),
                error_messages=required,
            )  # fmt: skip
        self.order_fields(self.field_order)

    def clean_letter_date(self) -> Any:
        day = self.cleaned_data["letter_date"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Tanggal surat tidak boleh sesudah hari ini."))
        return day

    def clean_signer_nip(self) -> str:
        nip = normalise_nip(self.cleaned_data["signer_nip"])
        if nip and (not only_digits(nip) or len(nip) != 18):
            raise forms.ValidationError(_("NIP terdiri atas 18 angka. Periksa lagi angkanya."))
        return nip

    @property
    def numbering(self) -> tuple[str, int]:
        """Return the pattern and the first serial; a number typed as it is stays as it is."""
        if "number" in self.fields:
            return self.cleaned_data["number"], 1
        return self.cleaned_data["pattern"], self.cleaned_data["first"]

    @property
    def facts(self) -> LetterFacts:
        data = self.cleaned_data
        return LetterFacts(
            letter_date=data["letter_date"],
            city=data["city"],
            basis=data["basis"],
            signer_name=data["signer_name"],
            signer_title=data["signer_title"],
            signer_nip=data["signer_nip"],
        )


class ReplaceForm(LetterForm):
    """Another letter in the place of one that counts no longer."""

    reason = TypedField(
        label=_("Alasan mengganti"),
        max_length=300,
        help_text=_("Misalnya jadwal berubah. Tersimpan di riwayat peserta."),
        error_messages={"required": _("Tulis alasannya.")},
    )


class VoidForm(forms.Form):
    reason = TypedField(
        label=_("Alasan"),
        max_length=300,
        help_text=_("Tersimpan di riwayat peserta."),
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": _("Tulis alasannya, supaya yang membaca riwayat mengerti.")},
    )


class ScanForm(forms.Form):
    scan = forms.FileField(
        label=_("Pindaian surat yang ditandatangani"),
        help_text=_("PDF atau foto, paling besar 10 MB."),
        error_messages={"required": _("Pilih berkasnya."), "empty": _("Berkasnya kosong. Pilih yang lain.")},
    )


class DutyForm(forms.Form):
    what = TypedField(
        label=_("Tugas"),
        max_length=200,
        help_text=_("Misalnya rekapitulasi suara di kecamatan."),
        error_messages={"required": _("Tulis tugasnya.")},
    )
    starts_on = date_field(_("Mulai"))
    ends_on = date_field(_("Sampai"))


class WithdrawForm(forms.Form):
    note = TypedField(label=_("Catatan"), max_length=300, required=False, help_text=_("Misalnya tugas dialihkan ke rekan lain."))
