"""Forms of an institute: its facts, contacts, offered seats, tariffs, and the filter of the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.satker.models import Satker, SatkerKind
from latsar.training.enums import GolonganGroup, Method
from latsar.training.forms import date_field
from latsar.training.models import Institute
from latsar.training.month_fields import MonthField
from latsar.training.row_forms import RowForm
from latsar.training.seat_requests import MOST_SEATS
from latsar.ui.typed import TypedField

VALID, ENDING, ENDED, UNKNOWN = "berlaku", "segera", "habis", "kosong"


class InstituteForm(forms.Form):
    """Facts of an institute; a province keeps its institute in the province."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = TypedField(label=_("Nama"), max_length=150, error_messages={"required": _("Isi namanya.")})
    city = TypedField(label=_("Kota"), max_length=60, error_messages={"required": _("Isi kotanya.")})
    province = forms.ModelChoiceField(label=_("Provinsi"), queryset=Satker.objects.none(), required=False, empty_label=_("Nasional"))
    accreditation = TypedField(label=_("Akreditasi"), max_length=120, required=False, help_text=_("Tingkat atau bunyinya, misalnya A."))
    accreditation_number = TypedField(label=_("Nomor akreditasi"), max_length=100, required=False)
    accredited_until = date_field(_("Akreditasi berlaku sampai"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = TypedField(label=_("Telepon"), max_length=30, required=False)
    address = TypedField(label=_("Alamat"), max_length=250, required=False)
    head_1 = TypedField(
        label=_("Kop baris pertama"), max_length=120, required=False, help_text=_("Di kepala berita acara, misalnya PEMERINTAH PROVINSI ….")
    )
    head_2 = TypedField(label=_("Kop baris kedua"), max_length=120, required=False)
    signer_name = TypedField(label=_("Nama penanda tangan"), max_length=150, required=False)
    signer_title = TypedField(label=_("Jabatan penanda tangan"), max_length=150, required=False)
    record_closing = TypedField(
        label=_("Kalimat penutup berita acara"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
        help_text=_("Kosongkan untuk kalimat bawaan portal."),
    )
    is_active = forms.BooleanField(
        label=_("Aktif"), required=False, initial=True, help_text=_("Yang tidak aktif tidak ditawarkan untuk angkatan dan permohonan baru.")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["province"]
        field.queryset = Satker.objects.visible_to(by).filter(kind=SatkerKind.PROVINCE).order_by("code")
        if not by.has_role(Role.PKSDM):
            del self.fields["province"]

    @classmethod
    def of(cls, institute: Institute, data: Any, *, by: User) -> InstituteForm:
        names = [name for name in cls.base_fields if name != "code"]
        return cls(data, by=by, initial={name: getattr(institute, name) for name in names})

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "code")}


class InstituteAddForm(InstituteForm):
    code = forms.SlugField(
        label=_("Kode"),
        max_length=30,
        help_text=_("Huruf kecil, angka, dan tanda hubung, misalnya bpsdm-ntt."),
        error_messages={"required": _("Isi kodenya.")},
    )
    field_order = ("code",)


class ContactForm(RowForm):
    name = TypedField(label=_("Nama"), max_length=120, error_messages={"required": _("Isi namanya.")})
    duty = TypedField(label=_("Tugas"), max_length=120, required=False)
    phone = TypedField(label=_("Telepon"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("name") and not data.get("phone") and not data.get("email") and not self.errors:
            self.add_error("phone", _("Isi telepon atau e-mailnya."))
        return data


class OfferForm(RowForm):
    starts_on = MonthField(label=_("Dari bulan"))
    ends_on = MonthField(label=_("Sampai bulan"), is_end=True)
    method = forms.ChoiceField(label=_("Metode"), choices=Method, initial=Method.BLENDED)
    golongan = forms.ChoiceField(label=_("Golongan"), choices=GolonganGroup, initial=GolonganGroup.MIXED)
    seats = forms.IntegerField(label=_("Kursi"), min_value=1, max_value=MOST_SEATS, error_messages={"required": _("Isi jumlahnya.")})
    note = TypedField(label=_("Catatan"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("Bulan terakhir lebih awal dari bulan pertama."))
        return data


class TariffForm(RowForm):
    method = forms.ChoiceField(label=_("Metode"), choices=Method, initial=Method.BLENDED)
    year = forms.IntegerField(label=_("Tahun"), min_value=2015, max_value=2100, error_messages={"required": _("Isi tahunnya.")})
    amount = forms.IntegerField(
        label=_("Tarif (Rp)"), min_value=0, max_value=2_000_000_000, error_messages={"required": _("Isi tarifnya.")}
    )
    source = TypedField(label=_("Sumber"), max_length=200, required=False)


class InstituteFilter(forms.Form):
    q = forms.CharField(label=_("Cari nama atau kota"), required=False)
    provinsi = forms.ModelChoiceField(label=_("Provinsi"), queryset=Satker.objects.none(), required=False, empty_label=_("Semua provinsi"))
    aktif = forms.ChoiceField(
        label=_("Keadaan"), required=False, choices=[("", _("Aktif")), ("tidak", _("Tidak aktif")), ("semua", _("Semua keadaan"))]
    )
    akreditasi = forms.ChoiceField(
        label=_("Akreditasi"),
        required=False,
        choices=[
            ("", _("Semua akreditasi")),
            (VALID, _("Masih berlaku")),
            (ENDING, _("Segera berakhir")),
            (ENDED, _("Sudah berakhir")),
            (UNKNOWN, _("Tanpa tanggal")),
        ],
    )
    urut = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, by: User) -> None:
        super().__init__(data)
        provinces = Satker.objects.filter(pk__in=Institute.objects.visible_to(by).order_by().values("province")).order_by("code")
        self.fields["provinsi"].queryset = provinces  # type: ignore[attr-defined]

    @property
    def is_narrow(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("q", "provinsi", "aktif", "akreditasi"))
