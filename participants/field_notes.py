from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser
    from participants.people import Participant

NOTE_LETTERS = 200
NOTED_FIELDS = (
    "nip", "full_name", "birth_place", "religion", "golongan", "jabatan", "education", "study_programme", "email", "phone", "address",
)  # fmt: skip
"""What a verifier can call wrong, in the order of the form."""


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
    typed = ((name, " ".join(data.get(f"isian_{name}", "").split())) for name in NOTED_FIELDS)
    return {name: text[:NOTE_LETTERS] for name, text in typed if text}


def note_lines(person: Participant, data: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """Offer every field as (name, label, present value, what is typed so far)."""
    typed = read_notes(data)
    return [(name, field_label(name), str(getattr(person, name)), typed.get(name, "")) for name in NOTED_FIELDS]


def last_notes(notes: Iterable[FieldNote], person: Any) -> list[tuple[FieldNote, bool]]:
    """Return the notes of the last return, each with whether its field has been changed since."""
    found = list(notes)
    return [(note, str(getattr(person, note.field)) != note.value) for note in found if note.at == found[0].at]
