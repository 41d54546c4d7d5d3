from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.satker.models import Satker, SatkerKind
from latsar.training.forms import date_field
from latsar.training.models import OrientationTemplate
from latsar.ui.numbers import whole_number
from latsar.ui.typed import TypedField
from participants.enums import AttendanceMark, OrientationMethod, OrientationState
from participants.models import OrientationMember, OrientationProgramme, OrientationSession
from participants.services.orientation import SessionFacts

BLANK_LINES = 2


class FactsForm(forms.Form):
    """What can be said of a programme whatever its template."""

    title = TypedField(label=_("Judul"), max_length=150, error_messages={"required": _("Judulnya belum ditulis.")})
    starts_on = date_field(_("Mulai"), _("Sesi tersusun di hari kerja, mulai hari ini atau sesudahnya."))
    method = forms.ChoiceField(label=_("Cara"), choices=OrientationMethod, initial=OrientationMethod.ONLINE)
    place = TypedField(label=_("Tempat"), required=False, max_length=120, help_text=_("Kota atau gedung; tercetak di surat keterangan."))
    link = forms.URLField(
        label=_("Tautan ruang daring"),
        required=False,
        max_length=300,
        assume_scheme="https",
        error_messages={"invalid": _("Tulis tautan lengkap, misalnya https://rapat.contoh.go.id/ruang.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("method") == OrientationMethod.ON_SITE and not data.get("place"):
            self.add_error("place", _("Orientasi luring memerlukan tempat."))
        return data


class ProgrammeForm(FactsForm):
    """A programme to be made from a template; PKSDM may choose whose it is."""

    template = forms.ModelChoiceField(
        label=_("Templat"),
        queryset=OrientationTemplate.objects.filter(is_active=True),
        empty_label=None,
        error_messages={"required": _("Templatnya belum dipilih.")},
    )
    province = forms.ModelChoiceField(
        label=_("Penyelenggara"), queryset=Satker.objects.none(), required=False, empty_label=_("Nasional, oleh PKSDM")
    )
    field_order = ("template", "title", "province", "starts_on", "method", "place", "link")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces = Satker.objects.visible_to(by).filter(kind=SatkerKind.PROVINCE).order_by("code")
        field: Any = self.fields["province"]
        if not by.has_role(Role.PKSDM):
            provinces = provinces.filter(pk__in=by.scope.province_ids)
            field.required, field.empty_label = True, None
        field.queryset = provinces


class ProgrammeEditForm(FactsForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    min_attendance_percent = forms.IntegerField(
        label=_("Kehadiran paling sedikit (%)"),
        min_value=0,
        max_value=100,
        help_text=_("Bagian JP yang harus diikuti untuk mendapat surat keterangan."),
    )

    @classmethod
    def of(cls, programme: OrientationProgramme, data: Any) -> ProgrammeEditForm:
        names = ("title", "starts_on", "method", "place", "link", "min_attendance_percent", "version")
        form = cls(data, initial={name: getattr(programme, name) for name in names})
        form.fields["starts_on"].help_text = _("Hari lain menggeser semua sesi, selama kehadiran belum dicatat.")
        return form


class SessionForm(forms.Form):
    """One line of the timetable. A line without a title that is new is left out."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = TypedField(label=_("Materi"), max_length=150, required=False)
    speaker = forms.CharField(label=_("Pemateri"), max_length=150, required=False)
    day = date_field(_("Hari"), required=False)
    starts_at = forms.TimeField(label=_("Mulai"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends_at = forms.TimeField(label=_("Selesai"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    hours = forms.IntegerField(label=_("JP"), required=False, min_value=1, max_value=12)
    delete = forms.BooleanField(label=_("Hapus sesi ini"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needed = {"title": _("Isi materinya."), "day": _("Isi harinya."), "starts_at": _("Isi jamnya."), "ends_at": _("Isi jamnya."), "hours": _("Isi JP-nya.")}  # fmt: skip
        if data.get("delete") or self.is_blank:
            return data
        for name, text in needed.items():
            if not data.get(name) and name not in self.errors:
                self.add_error(name, text)
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("Selesai harus sesudah mulai."))
        return data

    @property
    def is_blank(self) -> bool:
        data = getattr(self, "cleaned_data", {})
        return not data.get("pk") and not any(data.get(name) for name in ("title", "speaker", "starts_at", "ends_at", "hours"))

    @property
    def stays(self) -> bool:
        return not self.is_blank and not self.cleaned_data.get("delete")


class TimetableForm:
    """The lines of a programme and two empty ones, with the version they were read at."""

    def __init__(self, programme: OrientationProgramme, sessions: Sequence[OrientationSession], data: Any = None) -> None:
        initial = [
            {name: getattr(one, name) for name in ("pk", "title", "speaker", "day", "starts_at", "ends_at", "hours")} for one in sessions
        ]
        initial += [{"day": programme.ends_on}] * BLANK_LINES
        total = len(initial) if (lines := whole_number(data.get("lines")) if data else None) is None else min(lines, 60)
        initial += [{}] * (total - len(initial))
        self.lines = [SessionForm(data, prefix=f"s{n}", initial=values) for n, values in enumerate(initial[:total])]
        version = data.get("version", "") if data else programme.version
        self.version = whole_number(str(version)) or 0
        self.total = total
        self.errors: list[str] = []

    def is_valid(self) -> bool:
        """Check every line, so that all errors show at once."""
        return not [line for line in self.lines if not line.is_valid()]

    def facts(self) -> list[SessionFacts]:
        """Return what stays; call it on valid lines."""
        kept = [line.cleaned_data for line in self.lines if line.stays]
        return [SessionFacts(**{name: value for name, value in data.items() if name != "delete"}) for data in kept]


class OrientationFilter(forms.Form):
    q = forms.CharField(label=_("Cari judul"), required=False)
    keadaan = forms.ChoiceField(label=_("Keadaan"), required=False, choices=[("", _("Semua keadaan")), *OrientationState.choices])


class MemberFilter(forms.Form):
    """Who among the candidates is shown."""

    q = forms.CharField(label=_("Nama atau NIP"), required=False)
    satker = forms.CharField(label=_("Nama atau kode satker"), required=False)
    provinsi = forms.ChoiceField(label=_("Provinsi"), required=False)

    def __init__(self, *args: Any, provinces: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provinsi"].choices = [("", _("Semua provinsi")), *provinces]  # type: ignore[attr-defined]


def typed_marks(data: Any, members: Sequence[OrientationMember], *, fill: bool) -> tuple[dict[int, str], dict[int, str]]:
    """Read the marks of a sheet and those it showed when it was opened; `fill` sets the empty ones to present."""
    marks = {member.pk: data.get(f"m{member.pk}", "") for member in members}
    if fill:
        marks = {pk: mark or AttendanceMark.PRESENT.value for pk, mark in marks.items()}
    return {pk: mark for pk, mark in marks.items() if mark}, {member.pk: data.get(f"w{member.pk}", "") for member in members}
