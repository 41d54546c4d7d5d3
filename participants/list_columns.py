"""The columns that the list of participants can show, beside the name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, pgettext_lazy

from latsar.accounts.models import User
from latsar.accounts.policies import can_see_contacts
from latsar.ui import words
from latsar.ui.components import clock as clock_face
from participants.clock import PersonClock
from participants.faces import seat_face, stage_face
from participants.invitation_face import INVITATION_FIELDS, invitation_face
from participants.models import Participant

Cell = Callable[[Participant, PersonClock], str]


@dataclass(frozen=True, slots=True)
class Column:
    """`sort` is the order under its head, `fields` what must be loaded for it."""

    label: str | Promise
    cell: Cell
    fields: tuple[str, ...]
    sort: str = ""
    css: str = ""


def _account(person: Participant, _clock: PersonClock) -> str:
    return invitation_face(person, timezone.now())


def _contact(person: Participant, _clock: PersonClock) -> str:
    return format_html("{}<br>{}", person.email, person.phone or "–")


COLUMNS: dict[str, Column] = {
    "satker": Column(gettext_lazy("Satker"), lambda p, _c: p.satker.name, ("satker__name",), "satker"),
    "provinsi": Column(gettext_lazy("Provinsi"), lambda p, _c: p.satker.province_name, ("satker__province_name",)),
    "golongan": Column(gettext_lazy("Gol."), lambda p, _c: p.golongan, ("golongan",), "golongan"),
    "jabatan": Column(gettext_lazy("Jabatan"), lambda p, _c: p.jabatan, ("jabatan",)),
    "pendidikan": Column(
        gettext_lazy("Pendidikan"),
        lambda p, _c: ", ".join(filter(None, (p.education, p.study_programme))) or "–",
        ("education", "study_programme"),
    ),
    "tahap": Column(gettext_lazy("Tahap"), lambda p, _c: stage_face(p), ("stage",), "tahap"),
    "sejak": Column(gettext_lazy("Tahap sejak"), lambda p, _c: words.long_date(timezone.localdate(p.stage_at)), ("stage_at",)),
    "batas": Column(gettext_lazy("Masa percobaan"), lambda _p, c: clock_face(c.face), ("deadline", "tmt_cpns"), "batas", "wide"),
    "tmt": Column(gettext_lazy("TMT CPNS"), lambda p, _c: words.long_date(p.tmt_cpns), ("tmt_cpns",)),
    "kursi": Column(
        pgettext_lazy("seat", "Kursi"), lambda p, c: format_html("<div>{}</div>", seat_face(p, c)), ("batch__number", "batch__ends_on")
    ),
    "kontak": Column(gettext_lazy("Kontak"), _contact, ("email", "phone", "user_id")),
    "akun": Column(gettext_lazy("Akun"), _account, INVITATION_FIELDS),
}
CONTACT = "kontak"
DEFAULT = ("satker", "golongan", "tahap", "batas", "kursi")


def columns_for(user: User) -> dict[str, Column]:
    """Return the columns that this person may choose."""
    return {name: column for name, column in COLUMNS.items() if name != CONTACT or can_see_contacts(user)}
