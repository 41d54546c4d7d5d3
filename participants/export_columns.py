"""What a file of the list of participants can hold: the columns on the screen, or every field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import UNIT_ROLES, Role
from latsar.accounts.models import User
from latsar.accounts.policies import can_see_contacts
from latsar.reports.writers import Kind
from participants import policies
from participants.clock import PersonClock
from participants.invitation_face import invite_state
from participants.invitation_states import LABELS
from participants.list_columns import columns_for
from participants.models import Participant

EVERYTHING = "semua"
"""Asks for every field instead of the columns on the screen."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person with what a cell may need beside."""

    person: Participant
    clock: PersonClock
    by: User


@dataclass(frozen=True, slots=True)
class FileColumn:
    label: str | Promise
    width: int
    value: Callable[[Line], Any]
    kind: Kind = "text"


_NAMES = (FileColumn(_("NIP"), 22, lambda line: line.person.nip), FileColumn(_("Nama lengkap"), 34, lambda line: line.person.full_name))
_ON_SCREEN: dict[str, tuple[FileColumn, ...]] = {
    "satker": (
        FileColumn(_("Kode satker"), 12, lambda line: line.person.satker.code),
        FileColumn(_("Satker"), 34, lambda line: line.person.satker.name),
    ),
    "provinsi": (FileColumn(_("Provinsi"), 30, lambda line: line.person.province.name),),
    "golongan": (FileColumn(_("Golongan"), 10, lambda line: line.person.golongan),),
    "jabatan": (FileColumn(_("Jabatan"), 40, lambda line: line.person.jabatan),),
    "pendidikan": (
        FileColumn(_("Pendidikan"), 14, lambda line: line.person.education),
        FileColumn(_("Program studi"), 24, lambda line: line.person.study_programme),
    ),
    "kontak": (
        FileColumn(_("E-mail"), 30, lambda line: line.person.email),
        FileColumn(_("No. HP"), 18, lambda line: line.person.phone),
    ),
    "tmt": (FileColumn(_("TMT CPNS"), 14, lambda line: line.person.tmt_cpns, "date"),),
    "batas": (
        FileColumn(_("Batas masa percobaan"), 16, lambda line: line.person.deadline, "date"),
        FileColumn(_("Jam percobaan"), 16, lambda line: line.clock.label),
    ),
    "tahap": (FileColumn(_("Tahap"), 22, lambda line: str(line.person.get_stage_display())),),
    "sejak": (FileColumn(_("Tahap sejak"), 14, lambda line: timezone.localdate(line.person.stage_at), "date"),),
    "kursi": (
        FileColumn(_("Angkatan"), 16, lambda line: f"{batch.label} {batch.year}" if (batch := line.person.batch) else ""),
        FileColumn(_("Lembaga"), 30, lambda line: str(line.person.batch.institute) if line.person.batch else ""),
        FileColumn(_("Selesai Latsar"), 14, lambda line: line.person.batch.ends_on if line.person.batch else None, "date"),
    ),
    "akun": (FileColumn(_("Akun"), 20, lambda line: str(LABELS[invite_state(line.person, timezone.now())])),),
}
ACCOUNT = _ON_SCREEN["akun"][0]
ACCOUNT_RELATIONS = ("user", "invitation__mail", "invitation__slip")
"""What must be loaded beside a person for the state of the account."""
_BESIDE = (
    FileColumn(_("Tempat lahir"), 20, lambda line: line.person.birth_place),
    FileColumn(_("Tanggal lahir"), 14, lambda line: line.person.birth_date, "date"),
    FileColumn(_("Jenis kelamin"), 14, lambda line: str(line.person.get_sex_display())),
    FileColumn(_("Agama"), 14, lambda line: str(line.person.get_religion_display())),
    FileColumn(_("Ukuran baju"), 12, lambda line: line.person.clothing_size),
    FileColumn(_("Ukuran sepatu"), 12, lambda line: line.person.shoe_size),
)
_ADDRESS = (FileColumn(_("Alamat"), 40, lambda line: line.person.address),)
_NEEDS = (
    FileColumn(_("Kebutuhan khusus"), 30, lambda line: line.person.special_needs if _may_see_needs(line) else ""),
    FileColumn(
        _("Usia kehamilan (minggu)"),
        14,
        lambda line: line.person.pregnancy_weeks_on(timezone.localdate()) if _may_see_needs(line) else None,
    ),
)


def columns_in_file(names: Sequence[str], by: User) -> list[FileColumn]:
    """Return NIP and name, then what the list shows, in its order; with EVERYTHING every field that `by` may take along."""
    allowed = columns_for(by)
    if EVERYTHING not in names:
        return [*_NAMES, *(column for name in allowed if name in names for column in _ON_SCREEN[name])]
    shown = [column for name in allowed if name != "akun" for column in _ON_SCREEN[name]]
    return [
        *_NAMES,
        *shown,
        *_BESIDE,
        *(_ADDRESS if can_see_contacts(by) else ()),
        *(_NEEDS if by.has_role(Role.PKSDM, *UNIT_ROLES) else ()),
    ]


def _may_see_needs(line: Line) -> bool:
    return policies.can_see_special_needs(line.by, line.person)
