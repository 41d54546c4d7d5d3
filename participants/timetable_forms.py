from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from latsar.accounts.zones import ZONES
from latsar.satker.models import Zone
from latsar.training.enums import SessionMode
from latsar.training.forms import date_field
from latsar.training.models import AgendaSubject, Batch, BatchPhase, Lecturer, TrainingSession
from latsar.training.services.sessions import SessionFacts, lecturer_named, zone_of
from latsar.training.timetable import JP, USUAL_SLOTS, Slot, slot_problem
from latsar.ui.typed import TypedField
from participants.services.placement import group_count

SLOTS = 6
USUAL_GROUPS = 4


def time_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.TimeField:
    """An hour of the day, picked from the browser's clock or typed as 08.00."""
    return forms.TimeField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Tulis jam seperti 08.00."), "required": _("Isi jamnya.")},
    )


def group_choices(batch: Batch) -> list[tuple[str, Any]]:
    """Name everybody and each group; a small batch may still be split into four."""
    most = max(USUAL_GROUPS, group_count(batch.capacity))
    return [("", _("Semua peserta")), *((str(n), _("Kelompok %(n)d") % {"n": n}) for n in range(1, most + 1))]


class SessionForm(forms.Form):
    """One session; its hours are of the clock at the place."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = TypedField(label=_("Acara"), max_length=150, error_messages={"required": _("Isi acaranya.")})
    subject = forms.ModelChoiceField(
        label=_("Mata pelatihan"),
        queryset=AgendaSubject.objects.none(),
        required=False,
        empty_label=_("Di luar kurikulum"),
        help_text=_("JP-nya dihitung ke agenda mata pelatihan ini."),
    )
    phase = forms.ModelChoiceField(label=_("Fase"), queryset=BatchPhase.objects.none(), required=False, empty_label=_("Tanpa fase"))
    mode = forms.ChoiceField(label=_("Cara"), choices=SessionMode, initial=SessionMode.SYNC)
    day = date_field(_("Tanggal"))
    starts = time_field(_("Mulai"), required=True)
    ends = time_field(_("Selesai"), _("Kosong: dihitung dari JP, 45 menit setiap JP."))
    jp = forms.IntegerField(label=_("JP"), required=False, min_value=1, max_value=24, help_text=_("Kosong: dihitung dari jamnya."))
    zone = forms.ChoiceField(label=_("Zona waktu"), choices=Zone)
    group = forms.ChoiceField(label=_("Peserta"), required=False)
    number = forms.IntegerField(label=_("Nomor sesi"), required=False, min_value=1, max_value=999, help_text=_("Kosong: nomor berikutnya."))
    lecturer = TypedField(label=_("Pengajar"), required=False, max_length=150, help_text=_("Nama baru ikut tersimpan di daftar pengajar."))
    room = TypedField(label=_("Ruang"), required=False, max_length=120)
    link = forms.URLField(
        label=_("Tautan ruang daring"),
        required=False,
        max_length=300,
        assume_scheme="https",
        error_messages={"invalid": _("Tulis tautan lengkap, misalnya https://rapat.contoh.go.id/ruang.")},
    )
    check_in_opens = time_field(_("Lapor hadir dibuka"), _("Kosong: peserta tidak melapor sendiri."))
    check_in_closes = time_field(_("Lapor hadir ditutup"))
    late_after_minutes = forms.IntegerField(label=_("Terlambat sesudah (menit)"), min_value=0, max_value=240, initial=15)
    needs_code = forms.BooleanField(label=_("Minta kode yang ditayangkan pengajar"), required=False)
    closes = time_field(_("Kehadiran ditutup paling lambat"), _("Pada hari yang sama; boleh kosong."))

    def __init__(self, *args: Any, batch: Batch, session: TrainingSession | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {**_initial(session, zone_of(batch)), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.batch = batch
        subject: Any = self.fields["subject"]
        subject.queryset = batch.curriculum.subjects.filter(method=batch.method).order_by("order")
        phase: Any = self.fields["phase"]
        phase.queryset = batch.phases.order_by("order")
        group: Any = self.fields["group"]
        group.choices = group_choices(batch)
        self.lecturers = list(
            Lecturer.objects.filter(institute_id=batch.institute_id, is_active=True).order_by("name").values_list("name", flat=True)[:300]
        )
        self.fields["lecturer"].widget.attrs["list"] = "pengajar"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end, jp = data.get("starts"), data.get("ends"), data.get("jp")
        if start and "ends" not in self.errors:
            if end is None and jp is None:
                self.add_error("ends", _("Isi jam selesai atau JP."))
            elif end is not None and end <= start:
                self.add_error("ends", _("Selesai harus sesudah mulai."))
        if (data.get("check_in_opens") is None) != (data.get("check_in_closes") is None):
            empty = "check_in_opens" if data.get("check_in_opens") is None else "check_in_closes"
            if empty not in self.errors:
                self.add_error(empty, _("Isi kedua jam lapor hadir, atau kosongkan keduanya."))
        elif data.get("check_in_opens") and data["check_in_closes"] <= data["check_in_opens"]:
            self.add_error("check_in_closes", _("Jendela lapor hadir ditutup sesudah dibuka."))
        return data

    def facts(self) -> SessionFacts:
        """Return what was typed; call it on a valid form. A lecturer that is new is made."""
        data = self.cleaned_data
        starts_at = self._at("starts")
        assert starts_at is not None
        ends_at = self._at("ends") or starts_at + JP * data["jp"]
        return SessionFacts(
            title=data["title"],
            starts_at=starts_at,
            ends_at=ends_at,
            jp=data["jp"] or max(1, min(24, round((ends_at - starts_at) / JP))),
            zone=data["zone"],
            mode=data["mode"],
            number=data["number"],
            phase=data["phase"],
            subject=data["subject"],
            group=int(data["group"]) if data["group"] else None,
            lecturer=lecturer_named(institute_id=self.batch.institute_id, name=data["lecturer"]),
            room=data["room"],
            link=data["link"],
            check_in_opens_at=self._at("check_in_opens"),
            check_in_closes_at=self._at("check_in_closes"),
            late_after_minutes=data["late_after_minutes"],
            needs_code=data["needs_code"],
            closes_at=self._at("closes"),
        )

    def _at(self, name: str) -> datetime | None:
        hour: time | None = self.cleaned_data[name]
        return datetime.combine(self.cleaned_data["day"], hour, ZONES[self.cleaned_data["zone"]]) if hour is not None else None


def _initial(session: TrainingSession | None, zone: str) -> dict[str, Any]:
    if session is None:
        return {"zone": zone}
    clock = ZONES[session.zone]
    plain = (
        "version",
        "title",
        "subject_id",
        "phase_id",
        "mode",
        "jp",
        "zone",
        "group",
        "number",
        "room",
        "link",
        "late_after_minutes",
        "needs_code",
    )
    moments = {
        "starts": session.starts_at,
        "ends": session.ends_at,
        "check_in_opens": session.check_in_opens_at,
        "check_in_closes": session.check_in_closes_at,
        "closes": session.closes_at,
    }
    return {
        **{name.removesuffix("_id"): getattr(session, name) for name in plain},
        **{name: moment.astimezone(clock).time() if moment else None for name, moment in moments.items()},
        "day": session.local_start.date(),
        "lecturer": session.lecturer.name if session.lecturer else "",
    }


class GenerateForm(forms.Form):
    """A first timetable: which subjects go into which phase, at which hours of a day."""

    phase = forms.ModelChoiceField(label=_("Fase"), queryset=BatchPhase.objects.none(), empty_label=None)
    mode = forms.ChoiceField(label=_("Cara"), choices=SessionMode, initial=SessionMode.SYNC)
    zone = forms.ChoiceField(label=_("Zona waktu"), choices=Zone)
    subjects = forms.ModelMultipleChoiceField(
        label=_("Mata pelatihan"),
        queryset=AgendaSubject.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih paling sedikit satu mata pelatihan.")},
    )

    def __init__(self, *args: Any, batch: Batch, lacking: Mapping[int, int], **kwargs: Any) -> None:
        initial = {"zone": zone_of(batch), **kwargs.pop("initial", {})}
        for n, slot in enumerate(USUAL_SLOTS):
            initial.setdefault(f"slot_{n}", slot.start)
            initial.setdefault(f"jp_{n}", slot.jp)
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        phase: Any = self.fields["phase"]
        phase.queryset = batch.phases.order_by("order")
        subjects: Any = self.fields["subjects"]
        subjects.queryset = batch.curriculum.subjects.filter(
            method=batch.method, pk__in=[pk for pk, jp in lacking.items() if jp > 0]
        ).order_by("order")
        subjects.label_from_instance = lambda one: f"{one.name} ({lacking[one.pk]} JP)"
        for n in range(SLOTS):
            self.fields[f"slot_{n}"] = time_field(_("Mulai %(n)d") % {"n": n + 1})
            self.fields[f"jp_{n}"] = forms.IntegerField(label=_("JP %(n)d") % {"n": n + 1}, required=False, min_value=1, max_value=8)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for n in range(SLOTS):
            start, jp = data.get(f"slot_{n}"), data.get(f"jp_{n}")
            if (start is None) != (jp is None) and not {f"slot_{n}", f"jp_{n}"} & set(self.errors):
                self.add_error(f"jp_{n}" if jp is None else f"slot_{n}", _("Isi jam mulai dan JP-nya, atau kosongkan keduanya."))
        if not self.errors and (problem := slot_problem(self.slots())):
            self.add_error(None, problem)
        return data

    def slots(self) -> list[Slot]:
        """Return the filled parts of a day."""
        found = [(self.cleaned_data.get(f"slot_{n}"), self.cleaned_data.get(f"jp_{n}")) for n in range(SLOTS)]
        return [Slot(start, jp) for start, jp in found if start is not None and jp]

    def slot_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"slot_{n}"], self[f"jp_{n}"]) for n in range(SLOTS)]


class CopyDayForm(forms.Form):
    day = date_field(_("Hari yang disalin"))
    count = forms.IntegerField(label=_("Ke berapa hari kerja berikutnya"), min_value=1, max_value=20, initial=1)


class TimetableFilter(forms.Form):
    """What of a timetable is shown. What does not exist narrows nothing."""

    kelompok = forms.ChoiceField(label=_("Kelompok"), required=False)
    fase = forms.ChoiceField(label=_("Fase"), required=False)
    pengajar = forms.ChoiceField(label=_("Pengajar"), required=False)

    def __init__(self, *args: Any, batch: Batch, phases: Sequence[BatchPhase], lecturers: Sequence[Lecturer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[str, Any]]] = {
            "kelompok": [("", _("Semua kelompok")), *group_choices(batch)[1:]],
            "fase": [("", _("Semua fase")), *((str(phase.pk), phase.name) for phase in phases)],
            "pengajar": [("", _("Semua pengajar")), *((str(one.pk), one.name) for one in lecturers)],
        }
        for name, options in choices.items():
            field: Any = self.fields[name]
            field.choices = options
            field.widget.attrs["class"] = "form-select"


class LecturerForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = TypedField(label=_("Nama dengan gelar"), max_length=150, error_messages={"required": _("Isi namanya.")})
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    nip = forms.CharField(label=_("NIP"), required=False, max_length=30, help_text=_("18 angka; boleh kosong."))
    is_active = forms.BooleanField(label=_("Masih mengajar"), required=False, initial=True)

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0

    def clean_nip(self) -> str:
        nip = "".join(self.cleaned_data["nip"].split()).replace(".", "")
        if nip and not (nip.isascii() and nip.isdecimal() and len(nip) == 18):
            raise forms.ValidationError(_("NIP terdiri atas 18 angka."))
        return nip


class TableForm(forms.Form):
    """A table that an office brings."""

    file = forms.FileField(
        label=_("Pilih berkas .xlsx atau .csv"),
        allow_empty_file=True,
        error_messages={"required": _("Belum ada berkas yang dipilih. Pilih berkasnya, lalu tekan Periksa berkas.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


def week_of(text: str, default: date) -> date:
    """Return the Monday of the week that an address names by a day."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        day = default
    return date.fromordinal(day.toordinal() - day.weekday())
