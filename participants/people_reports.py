"""Reports that list persons: the columns that a role may have, and the rows one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, TypeAlias

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.accounts.policies import can_see_contacts
from latsar.reports.registry import Content, Field
from latsar.reports.writers import Column
from latsar.training.models import Batch
from latsar.ui import words
from participants import policies
from participants.enums import ENDED
from participants.models import Participant, Placement
from participants.people import ParticipantQuerySet
from participants.reachable import Ends, earliest_ends, person_clock

CHUNK = 2_000  # rows read at a time
Read: TypeAlias = Callable[[Any], Any]
Part: TypeAlias = tuple[Field, Read]


def person_list(user: User, people: ParticipantQuerySet, today: date, *, title: str, filter_text: str, with_risk: bool = False) -> Content:
    """List people with stage, clock and seat; `with_risk` says in words what threatens each."""
    ends = earliest_ends(today) if with_risk else {}
    parts: list[Part] = [
        (Field(Column(_("NIP"), 22)), lambda p: p.nip),
        (Field(Column(_("Nama lengkap"), 36)), lambda p: p.full_name),
        (Field(Column(_("Kode satker"), 12), printed=False), lambda p: p.satker.code),
        (Field(Column(_("Satker"), 36), printed=with_risk), lambda p: p.satker.name),
        (Field(Column(_("Provinsi"), 30), printed=False), lambda p: p.province.province_name or p.province.name),
        (Field(Column(_("Golongan"), 10)), lambda p: p.golongan),
        (Field(Column(_("Jabatan"), 40), printed=False), lambda p: p.jabatan),
        (Field(Column(_("Tahap"), 22)), lambda p: p.get_stage_display()),
        (Field(Column(_("TMT CPNS"), 14, "date"), printed=False), lambda p: p.tmt_cpns),
        (Field(Column(_("Batas masa percobaan"), 18, "date")), lambda p: p.deadline),
        (Field(Column(_("Sisa hari"), 10, "int")), lambda p: _days(p, today)),
        *([(Field(Column(_("Keadaan"), 40)), lambda p: risk_of(p, today, ends))] if with_risk else []),
        (Field(Column(_("Angkatan"), 40), printed=not with_risk), lambda p: str(p.batch) if p.batch else ""),
        (Field(Column(_("Kursi selesai"), 16, "date"), printed=not with_risk), lambda p: p.batch.ends_on if p.batch else None),
        *_contact(user),
    ]
    return _content(parts, people, title=title, filter_text=filter_text, table_title=_("Daftar CPNS"))


def roster(user: User, batch: Batch, today: date) -> Content:
    """List the people of a batch that the reader sees, by group and name."""
    group = Placement.objects.active().filter(participant=OuterRef("pk")).values("group")[:1]
    people = Participant.objects.visible_to(user).filter(batch=batch).annotate(group=Subquery(group)).order_by("group", "full_name", "pk")
    parts: list[Part] = [
        (Field(Column(_("Kelompok"), 10, "int")), lambda p: p.group),
        (Field(Column(_("NIP"), 22)), lambda p: p.nip),
        (Field(Column(_("Nama lengkap"), 36)), lambda p: p.full_name),
        (Field(Column(_("Satker"), 36)), lambda p: p.satker.name),
        (Field(Column(_("Pangkat, golongan"), 24)), lambda p: p.rank),
        (Field(Column(_("Jabatan"), 40), printed=False), lambda p: p.jabatan),
        (Field(Column(_("Pendidikan"), 14), printed=False), lambda p: p.education),
        (Field(Column(_("Program studi"), 24), printed=False), lambda p: p.study_programme),
        (Field(Column(_("Tahap"), 22)), lambda p: p.get_stage_display()),
        (Field(Column(_("Kualifikasi"), 18), printed=False), lambda p: p.qualification),
        (Field(Column(_("Tanggal lulus"), 14, "date"), printed=False), lambda p: p.graduated_on),
        *_contact(user),
    ]
    dates = words.date_range(batch.starts_on, batch.ends_on)
    return _content(
        parts,
        people,
        title=_("Roster %(batch)s %(year)s") % {"batch": batch.label, "year": batch.year},
        filter_text=f"{batch}, {dates}",
        table_title=_("Daftar peserta"),
    )


def risk_of(person: Participant, today: date, ends: Ends) -> str:
    """Say what threatens this person's probation year."""
    if person.deadline < today:
        return _("Batas sudah lewat")
    if person.batch is None:
        clock = person_clock(person, today, ends)
        if clock.reachable_on is not None and clock.reachable_on > clock.deadline:
            return f"{clock.label}, {clock.why}"
        return _("%(word)s, belum dapat kursi") % {"word": clock.label}
    late = (person.batch.ends_on - person.deadline).days
    return _("Kursi selesai %(days)s hari sesudah batas") % {"days": words.thousands(late)} if late > 0 else _("Kursi selesai tepat waktu")


def _days(person: Participant, today: date) -> int | None:
    return None if person.stage in ENDED else (person.deadline - today).days


def _contact(user: User) -> list[Part]:
    if not can_see_contacts(user):
        return []
    return [
        (Field(Column(_("E-mail"), 30), printed=False), lambda p: p.email),
        (Field(Column(_("No. HP"), 18), printed=False), lambda p: p.phone),
        (
            Field(Column(_("Kebutuhan khusus"), 28), printed=False),
            lambda p: p.special_needs if policies.can_see_special_needs(user, p) else "",
        ),
    ]


def _content(parts: Sequence[Part], people: ParticipantQuerySet, *, title: str, filter_text: str, table_title: str) -> Content:
    rows = _rows(people, [read for _one, read in parts])
    return Content(title, filter_text, [one for one, _read in parts], rows, people.count(), table_title, people=people)


def _rows(people: ParticipantQuerySet, readers: Sequence[Read]) -> Iterator[list[Any]]:
    rows = people.select_related("satker", "province", "batch__institute").iterator(chunk_size=CHUNK)
    return ([read(person) for read in readers] for person in rows)
