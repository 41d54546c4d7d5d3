from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.enums import Stage

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser
    from participants.people import Participant

NOTE_LETTERS = 200
NOTED_FIELDS = (
    "nip", "full_name", "birth_place", "birth_date", "religion", "sex", "satker", "jabatan", "golongan", "education", "study_programme",
    "email", "phone", "address", "special_needs", "clothing_size", "shoe_size",
)  # fmt: skip
"""What a verifier can call wrong, in the order of the form."""
SIZES = ("clothing_size", "shoe_size")
OFFERED_FIELDS = tuple(name for name in NOTED_FIELDS if name not in SIZES)
"""No paper says a size, so none is called wrong any more; what was once said about one stays."""
PRIVATE_FIELD = "special_needs"
"""A note on it is read only by who may read the field."""


class FieldNoteQuerySet(models.QuerySet["FieldNote"]):
    def visible_to(self, user: AnyUser) -> FieldNoteQuerySet:
        from participants.people import Participant

        if user.scope.nation:
            return self
        return self.filter(participant__in=Participant.objects.visible_to(user))

    def unsettled(self) -> FieldNoteQuerySet:
        return self.filter(settled_at=None)


class FieldNote(models.Model):
    """What a verifier says about one field of a returned file; settled when the file is submitted again."""

    participant = models.ForeignKey("participants.Participant", models.CASCADE, related_name="field_notes", verbose_name=_("peserta"))
    field = models.CharField(_("isian"), max_length=20)
    text = models.CharField(_("catatan"), max_length=NOTE_LETTERS)
    value = models.CharField(_("isi saat itu"), max_length=250, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("oleh"))
    at = models.DateTimeField(_("waktu"), default=timezone.now)
    settled_at = models.DateTimeField(_("selesai"), null=True, blank=True)

    objects = FieldNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "pk"]
        verbose_name = _("catatan isian")
        verbose_name_plural = _("catatan isian")
        constraints = [
            models.CheckConstraint(condition=Q(field__in=NOTED_FIELDS), name="field_note_known_field"),
            models.CheckConstraint(condition=~Q(text=""), name="field_note_says_something"),
            models.UniqueConstraint(fields=["participant", "field"], condition=Q(settled_at=None), name="field_note_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.text}"

    @property
    def label(self) -> str:
        return field_label(self.field)


def field_label(name: str) -> str:
    """Return the word of the form for a field."""
    from participants.people import Participant

    label = str(Participant._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def read_notes(data: Mapping[str, str]) -> dict[str, str]:
    """Take the notes out of a form: `isian_<field>` -> what is typed."""
    typed = ((name, " ".join(data.get(f"isian_{name}", "").split())) for name in OFFERED_FIELDS)
    return {name: text[:NOTE_LETTERS] for name, text in typed if text}


def note_lines(person: Participant, data: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """Offer every field as (name, label, present value, what is typed so far)."""
    typed = read_notes(data)
    return [(name, field_label(name), shown_value(person, name), typed.get(name, "")) for name in OFFERED_FIELDS]


def shown_value(person: Participant, name: str) -> str:
    """Return the present value of a field as it is read: the satker by its code, a date as it is typed."""
    if name == "satker":
        return f"{person.satker.code} {person.satker}"
    value = getattr(person, name)
    return f"{value:%d-%m-%Y}" if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class LastReturn:
    """What was said when a file was last returned: the general reason, and each note with whether its field changed since."""

    reason: str = ""
    notes: list[tuple[FieldNote, bool]] = dataclass_field(default_factory=list)


def last_return(person: Participant) -> LastReturn:
    """Look at the last return only: a note of an earlier one has been answered."""
    change = person.stage_changes.filter(new=Stage.RETURNED).exclude(action="reinstate").first()
    if change is None:
        return LastReturn()
    notes = person.field_notes.filter(at__gte=change.at)
    return LastReturn(change.note, [(note, shown_value(person, note.field) != note.value) for note in notes])
