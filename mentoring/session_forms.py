"""Forms of a session: when and where, what came out, why not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from latsar.accounts.zones import ZONES
from latsar.satker.models import Zone
from latsar.training.forms import date_field
from latsar.ui.typed import TypedField
from mentoring.enums import GuideKind, MeetingMode, SessionStage
from mentoring.models import MentoringSession
from mentoring.services import Attached, SessionFacts, Written, attached
from mentoring.sessions import NOTE_LIMIT
from participants.timetable_forms import time_field

MOST_AT_ONCE = 5


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """No file, one or several."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFiles, self).clean(one, initial) for one in chosen if one]


def files_field() -> SeveralFiles:
    """Photos or PDFs that show the session."""
    return SeveralFiles(
        label=_("Bukti (foto atau PDF)"),
        required=False,
        allow_empty_file=True,
        max_length=255,
        help_text=_("Paling banyak lima sekali kirim, masing-masing paling besar 10 MB. Tempat pengambilan foto dihapus dari berkasnya."),
        widget=SeveralFilesInput(attrs={"accept": "image/*,application/pdf"}),
    )


class WithFiles(forms.Form):
    """A form with any number of files in `files`."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if len(data.get("files") or ()) > MOST_AT_ONCE:
            self.add_error("files", _("Paling banyak lima berkas sekali kirim. Sisanya kirim sesudah ini."))
        return data

    def attachments(self) -> list[Attached]:
        """Judge the files that came along. Raises Refused."""
        return [attached(upload.read(), upload.name) for upload in self.cleaned_data.get("files") or ()]


class TimeForm(forms.Form):
    """When, where and why; hours are of the clock that stands beside them."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    day = date_field(_("Tanggal"))
    starts = time_field(_("Mulai"), required=True)
    ends = time_field(_("Selesai"), required=True)
    zone = forms.ChoiceField(label=_("Zona waktu"), choices=Zone)
    mode = forms.ChoiceField(label=_("Cara"), choices=MeetingMode, initial=MeetingMode.OFFLINE, widget=forms.RadioSelect)
    place = TypedField(label=_("Tempat"), max_length=150, required=False, help_text=_("Untuk sesi luring."))
    link = forms.CharField(
        label=_("Tautan ruang daring"), max_length=300, required=False, help_text=_("Untuk sesi daring, diawali https://.")
    )
    agenda = TypedField(
        label=_("Acara"),
        max_length=300,
        help_text=_("Satu kalimat, misalnya membahas isu terpilih dan fishbone."),
        error_messages={"required": _("Tulis acaranya.")},
    )

    needs_room = True

    def clean_link(self) -> str:
        link = self.cleaned_data["link"].strip()
        if link:
            URLValidator(schemes=["https"], message=_("Tulis alamat lengkap yang diawali https://."))(link)
        return link

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts"), data.get("ends")
        if start and end and end <= start:
            self.add_error("ends", _("Selesai harus sesudah mulai."))
        if self.needs_room and data.get("mode") == MeetingMode.OFFLINE and not data.get("place"):
            self.add_error("place", _("Tulis tempatnya."))
        if self.needs_room and data.get("mode") == MeetingMode.ONLINE and not data.get("link") and "link" not in self.errors:
            self.add_error("link", _("Tulis tautan ruangnya."))
        return data

    def facts(self) -> SessionFacts:
        """Return what was typed; call it on a valid form."""
        data = self.cleaned_data
        online = data["mode"] == MeetingMode.ONLINE
        return SessionFacts(
            starts_at=self._at(data["day"], data["starts"]),
            ends_at=self._at(data["day"], data["ends"]),
            zone=data["zone"],
            mode=data["mode"],
            place="" if online else data["place"],
            link=data["link"] if online else "",
            agenda=data["agenda"],
        )

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, ZONES[self.cleaned_data["zone"]])


def initial_of(session: MentoringSession) -> dict[str, Any]:
    """Return a session as its form shows it."""
    return {
        "version": session.version,
        "day": session.local_start.date(),
        "starts": session.local_start.time(),
        "ends": session.local_end.time(),
        "zone": session.zone,
        "mode": session.mode,
        "place": session.place,
        "link": session.link,
        "agenda": session.agenda,
    }


class RescheduleForm(TimeForm):
    together = forms.BooleanField(label=_("Untuk semua peserta sesi bersama ini"), required=False)

    def __init__(self, *args: Any, has_mates: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_mates:
            del self.fields["together"]


class ProposeForm(TimeForm):
    """A new session: with whom first, when the person may choose."""

    people = forms.MultipleChoiceField(
        label=_("Peserta"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Beberapa orang sekaligus menjadi sesi bersama; tiap orang mendapat barisnya sendiri di kartu bimbingan."),
        error_messages={"required": _("Pilih paling sedikit satu peserta."), "invalid_choice": _("Orang ini tidak lagi Anda bimbing.")},
    )
    kind = forms.ChoiceField(label=_("Dengan"), widget=forms.RadioSelect, error_messages={"required": _("Pilih pembimbingnya.")})

    field_order = ("people", "kind")

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], kinds: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only_kind = kinds[0][0] if len(kinds) == 1 else ""
        if people:
            self.fields["people"].choices = people  # type: ignore[attr-defined]
        else:
            del self.fields["people"]
        if self.only_kind:
            del self.fields["kind"]
        else:
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    @property
    def chosen_kind(self) -> str:
        return self.only_kind or self.cleaned_data["kind"]


class NoteFields(WithFiles):
    notes = TypedField(
        label=_("Uraian konsultasi"),
        max_length=NOTE_LIMIT,
        help_text=_("Yang dibahas dan disepakati. Inilah yang tercetak di kartu bimbingan."),
        widget=forms.Textarea(attrs={"rows": "5"}),
        error_messages={"required": _("Tulis apa yang dibahas.")},
    )
    next_steps = TypedField(
        label=_("Tindak lanjut"),
        max_length=NOTE_LIMIT,
        required=False,
        help_text=_("Siapa mengerjakan apa sebelum sesi berikutnya."),
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    files = files_field()  # type: ignore[assignment]  # a field, which the metaclass takes away

    def written(self) -> Written:
        return Written(self.cleaned_data["notes"], self.cleaned_data["next_steps"])


class LogForm(ProposeForm, NoteFields):
    """A session that has taken place without having been agreed in the portal."""

    needs_room = False


class NotesForm(NoteFields):
    version = forms.IntegerField(widget=forms.HiddenInput)
    together = forms.BooleanField(label=_("Tulis catatan yang sama untuk semua peserta sesi bersama ini"), required=False, initial=False)

    def __init__(self, *args: Any, has_mates: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_mates:
            del self.fields["together"]


class CancelForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = TypedField(label=_("Alasan membatalkan"), max_length=300, error_messages={"required": _("Tulis alasannya.")})
    together = forms.BooleanField(label=_("Untuk semua peserta sesi bersama ini"), required=False)

    def __init__(self, *args: Any, has_mates: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_mates:
            del self.fields["together"]


WAITING = "menunggu"


class SessionFilter(forms.Form):
    """What the list can be narrowed by; a wrong value narrows nothing."""

    q = forms.CharField(label=_("Nama peserta atau acara"), required=False, max_length=100)
    keadaan = forms.ChoiceField(
        label=_("Keadaan"), required=False, choices=[("", _("Semua keadaan")), (WAITING, _("Menunggu saya")), *SessionStage.choices]
    )
    cara = forms.ChoiceField(label=_("Cara"), required=False, choices=[("", _("Luring dan daring")), *MeetingMode.choices])
    dengan = forms.ChoiceField(label=_("Pembimbing"), required=False, choices=[("", _("Mentor dan coach")), *GuideKind.choices])
