from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.satker.models import Satker
from latsar.training.enums import BatchStage, DayCount, GolonganGroup, Method, PhaseKind, StageScope
from latsar.training.layout import PhaseDates, PhasePlan
from latsar.training.models import Batch, BatchPhase, Curriculum, Institute, RegulationScheme, SeatRequest
from latsar.training.services.batches import FROZEN_WHEN_OPEN
from latsar.training.services.waves import MOST_AT_ONCE
from latsar.ui import words
from latsar.ui.typed import TypedField

USUAL_CAPACITY = 40
DATE_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]


FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)
"""Outside of these a year was mistyped, and phases laid out from it would leave the calendar."""
UNLIKELY = _("Periksa tahunnya: antara 1950 dan 2100.")


def date_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day, picked from the browser's calendar or typed as dd-mm-yyyy."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Tulis tanggal yang ada, misalnya 26-01-2026."), "required": _("Isi tanggalnya.")},
        validators=[MinValueValidator(FIRST_DAY, UNLIKELY), MaxValueValidator(LAST_DAY, UNLIKELY)],
    )


class BatchForm(forms.Form):
    """An angkatan to be prepared; `warning` says what is unusual but allowed."""

    institute = forms.ModelChoiceField(
        label=_("Lembaga pelatihan"),
        queryset=Institute.objects.none(),
        empty_label=_("Pilih lembaga"),
        error_messages={"required": _("Lembaga pelatihan belum dipilih.")},
    )
    scheme = forms.ModelChoiceField(label=_("Skema peraturan"), queryset=RegulationScheme.objects.published().order_by("-effective_from"))
    method = forms.ChoiceField(label=_("Metode"), choices=Method, initial=Method.BLENDED)
    curriculum = forms.ModelChoiceField(label=_("Kurikulum"), queryset=Curriculum.objects.published().order_by("-effective_from"))
    golongan = forms.ChoiceField(label=_("Golongan"), choices=GolonganGroup, initial=GolonganGroup.III)
    starts_on = date_field(_("Mulai"), _("Fase pertama mulai pada hari kerja ini atau sesudahnya."))
    number = forms.IntegerField(
        label=_("Nomor angkatan"),
        required=False,
        min_value=1,
        max_value=3999,
        help_text=_("Angka biasa. Kosongkan untuk nomor berikutnya di lembaga itu."),
    )
    wave_number = forms.IntegerField(label=_("Gelombang"), required=False, min_value=1, max_value=99, help_text=_("Boleh dikosongkan."))
    capacity = forms.IntegerField(
        label=pgettext_lazy("capacity", "Kursi"),
        min_value=1,
        max_value=200,
        initial=USUAL_CAPACITY,
        help_text=_("Biasanya 36 sampai 44 orang."),
        error_messages={"required": _("Jumlah kursi belum diisi.")},
    )
    count = forms.IntegerField(
        label=_("Jumlah angkatan"),
        required=False,
        min_value=1,
        max_value=MOST_AT_ONCE,
        initial=1,
        help_text=_("Lebih dari satu: angkatan yang sama dengan nomor berurutan."),
    )
    place = forms.CharField(label=_("Tempat klasikal"), required=False, max_length=120, help_text=_("Kota atau gedung."))
    approval_basis = forms.CharField(
        label=_("Persetujuan Kepala LAN"),
        required=False,
        max_length=200,
        help_text=_("Nomor dan tanggal. Wajib untuk klasikal sejak 2024."),
    )
    seat_request = forms.ModelChoiceField(
        queryset=SeatRequest.objects.none(), required=False, widget=forms.HiddenInput, label=_("Permohonan kursi")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        institutes = Institute.objects.visible_to(by).filter(is_active=True)
        self.fields["institute"].queryset = institutes  # type: ignore[attr-defined]
        self.fields["seat_request"].queryset = SeatRequest.objects.visible_to(by).granted_open()  # type: ignore[attr-defined]
        for name in ("scheme", "curriculum"):
            self.fields[name].empty_label = None  # type: ignore[attr-defined]

    @property
    def granted(self) -> SeatRequest | None:
        """The request whose granted seats the angkatan takes."""
        key = self["seat_request"].value()
        field: Any = self.fields["seat_request"]
        return field.queryset.select_related("institute").filter(pk=key).first() if str(key or "").isdecimal() else None


class BatchEditForm(BatchForm):
    """Facts of an angkatan that exists; what opening has frozen is shown by the page and not asked."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    count = None  # type: ignore[assignment]
    institute = None  # type: ignore[assignment]
    seat_request = None  # type: ignore[assignment]
    starts_on = None  # type: ignore[assignment]

    def __init__(self, *args: Any, batch: Batch, by: User, **kwargs: Any) -> None:
        facts = {name: getattr(batch, name) for name in ("scheme", "method", "curriculum", "golongan", "number", "capacity", "version")}
        wave = batch.wave.number if batch.wave else None
        kwargs["initial"] = {**facts, "place": batch.place, "approval_basis": batch.approval_basis, "wave_number": wave}
        forms.Form.__init__(self, *args, **kwargs)
        choices: dict[str, Any] = {"scheme": RegulationScheme.objects, "curriculum": Curriculum.objects}
        for name, rows in choices.items():
            own = Q(pk=getattr(batch, f"{name}_id"))
            self.fields[name].queryset = rows.filter(own | ~Q(published_at=None)).order_by("-effective_from")  # type: ignore[attr-defined]
        self.fields["number"].required = True
        self.fields["number"].error_messages["required"] = _("Nomor angkatan belum diisi.")
        self.fields["number"].help_text = _("Angka biasa; dicetak dengan angka Romawi.")
        if batch.stage != BatchStage.DRAFT:
            for name in FROZEN_WHEN_OPEN:
                del self.fields[name]


class PhasesForm(forms.Form):
    """First and last day of every phase, in order: `starts_0`, `ends_0`, `starts_1` ..."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, phases: Sequence[PhaseDates], is_shifted: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phases = phases
        self.is_shifted = is_shifted
        for index, phase in enumerate(phases):
            for name, label, day in (
                ("starts", _("%(phase)s mulai"), phase.starts_on),
                ("ends", _("%(phase)s selesai"), phase.ends_on),
            ):
                self.fields[f"{name}_{index}"] = date_field(label % {"phase": phase.name})
                self.fields[f"{name}_{index}"].widget.attrs["class"] = "form-control"
                self.initial.setdefault(f"{name}_{index}", day)

    def dates(self) -> list[tuple[date, date]]:
        """The days as typed; call it on a valid form."""
        return [(self.cleaned_data[f"starts_{n}"], self.cleaned_data[f"ends_{n}"]) for n in range(len(self.phases))]

    def is_in_order(self) -> bool:
        """Put an error beside every phase that ends before it starts."""
        for index, (starts_on, ends_on) in enumerate(self.dates()):
            if ends_on < starts_on:
                self.refuse_row(index)
        return not self.errors

    def refuse_row(self, index: int) -> None:
        said = _("%(name)s selesai sebelum mulai. Periksa kedua tanggalnya.") % {"name": self.phases[index].name}
        self.add_error(f"ends_{index}", said)

    def rows(self) -> list[tuple[PhaseDates, forms.BoundField, forms.BoundField]]:
        return [(phase, self[f"starts_{n}"], self[f"ends_{n}"]) for n, phase in enumerate(self.phases)]


class PhaseNamesForm(forms.Form):
    """A name for every phase: `name_<phase id>`."""

    def __init__(self, *args: Any, phases: Sequence[BatchPhase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phases = phases
        for phase in phases:
            self.fields[f"name_{phase.pk}"] = TypedField(
                label=_("Nama fase %(name)s") % {"name": phase.name},
                max_length=60,
                initial=phase.name,
                widget=forms.TextInput(attrs={"class": "form-control"}),
                error_messages={"required": _("Isi namanya.")},
            )

    def names(self) -> dict[int, str]:
        return {phase.pk: self.cleaned_data[f"name_{phase.pk}"] for phase in self.phases}

    def rows(self) -> list[tuple[BatchPhase, forms.BoundField, str]]:
        return [(phase, self[f"name_{phase.pk}"], words.short_date_range(phase.starts_on, phase.ends_on)) for phase in self.phases]


class NewPhaseForm(forms.Form):
    """One more phase; its days follow from where it stands."""

    name = TypedField(label=_("Nama"), max_length=60, error_messages={"required": _("Isi namanya.")})
    kind = forms.ChoiceField(label=_("Jenis"), choices=PhaseKind)
    after = forms.TypedChoiceField(label=_("Sesudah"), coerce=int)
    length = forms.IntegerField(
        label=_("Lama (hari)"), min_value=1, max_value=200, initial=1, error_messages={"required": _("Isi lamanya.")}
    )
    day_count = forms.ChoiceField(label=_("Hitungan hari"), choices=DayCount, initial=DayCount.WORKING)
    is_parallel = forms.BooleanField(label=_("Sejajar dengan fase sebelumnya"), required=False)

    def __init__(self, *args: Any, phases: Sequence[BatchPhase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = phases[-1].order if phases else 0
        choices = [(0, _("Paling awal")), *((phase.order, phase.name) for phase in phases)]
        self.fields["after"].choices = choices  # type: ignore[attr-defined]
        self.fields["after"].initial = last

    def plan(self) -> PhasePlan:
        """What was typed as a phase; such a one is never mandatory."""
        data = self.cleaned_data
        return PhasePlan(data["kind"], data["name"], data["length"], data["day_count"], is_parallel=data["is_parallel"], is_mandatory=False)


class StageForm(forms.Form):
    """A tahapan pemilu; the choices of scope and satker are what the person may keep."""

    name = TypedField(label=_("Tahapan"), max_length=150, error_messages={"required": _("Isi nama tahapannya.")})
    scope = forms.ChoiceField(label=_("Berlaku untuk"), choices=StageScope)
    satker = forms.ModelChoiceField(
        label=_("Satker"),
        queryset=Satker.objects.none(),
        required=False,
        empty_label=_("Pilih satker"),
        help_text=_("Tidak perlu untuk tahapan nasional."),
    )
    starts_on = date_field(_("Mulai"))
    ends_on = date_field(pgettext_lazy("date", "Selesai"))
    is_blocking = forms.BooleanField(
        label=_("Pegawai tidak bisa ditinggal"), required=False, help_text=_("Pegawainya tidak bisa dilepas pada hari-hari ini.")
    )
    source = TypedField(label=_("Dasar"), max_length=200, required=False, help_text=_("Nomor peraturan atau keputusan."))
    is_verified = forms.BooleanField(label=_("Sudah dicocokkan dengan sumbernya"), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Satker.objects.visible_to(by).active()
        self.fields["satker"].queryset = units  # type: ignore[attr-defined]
        allowed = [StageScope.SATKER]
        if by.scope.province_ids:
            allowed = [StageScope.PROVINCE, StageScope.SATKER]
        if by.has_role(Role.PKSDM):
            allowed = list(StageScope)
        self.fields["scope"].choices = [(one.value, one.label) for one in allowed]  # type: ignore[attr-defined]
        if len(allowed) == 1:
            self.fields["satker"].help_text = ""
            if units.count() == 1:
                self.fields["satker"].initial = units.first()


class WaveShiftForm(forms.Form):
    days = forms.IntegerField(
        label=_("Hari kerja"),
        min_value=-60,
        max_value=60,
        help_text=_("Angka biasa untuk mundur, minus untuk maju, misalnya 5 atau -3."),
        error_messages={"required": _("Isi berapa hari kerja.")},
    )


class WaveCopyForm(forms.Form):
    number = forms.IntegerField(
        label=_("Gelombang baru"), min_value=1, max_value=99, error_messages={"required": _("Isi nomor gelombangnya.")}
    )
    starts_on = date_field(_("Angkatan pertama mulai"), _("Yang lain menyusul dengan jarak hari kerja yang sama."))


def add_refusal(form: forms.BaseForm, refusal: forms.ValidationError) -> None:
    """Put a service's answer beside the fields it names, and on top what no field of this form shows."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal.messages)  # type: ignore[arg-type]
        return
    for name, messages in refusal.message_dict.items():
        form.add_error(name if name in form.fields else None, messages)  # type: ignore[arg-type]
