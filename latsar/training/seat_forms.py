"""Forms of requests for seats: the request itself, what each step asks for, and the filter of the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES
from latsar.satker.models import Satker, SatkerKind
from latsar.training.enums import GolonganGroup, Method, RequestState
from latsar.training.forms import date_field
from latsar.training.models import Institute, SeatRequest
from latsar.training.month_fields import MonthField
from latsar.training.seat_requests import MOST_SEATS
from latsar.training.services.seat_requests import MoveFacts, Paper
from latsar.ui.typed import TypedField


class SeatRequestForm(forms.Form):
    """A request that is still a draft. PKSDM may ask for itself or for a province."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    institute = forms.ModelChoiceField(
        label=_("Lembaga pelatihan"),
        queryset=Institute.objects.none(),
        empty_label=_("Pilih lembaga"),
        error_messages={"required": _("Lembaga pelatihan belum dipilih.")},
    )
    province = forms.ModelChoiceField(
        label=_("Pemohon"), queryset=Satker.objects.none(), required=False, empty_label=_("PKSDM, untuk semua provinsi")
    )
    starts_on = MonthField(label=_("Dari bulan"))
    ends_on = MonthField(label=_("Sampai bulan"), is_end=True)
    method = forms.ChoiceField(label=_("Metode"), choices=Method, initial=Method.BLENDED)
    golongan = forms.ChoiceField(label=_("Golongan"), choices=GolonganGroup, initial=GolonganGroup.III)
    seats_asked = forms.IntegerField(
        label=_("Kursi diminta"), min_value=1, max_value=MOST_SEATS, error_messages={"required": _("Isi jumlah kursinya.")}
    )
    note = TypedField(
        label=_("Catatan"), max_length=500, required=False, help_text=_("Untuk Anda dan PKSDM; tidak tercetak di surat."),
        widget=forms.Textarea(attrs={"rows": "3"}),
    )  # fmt: skip

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institute"].queryset = Institute.objects.visible_to(by).filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        provinces = Satker.objects.visible_to(by).filter(kind=SatkerKind.PROVINCE).order_by("code")
        field: Any = self.fields["province"]
        if not by.has_role(Role.PKSDM):
            provinces = provinces.filter(pk__in=by.scope.province_ids)
            field.required, field.empty_label = True, None
        field.queryset = provinces

    @classmethod
    def of(cls, request: SeatRequest, data: Any, *, by: User) -> SeatRequestForm:
        return cls(data, by=by, initial={name: getattr(request, name) for name in cls.base_fields})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("Bulan terakhir lebih awal dari bulan pertama."))
        return data

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class StepForm(forms.Form):
    """What one step of a request asks for; fields that it does not use are not there."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    number = TypedField(label=_("Nomor surat"), max_length=100, required=False)
    day = date_field(_("Tanggal surat"), required=False)
    seats = forms.IntegerField(label=_("Kursi dikabulkan"), min_value=1, max_value=MOST_SEATS, required=False)
    note = TypedField(label=_("Catatan"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": "2"}))
    paper = forms.FileField(label=_("Berkas (PDF)"), required=False, help_text=_("Boleh disusulkan. Paling besar 10 MB."))

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": action})
        self.action = action
        for name in set(self.fields) - set(STEP_FIELDS[action]) - {"version"}:
            del self.fields[name]
        for name, (label, help_text) in STEP_LABELS.get(action, {}).items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
        if "paper" in self.fields:
            self.fields["paper"].widget.attrs["accept"] = "application/pdf"

    def clean_paper(self) -> Any:
        sent = self.cleaned_data.get("paper")
        if sent is not None and sent.size > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(_("Berkas lebih besar dari 10 MB. Perkecil pindaiannya, lalu unggah lagi."))
        return sent

    def facts(self) -> MoveFacts:
        data = self.cleaned_data
        sent = data.get("paper")
        return MoveFacts(
            number=data.get("number") or "",
            day=data.get("day"),
            seats=data.get("seats"),
            note=data.get("note") or "",
            paper=Paper(sent.read(), sent.name) if sent else None,
        )


STEP_FIELDS: dict[str, tuple[str, ...]] = {
    "send": ("number", "day", "paper"),
    "grant": ("seats", "number", "day", "paper", "note"),
    "refuse": ("number", "day", "paper", "note"),
    "reconsider": ("note",),
    "agree": ("number", "day", "paper"),
    "close": ("note",),
    "withdraw": ("note",),
}
STEP_LABELS: dict[str, dict[str, tuple[Any, Any]]] = {
    "grant": {"number": (_("Nomor surat jawaban"), ""), "day": (_("Tanggal jawaban"), "")},
    "refuse": {
        "number": (_("Nomor surat jawaban"), ""),
        "day": (_("Tanggal jawaban"), ""),
        "note": (_("Sebab penolakan"), _("Terbaca pemohon dan tersimpan di riwayat.")),
    },
    "agree": {"number": (_("Nomor PKS"), ""), "day": (_("Tanggal PKS"), "")},
    "reconsider": {"note": (_("Sebab jawaban dibetulkan"), _("Jawaban lama tetap terbaca di riwayat."))},
    "withdraw": {"note": (_("Sebab ditarik"), _("Terbaca lembaga dan tersimpan di riwayat."))},
}
STEP_WORDS: dict[str, tuple[Any, Any, Any]] = {
    "send": (_("Catat surat terkirim"), _("Kirim surat permohonannya, lalu catat nomor dan tanggalnya di sini."), _("Catat terkirim")),
    "grant": (_("Jawaban: dikabulkan"), _("Kursi yang dikabulkan boleh kurang dari yang diminta."), _("Catat dikabulkan")),
    "refuse": (_("Jawaban: ditolak"), "", _("Catat ditolak")),
    "reconsider": (_("Betulkan jawaban"), _("Permohonan kembali menunggu jawaban."), _("Buka jawaban lagi")),
    "agree": (_("Catat PKS"), _("Perjanjian kerja sama yang sudah ditandatangani kedua pihak."), _("Catat PKS")),
    "close": (_("Tutup permohonan"), _("Sisa kursinya tidak ditawarkan lagi ke perencanaan."), _("Tutup permohonan")),
    "withdraw": (_("Tarik permohonan"), "", _("Tarik permohonan")),
}
"""Heading, help and button of each step."""
DONE_WORDS: dict[str, Any] = {
    "send": _("Permohonan tercatat terkirim."),
    "grant": _("Jawaban tercatat: dikabulkan."),
    "refuse": _("Jawaban tercatat: ditolak."),
    "reconsider": _("Permohonan menunggu jawaban lagi."),
    "agree": _("PKS tercatat."),
    "close": _("Permohonan ditutup."),
    "withdraw": _("Permohonan ditarik."),
}


class SeatRequestFilter(forms.Form):
    q = forms.CharField(label=_("Cari lembaga atau nomor surat"), required=False)
    keadaan = forms.ChoiceField(label=_("Keadaan"), required=False, choices=[("", _("Semua keadaan")), *RequestState.choices])
    provinsi = forms.ModelChoiceField(label=_("Pemohon"), queryset=Satker.objects.none(), required=False, empty_label=_("Semua pemohon"))
    metode = forms.ChoiceField(label=_("Metode"), required=False, choices=[("", _("Semua metode")), *Method.choices])
    lembaga = forms.ModelChoiceField(
        label=pgettext_lazy("institute", "Lembaga"), queryset=Institute.objects.none(), required=False, empty_label=_("Semua lembaga")
    )

    def __init__(self, data: Any, *, by: User) -> None:
        super().__init__(data)
        seen = SeatRequest.objects.visible_to(by).order_by()
        self.fields["provinsi"].queryset = Satker.objects.filter(pk__in=seen.values("province")).order_by("code")  # type: ignore[attr-defined]
        self.fields["lembaga"].queryset = Institute.objects.filter(pk__in=seen.values("institute")).order_by("name")  # type: ignore[attr-defined]
