from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.accounts.models import User
from latsar.satker.models import Satker, SatkerKind
from latsar.training.enums import GolonganGroup, Method
from latsar.training.forms import date_field
from latsar.training.models import Batch, Institute, SeatRequest, Wave
from latsar.ui import words
from latsar.ui.typed import TypedField
from participants.planning.demand import open_batches
from participants.planning.enums import PlanScope
from participants.planning.plans import NAME_LIMIT, Plan, planning_numbers
from participants.seating_forms import ChosenForm
from participants.services.plan_offers import ThoughtUp
from participants.services.planning import PlanFacts

NUMBERS = ("margin_days", "notice_days", "pregnancy_weeks")
CHOICES = ("allow_other_provinces", "allow_late")
GRANTED_SHOWN = 60


class ProvinceField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.province_name or obj.name


class PlanForm(forms.Form):
    """What a plan asks. The open angkatan are ticked in a table of the page."""

    name = TypedField(
        label=gettext_lazy("Nama rencana"),
        required=False,
        max_length=NAME_LIMIT,
        help_text=gettext_lazy("Kosongkan untuk nama dari cakupan dan tanggalnya."),
    )
    scope = forms.ChoiceField(label=gettext_lazy("Cakupan"), choices=PlanScope, initial=PlanScope.NATION)
    provinces = ProvinceField(
        label=gettext_lazy("Provinsi"),
        queryset=Satker.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Bila cakupannya provinsi tertentu."),
    )
    wave = forms.ModelChoiceField(
        label=gettext_lazy("Gelombang"),
        queryset=Wave.objects.all(),
        required=False,
        empty_label=gettext_lazy("Pilih gelombang"),
        help_text=gettext_lazy("Bila hanya angkatan satu gelombang yang dipakai."),
    )
    allow_other_provinces = forms.BooleanField(label=gettext_lazy("Boleh memakai kursi di provinsi lain"), required=False, initial=True)
    allow_late = forms.BooleanField(
        label=gettext_lazy("Boleh memberi kursi yang selesai sesudah batas"),
        required=False,
        help_text=gettext_lazy("Hanya bila tidak ada kursi tepat waktu; perpanjangan ke BKN diperlukan."),
    )
    margin_days = forms.IntegerField(
        label=gettext_lazy("Sela aman (hari)"),
        min_value=0,
        max_value=180,
        help_text=gettext_lazy("Hari yang sebaiknya tersisa antara selesai dan batas."),
    )
    notice_days = forms.IntegerField(
        label=gettext_lazy("Mulai paling cepat (hari lagi)"),
        min_value=1,
        max_value=120,
        help_text=gettext_lazy("Waktu untuk surat tugas dan undangan."),
    )
    pregnancy_weeks = forms.IntegerField(
        label=gettext_lazy("Batas kehamilan saat tatap muka (minggu)"),
        min_value=1,
        max_value=42,
        help_text=gettext_lazy("Sejak minggu ini tidak ditempatkan; angka ini belum dikukuhkan aturan."),
    )
    batches = forms.TypedMultipleChoiceField(label=gettext_lazy("Angkatan yang dipakai"), coerce=int, required=False)
    granted = forms.TypedMultipleChoiceField(label=gettext_lazy("Kursi yang dikabulkan"), coerce=int, required=False)

    def __init__(self, *args: Any, by: User, plan: Plan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch_rows: list[Batch] = [batch for batch in open_batches(by, timezone.localdate()) if batch.free]  # type: ignore[attr-defined]
        heads = Satker.objects.visible_to(by).filter(kind__in=[SatkerKind.PROVINCE, SatkerKind.SETJEN]).order_by("code")
        self.fields["provinces"].queryset = heads  # type: ignore[attr-defined]
        self.fields["batches"].choices = [(batch.pk, str(batch)) for batch in self.batch_rows]  # type: ignore[attr-defined]
        asked = SeatRequest.objects.visible_to(by).granted_open().select_related("institute")
        self.granted_rows: list[SeatRequest] = list(asked[:GRANTED_SHOWN]) if plan is None else []
        self.fields["granted"].choices = [(row.pk, str(row)) for row in self.granted_rows]  # type: ignore[attr-defined]
        self.initial.setdefault("granted", [])
        for name, value in planning_numbers().items():
            self.initial.setdefault(name, value)
        self.initial.setdefault("batches", [batch.pk for batch in self.batch_rows])
        if plan is not None:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
            self.initial.update(name=plan.name, scope=plan.scope, wave=plan.wave_id, version=plan.version, **plan.settings)
            self.initial["provinces"] = list(plan.provinces.values_list("pk", flat=True))
            self.initial["batches"] = [pk for pk in plan.offers.values_list("batch_id", flat=True) if pk]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("scope") == PlanScope.PROVINCES and not data.get("provinces"):
            self.add_error("provinces", _("Pilih paling sedikit satu provinsi."))
        if data.get("scope") == PlanScope.WAVE and not data.get("wave"):
            self.add_error("wave", _("Pilih gelombangnya."))
        return data

    def chosen_provinces(self) -> str:
        """Names of the provinces that are ticked, for the folded list."""
        wanted = {str(value) for value in self["provinces"].value() or []}
        choices = self.fields["provinces"].choices  # type: ignore[attr-defined]
        return ", ".join(str(label) for value, label in choices if str(value) in wanted)

    def ticked(self, name: str = "batches") -> set[int]:
        """Angkatan (or granted seats) that are ticked: as posted, else as they begin."""
        values = self.data.getlist(name) if self.is_bound and hasattr(self.data, "getlist") else self.initial[name]
        return {int(value) for value in values if str(value).isascii() and str(value).isdecimal()}

    def _granted(self) -> list[ThoughtUp]:
        """Seats that institutes granted and that are no angkatan yet, from the first day that still leaves time for letters."""
        first = timezone.localdate() + timedelta(days=self.cleaned_data["notice_days"] + 1)
        return [
            ThoughtUp(row.institute, row.method, row.golongan, row.left, max(row.starts_on, first))  # type: ignore[attr-defined]  # annotated
            for row in self.granted_rows
            if row.pk in self.cleaned_data["granted"]
        ]

    def facts(self, thought_up: list[ThoughtUp]) -> PlanFacts:
        """What was chosen; call it on a valid form."""
        data = self.cleaned_data
        thought_up = [*self._granted(), *thought_up]
        return PlanFacts(
            name=data["name"] or self._name(),
            scope=data["scope"],
            settings={name: data[name] for name in (*NUMBERS, *CHOICES)},
            provinces=list(data["provinces"]),
            wave=data["wave"],
            batch_ids=data["batches"],
            thought_up=thought_up,
        )

    def _name(self) -> str:
        data = self.cleaned_data
        where = str(PlanScope(data["scope"]).label)
        if data["scope"] == PlanScope.PROVINCES:
            names = [one.province_name or one.name for one in data["provinces"]]
            where = names[0] if len(names) == 1 else _("%(first)s dan %(n)d lainnya") % {"first": names[0], "n": len(names) - 1}
        elif data["scope"] == PlanScope.WAVE:
            where = str(data["wave"])
        return f"{where}, {words.long_date(timezone.localdate())}"


class SeatsForm(forms.Form):
    """Seats that do not exist yet: what would they change?"""

    institute = forms.ModelChoiceField(
        label=gettext_lazy("Tambah kursi di"),
        queryset=Institute.objects.none(),
        empty_label=gettext_lazy("Pilih lembaga"),
        error_messages={"required": gettext_lazy("Lembaga pelatihan belum dipilih.")},
    )
    seats = forms.IntegerField(
        label=gettext_lazy("Jumlah kursi"),
        min_value=1,
        max_value=200,
        initial=40,
        error_messages={"required": gettext_lazy("Jumlah kursi belum diisi.")},
    )
    golongan = forms.ChoiceField(label=gettext_lazy("Golongan"), choices=GolonganGroup, initial=GolonganGroup.MIXED)
    method = forms.ChoiceField(label=gettext_lazy("Metode"), choices=Method, initial=Method.BLENDED)
    starts_on = date_field(gettext_lazy("Mulai"))
    ends_on = date_field(gettext_lazy("Selesai"), gettext_lazy("Kosongkan: dihitung dari skema."), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institute"].queryset = Institute.objects.visible_to(by).filter(is_active=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and starts_on <= timezone.localdate():
            self.add_error("starts_on", _("Mulai sudah lewat. Isi tanggal sesudah hari ini."))
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Selesai sebelum mulai. Periksa kedua tanggalnya."))
        return data

    def has_changed(self) -> bool:
        """Nothing is wanted until an institute or a day is given; what the fields begin with says nothing."""
        return any(self.data.get(self.add_prefix(name)) for name in ("institute", "starts_on", "ends_on"))

    def thought_up(self) -> ThoughtUp:
        """The seats as typed; call it on a valid form."""
        data = self.cleaned_data
        names = ("institute", "method", "golongan", "seats", "starts_on", "ends_on")
        return ThoughtUp(**{name: data[name] for name in names})


class TryForm(SeatsForm):
    allow_other_provinces = forms.BooleanField(label=gettext_lazy("Boleh pindah provinsi"), required=False)


class MoveForm(ChosenForm):
    """People ticked in a table, and where they go; an empty target is no seat."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    tujuan = forms.TypedChoiceField(label=gettext_lazy("Pindahkan ke"), coerce=lambda value: int(value) or None, empty_value=None)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = plan.offers.select_related("batch", "institute")
        rows = [(str(offer.pk), f"{offer.label}, {offer.institute}") for offer in offers]
        self.fields["tujuan"].choices = [("", gettext_lazy("Pilih tujuan")), *rows, ("0", gettext_lazy("Tanpa kursi"))]  # type: ignore[attr-defined]


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReplaceForm(VersionForm):
    batch = forms.TypedChoiceField(
        label=gettext_lazy("Ganti dengan angkatan"), coerce=int, error_messages={"required": gettext_lazy("Pilih angkatannya.")}
    )

    def __init__(self, *args: Any, batches: list[Batch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["batch"].choices = [("", gettext_lazy("Pilih angkatan")), *((str(batch.pk), str(batch)) for batch in batches)]  # type: ignore[attr-defined]
