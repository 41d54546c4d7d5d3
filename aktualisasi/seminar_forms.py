"""Forms of seminars: plan a whole angkatan, change one, record the result of a turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aktualisasi.models import Seminar, SeminarTurn
from aktualisasi.seminar_enums import Presence, SeminarState, TurnOutcome
from aktualisasi.services.seminar_results import Here, ToRepair
from aktualisasi.services.seminars import MOST_BREAK, SeminarFacts
from latsar.accounts.models import User
from latsar.accounts.zones import ZONES
from latsar.satker.models import Zone
from latsar.training.enums import SeminarKind
from latsar.training.forms import date_field
from latsar.ui.numbers import whole_number
from latsar.ui.typed import TypedField
from participants.timetable_forms import time_field

USUAL_START, USUAL_MINUTES = time(8), 45
SPARE_REVISIONS = 3
LINK_ERROR = {"invalid": _("Tulis tautan lengkap, misalnya https://rapat.contoh.go.id/ruang.")}


def link_field() -> forms.URLField:
    return forms.URLField(label=_("Tautan ruang daring"), required=False, max_length=300, assume_scheme="https", error_messages=LINK_ERROR)


def minutes_field(
    label: Any, *, low: int = 5, required: bool = True, initial: int | None = None, help_text: Any = ""
) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=low,
        max_value=MOST_BREAK,
        required=required,
        initial=initial,
        help_text=help_text,
        error_messages={"required": _("Isi menitnya.")},
    )


def examiner_field(number: int, offers: Sequence[User], known: Sequence[User] = ()) -> forms.ChoiceField:
    """One examiner; who is chosen now stays among the choices."""
    people = {user.pk: str(user) for user in [*known, *offers]}
    choices = [("", _("Pilih penguji")), *((str(pk), name) for pk, name in people.items())]
    return forms.ChoiceField(label=_("Penguji %(n)d") % {"n": number}, choices=choices, required=False)


class PlanForm(forms.Form):
    """One seminar per group, in one go: what is common on top, a line per group below."""

    day = date_field(_("Tanggal"))
    starts = time_field(_("Mulai"), required=True)
    minutes = minutes_field(_("Menit tiap orang"), initial=USUAL_MINUTES)
    zone = forms.ChoiceField(label=_("Zona waktu"), choices=Zone)
    break_every = forms.IntegerField(
        label=_("Jeda sesudah tiap … orang"), required=False, min_value=1, max_value=40, help_text=_("Kosong: tanpa jeda.")
    )
    break_minutes = minutes_field(_("Lama jeda (menit)"), low=0, required=False, initial=15)

    def __init__(
        self, *args: Any, groups: Mapping[int | None, int], offers: Sequence[User], wanted: int, zone: str, day: date | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"zone": zone, "starts": USUAL_START, "day": day, **self.initial}
        self.groups, self.wanted = list(groups), wanted
        for group in self.groups:
            key = group or 0
            self.fields[f"use_{key}"] = forms.BooleanField(label=_("Susun seminarnya"), required=False, initial=True)
            self.fields[f"day_{key}"] = date_field(_("Tanggal lain"), required=False)
            self.fields[f"starts_{key}"] = time_field(_("Mulai lain"))
            self.fields[f"room_{key}"] = TypedField(label=_("Ruang"), required=False, max_length=120)
            self.fields[f"link_{key}"] = link_field()
            for n in range(1, wanted + 1):
                self.fields[f"examiner_{key}_{n}"] = examiner_field(n, offers)

    def lines(self) -> list[tuple[int | None, dict[str, forms.BoundField], list[forms.BoundField]]]:
        """Return the fields of each group: (group, by name, examiners)."""
        return [
            (
                group,
                {name: self[f"{name}_{group or 0}"] for name in ("use", "day", "starts", "room", "link")},
                [self[f"examiner_{group or 0}_{n}"] for n in range(1, self.wanted + 1)],
            )
            for group in self.groups
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"use_{group or 0}") for group in self.groups):
            raise forms.ValidationError(_("Pilih paling sedikit satu kelompok."))
        return data

    def plans(self) -> dict[int | None, SeminarFacts]:
        """Return what is said of each chosen group."""
        data, found = self.cleaned_data, {}
        for group in self.groups:
            key = group or 0
            if not data.get(f"use_{key}"):
                continue
            at = datetime.combine(data[f"day_{key}"] or data["day"], data[f"starts_{key}"] or data["starts"], ZONES[data["zone"]])
            examiners = [int(pk) for n in range(1, self.wanted + 1) if (pk := data.get(f"examiner_{key}_{n}"))]
            found[group] = SeminarFacts(
                at, data["minutes"], data["zone"], data[f"room_{key}"], data[f"link_{key}"], examiner_ids=tuple(examiners)
            )
        return found


class SeminarForm(forms.Form):
    """One seminar: day, hours, place, examiners."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    day = date_field(_("Tanggal"))
    starts = time_field(_("Mulai"), required=True)
    minutes = minutes_field(_("Menit tiap orang"))
    zone = forms.ChoiceField(label=_("Zona waktu"), choices=Zone)
    room = TypedField(label=_("Ruang"), required=False, max_length=120)
    link = link_field()
    chair = TypedField(label=_("Pemandu acara"), required=False, max_length=150)
    notes = TypedField(label=_("Catatan bagi yang diundang"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, seminar: Seminar, offers: Sequence[User], wanted: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(seminar.examiners.select_related("user"))
        self.wanted = max(wanted, len(rows))
        names = ("minutes", "zone", "room", "link", "chair", "notes", "version")
        self.initial = {name: getattr(seminar, name) for name in names}
        self.initial |= {"day": seminar.day, "starts": seminar.local_start.time()}
        for n in range(1, self.wanted + 1):
            self.fields[f"examiner_{n}"] = examiner_field(n, offers, [row.user for row in rows])
            self.initial[f"examiner_{n}"] = next((str(row.user_id) for row in rows if row.number == n), "")

    def examiners(self) -> list[forms.BoundField]:
        return [self[f"examiner_{n}"] for n in range(1, self.wanted + 1)]

    def facts(self) -> SeminarFacts:
        """Return what was typed, as the service wants it."""
        data = self.cleaned_data
        at = datetime.combine(data["day"], data["starts"], ZONES[data["zone"]])
        chosen = tuple(int(pk) for n in range(1, self.wanted + 1) if (pk := data.get(f"examiner_{n}")))
        return SeminarFacts(at, data["minutes"], data["zone"], data["room"], data["link"], data["chair"], data["notes"], chosen)


class ResultForm(forms.Form):
    """The decision on a turn, what is to be repaired, and who was there."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("Hasil"), choices=TurnOutcome, widget=forms.RadioSelect, error_messages={"required": _("Pilih hasilnya.")}
    )
    revision_due_on = date_field(_("Perbaikan diserahkan paling lambat"), required=False)
    number = TypedField(label=_("Nomor berita acara"), required=False, max_length=60, help_text=_("Kosong: PDF bertanda KONSEP."))
    note = TypedField(
        label=_("Catatan berita acara"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Tercetak di berita acara. Tanpa angka nilai."),
    )  # fmt: skip

    def __init__(self, *args: Any, turn: SeminarTurn, people: Sequence[Here], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.stored = list(turn.revisions.all())
        self.initial = {name: getattr(turn, name) for name in ("version", "outcome", "revision_due_on", "number", "note")}
        here = {f"{row.role}-{row.number}": row.presence for row in turn.presences.all()}
        usual = Presence.ONSITE if turn.seminar.room else Presence.ONLINE
        for one in people:
            self.fields[f"hadir_{one.key}"] = forms.ChoiceField(label=f"{one.name}", choices=Presence, initial=here.get(one.key, usual))
        for n in range(len(self.stored) + SPARE_REVISIONS):
            row = self.stored[n] if n < len(self.stored) else None
            self.fields[f"text_{n}"] = TypedField(
                label=_("Catatan perbaikan"), required=False, max_length=500, initial=row.text if row else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
            self.fields[f"part_{n}"] = TypedField(label=_("Bagian"), required=False, max_length=60, initial=row.part if row else "")

    def presences(self) -> list[tuple[Here, forms.BoundField]]:
        return [(one, self[f"hadir_{one.key}"]) for one in self.people]

    def rows(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        return [(n + 1, self[f"text_{n}"], self[f"part_{n}"]) for n in range(len(self.stored) + SPARE_REVISIONS)]

    def facts(self) -> dict[str, Any]:
        """Return what was typed, as service arguments."""
        data = self.cleaned_data
        revisions = [
            ToRepair(self.stored[n].pk if n < len(self.stored) else None, data[f"text_{n}"], data[f"part_{n}"])
            for n in range(len(self.stored) + SPARE_REVISIONS)
        ]
        names = ("version", "outcome", "revision_due_on", "number", "note")
        return {
            **{name: data[name] for name in names},
            "revisions": revisions,
            "presences": {one.key: data[f"hadir_{one.key}"] for one in self.people},
        }


class ListForm(forms.Form):
    """Filters of the list; what cannot be read is left out."""

    q = forms.CharField(label=_("Nama, ruang, atau lembaga"), required=False, max_length=100)
    jenis = forms.ChoiceField(label=_("Jenis"), required=False, choices=[("", _("Kedua seminar")), *SeminarKind.choices])
    keadaan = forms.ChoiceField(label=_("Keadaan"), required=False, choices=[("", _("Semua keadaan")), *SeminarState.choices])
    tanggal = date_field(_("Tanggal"), required=False)


class PaperForm(forms.Form):
    file = forms.FileField(
        label=_("Berita acara bertanda tangan"),
        max_length=255,
        allow_empty_file=True,
        help_text=_("Satu berkas PDF, paling besar 10 MB. Yang lama tetap tersimpan."),
        error_messages={"required": _("Belum ada berkas. Pilih PDF-nya, lalu unggah.")},
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )


class MoveForm(forms.Form):
    """One step of a seminar, with its reason where one is needed."""

    langkah = forms.CharField(max_length=12)
    version = forms.IntegerField()
    note = TypedField(label=_("Alasan"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


def arranged(data: Any, turns: Sequence[SeminarTurn]) -> tuple[list[int], dict[int, int]]:
    """Read the order and the breaks from the form; a button "naik" or "turun" moves one turn by a place, numbers move any."""
    wanted = {turn.pk: whole_number(data.get(f"no-{turn.pk}", "")) or turn.order for turn in turns}
    ids = [turn.pk for turn in _moved_to(turns, wanted)]
    for name, step in (("naik", -1), ("turun", 1)):
        pk = whole_number(data.get(name, ""))
        if pk in ids:
            at = ids.index(pk)
            to = at + step
            if 0 <= to < len(ids):
                ids[at], ids[to] = ids[to], ids[at]
    breaks = {turn.pk: whole_number(data.get(f"jeda-{turn.pk}", "")) or 0 for turn in turns}
    return ids, breaks


def _moved_to(turns: Sequence[SeminarTurn], wanted: Mapping[int, int]) -> list[SeminarTurn]:
    """Put each turn that was given another number exactly there; the others keep their order around them."""
    moved = [turn for turn in turns if wanted[turn.pk] != turn.order]
    rest = [turn for turn in sorted(turns, key=lambda one: one.order) if turn not in moved]
    for turn in sorted(moved, key=lambda one: wanted[one.pk]):
        rest.insert(min(max(wanted[turn.pk] - 1, 0), len(rest)), turn)
    return rest
