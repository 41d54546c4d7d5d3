from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from latsar.accounts.models import User
from latsar.satker.models import Satker
from latsar.ui.components import icon
from latsar.ui.typed import TypedField
from participants.enums import EDUCATION, PANGKAT, ClothingSize, Golongan, MovementKind, Religion, Sex
from participants.lookups import JABATAN, importable_satker
from participants.models import Participant
from participants.nip import NipError, format_nip, parse_nip
from participants.people import PREGNANCY_WEEKS, SHOE_SIZES
from participants.policies import OPEN_FOR_SATKER
from participants.reach_fields import PhoneField, email_field
from participants.services.registration import TYPED_FIELDS, transfer_text
from participants.similar import similar_people
from participants.tidying import tidy, tidy_text

DATE_FORMATS = ["%d-%m-%Y", "%d/%m/%Y", "%d %m %Y", "%Y-%m-%d"]
SELECT_LIMIT = 40
"""Up to so many satker are a plain list; more become a field that completes what is typed."""

FACTS = ("nip", "satker", "birth_date", "sex", "pregnancy_weeks", *TYPED_FIELDS)
"""What the registration service takes."""

GROUPS = (
    ("h-id", _("1. Identitas"), ("nip", "full_name", "birth_place", "birth_date", "religion", "sex")),
    ("h-jab", _("2. Jabatan dan pendidikan"), ("satker", "jabatan", "golongan", "education", "study_programme")),
    ("h-kon", _("3. Kontak"), ("email", "phone", "address")),
    ("h-lat", _("4. Untuk pelatihan"), ("special_needs", "pregnancy_weeks", "clothing_size", "shoe_size")),
)


class SuggestInput(forms.TextInput):
    """A text field with a native list of suggestions, drawn by the page as <datalist>."""

    def __init__(self, list_id: str) -> None:
        super().__init__(attrs={"list": list_id, "autocomplete": "off"})


class ParticipantForm(forms.Form):
    """What is typed about a CPNS. The service checks it again; here the answers stand beside the fields."""

    nip = forms.CharField(
        label=_("NIP"),
        max_length=40,
        help_text=_("18 angka dari SK CPNS. Spasi dan titik boleh ikut."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("NIP belum diisi. Ketik 18 angkanya dari SK CPNS.")},
    )
    full_name = forms.CharField(
        label=_("Nama lengkap dengan gelar"),
        max_length=150,
        help_text=_("Tulis seperti di SK CPNS."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Nama lengkap dengan gelar belum diisi.")},
    )
    birth_place = forms.CharField(label=_("Tempat lahir"), max_length=80, required=False)
    birth_date = forms.DateField(
        label=_("Tanggal lahir"),
        required=False,
        input_formats=DATE_FORMATS,
        help_text=_("Terisi dari NIP, cocokkan dengan SK."),
        widget=forms.DateInput(format="%d-%m-%Y", attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Tanggal lahir tidak terbaca. Tulis seperti 17-03-1999.")},
    )
    religion = forms.ChoiceField(label=_("Agama"), required=False, choices=[("", _("Pilih")), *Religion.choices])
    sex = forms.ChoiceField(label=_("Jenis kelamin"), required=False, choices=Sex.choices, widget=forms.RadioSelect)
    satker = forms.CharField(label=_("Satker"), max_length=180, error_messages={"required": _("Satker belum dipilih.")})
    jabatan = forms.CharField(
        label=_("Jabatan"), max_length=150, widget=SuggestInput("jabatan-list"), error_messages={"required": _("Jabatan belum diisi.")}
    )
    golongan = forms.ChoiceField(
        label=_("Pangkat, golongan"),
        choices=[("", _("Pilih")), *((value, f"{PANGKAT[Golongan(value)]}, {label}") for value, label in Golongan.choices)],
        error_messages={"required": _("Pangkat, golongan belum dipilih.")},
    )
    education = forms.CharField(label=_("Pendidikan terakhir"), max_length=60, required=False, widget=SuggestInput("education-list"))
    study_programme = forms.CharField(label=_("Program studi"), max_length=120, required=False)
    email = email_field(_("Undangan masuk dikirim ke sini."))
    phone = PhoneField(_("Boleh WhatsApp, dipakai untuk pengingat."))
    address = forms.CharField(label=_("Alamat"), max_length=250, required=False)
    special_needs = forms.CharField(
        label=_("Kebutuhan khusus"),
        max_length=200,
        required=False,
        help_text=_("Hanya dibaca admin satker, provinsi, PKSDM, dan orangnya sendiri."),
    )
    pregnancy_weeks = forms.IntegerField(
        label=_("Usia kehamilan (minggu)"),
        required=False,
        min_value=1,
        max_value=PREGNANCY_WEEKS,
        help_text=_("Per hari ini, bila sedang hamil. Pembacanya sama dengan kebutuhan khusus."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={name: _("Isi angka minggu antara 1 dan 42, atau kosongkan.") for name in ("invalid", "min_value", "max_value")},
    )
    clothing_size = forms.ChoiceField(
        label=_("Ukuran baju"),
        required=False,
        choices=[("", _("Belum diisi")), *ClothingSize.choices],
        help_text=_("Untuk seragam diklat."),
    )
    shoe_size = forms.ChoiceField(label=_("Ukuran sepatu"), required=False, choices=[("", _("Belum diisi")), *SHOE_SIZES])
    not_same = forms.BooleanField(label=_("Bukan orang yang sama"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, participant: Participant | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.participant = user, participant
        self.similar: list[Participant] = []
        self.units = importable_satker(user)
        if participant is not None and participant.satker not in self.units:
            self.units.append(participant.satker)
        self._draw_satker()
        if participant is not None:
            self._show_notes(participant)

    def _show_notes(self, participant: Participant) -> None:
        """Put the verifier's notes beside the fields they are about."""
        for note in participant.field_notes.unsettled():
            field = self.fields[note.field]
            field.help_text = format_html(
                '<span class="d-flex gap-2 is-warn fw-semibold">{}<span>{}</span></span>{}',
                icon("exclamation-circle-fill"),
                _("Catatan verifikator: %(text)s") % {"text": note.text},
                field.help_text,
            )

    @classmethod
    def initial_of(cls, participant: Participant) -> dict[str, Any]:
        values: dict[str, Any] = {name: getattr(participant, name) for name in TYPED_FIELDS}
        nip, satker = format_nip(participant.nip), participant.satker.code
        return {
            **values,
            "nip": nip,
            "satker": satker,
            "birth_date": participant.birth_date,
            "sex": participant.sex,
            "pregnancy_weeks": participant.pregnancy_weeks_on(timezone.localdate()),
            "version": participant.version,
        }

    def _draw_satker(self) -> None:
        field = self.fields["satker"]
        if len(self.units) > SELECT_LIMIT:
            field.widget = SuggestInput("satker-list")
            field.help_text = _("Ketik kode atau nama, lalu pilih dari daftar.")
            return
        choices = [(unit.code, f"{unit.code} {unit.name}") for unit in self.units]
        field.widget = forms.Select(choices=choices if len(choices) == 1 else [("", _("Pilih")), *choices])
        if len(choices) == 1:
            self.initial.setdefault("satker", choices[0][0])

    @property
    def suggestions(self) -> list[tuple[str, list[str]]]:
        """The lists behind the completing fields, as (id, values)."""
        lists = [("jabatan-list", list(JABATAN)), ("education-list", list(EDUCATION))]
        if len(self.units) > SELECT_LIMIT:
            lists.append(("satker-list", [f"{unit.code} {unit.name}" for unit in self.units]))
        return lists

    def clean_nip(self) -> str:
        try:
            return parse_nip(self.cleaned_data["nip"]).value
        except NipError as error:
            raise forms.ValidationError(error.message, code=error.code) from None

    def clean_full_name(self) -> str:
        return tidy_text(self.cleaned_data["full_name"])

    def clean_satker(self) -> Satker:
        typed = self.cleaned_data["satker"].strip()
        code = typed.split(" ")[0]
        for unit in self.units:
            if code in {unit.code, unit.dipa_code} or typed.lower() == unit.name.lower():
                self._refuse_transfer(unit)
                return unit
        raise forms.ValidationError(_("Satker tidak ditemukan. Ketik kodenya, misalnya 53.71, lalu pilih dari daftar."))

    def _refuse_transfer(self, unit: Satker) -> None:
        person = self.participant
        if person is not None and unit.pk != person.satker_id and person.stage not in OPEN_FOR_SATKER:
            url = f"{reverse('movement_add', args=[person.pk])}?jenis={MovementKind.CHANGE_SATKER}"
            raise forms.ValidationError(format_html('{} <a href="{}">{}</a>', transfer_text(), url, _("Catat pindah satker")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.participant is None and "nip" in data and "full_name" in data:
            self.similar = similar_people(
                self.user, nip=data["nip"], full_name=data["full_name"], birth_date=parse_nip(data["nip"]).birth_date
            )
            if any(person.nip != data["nip"] for person in self.similar) and not data.get("not_same"):
                self.add_error("not_same", _("Mungkin orang ini sudah terdaftar. Bandingkan, atau nyatakan bukan orang yang sama."))
        return data

    def clashes(self) -> list[tuple[str, Any, Any]]:
        """Return (label, typed, saved now) for each field where the typed value differs from the present row."""
        if self.participant is None:
            return []
        self.is_valid()  # a wrong field counts as it was typed
        present = {**self.initial_of(self.participant), "nip": self.participant.nip, "satker": self.participant.satker}
        typed = {name: self._kept(name, self.cleaned_data.get(name, self.data.get(name, ""))) for name in FACTS}
        silent = {name for name in ("birth_date", "sex") if not typed[name]}  # left to the NIP
        return [
            (str(self.fields[name].label), typed[name], present[name])
            for name in FACTS
            if name not in silent and typed[name] != present[name]
        ]

    def at_version(self, version: int) -> ParticipantForm:
        """Keep what was typed, to be saved knowingly over the version that is there now."""
        self.data = {**dict(self.data.items()), "version": str(version)}
        return self

    def facts(self) -> dict[str, Any]:
        """What the registration service takes."""
        return {name: self._kept(name, self.cleaned_data[name]) for name in FACTS}

    @staticmethod
    def _kept(name: str, value: Any) -> Any:
        return tidy(name, value) if name in TYPED_FIELDS else value


class NoteForm(forms.Form):
    """The reason of a move."""

    note = TypedField(
        label=_("Alasan"),
        max_length=500,
        help_text=_("Dibaca satker, jadi sebutkan apa yang harus diperbaiki."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tulis alasannya, supaya yang menerima tahu apa yang harus diperbaiki.")},
    )
