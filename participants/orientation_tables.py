"""The pages of orientasi tugas as rows: the list of programmes, a timetable by day, the sheet of one session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.ui.components import pill
from participants.enums import AttendanceMark, OrientationStanding
from participants.models import OrientationAttendance, OrientationMember, OrientationProgramme, OrientationSession
from participants.orientation import OrientationProgrammeQuerySet
from participants.orientation_roll import Requirement

MARK_KINDS = {
    AttendanceMark.PRESENT: "ok",
    AttendanceMark.LEAVE: "info",
    AttendanceMark.ILL: "info",
    AttendanceMark.ABSENT: "bad",
    AttendanceMark.LATE: "warn",
}
Choice = tuple[str, str, str]


def mark_choices() -> list[Choice]:
    """Return (letter, word, kind) of every mark."""
    return [(mark.value, str(mark.label), MARK_KINDS[mark]) for mark in AttendanceMark]


def programme_rows(user: User, *, q: str = "", state: str = "") -> OrientationProgrammeQuerySet:
    """Return the programmes one sees with how many of one's people take part."""
    rows = OrientationProgramme.objects.visible_to(user)
    if q:
        rows = rows.filter(title__icontains=q)
    if state:
        rows = rows.filter(state=state)
    mine = OrientationMember.objects.visible_to(user).present().order_by()
    counted = Q(members__in=mine.values("pk")) if not user.scope.nation else ~Q(members__standing=OrientationStanding.REMOVED)
    return rows.annotate(people=Count("members", filter=counted)).select_related("province").order_by("-starts_on", "-pk")


def state_face(programme: OrientationProgramme, today: date) -> SafeString:
    """Show where a programme stands by its state and the calendar."""
    if not programme.is_open:
        return pill("ok", _("Selesai"), "check-lg")
    if today < programme.starts_on:
        return pill("", _("Belum mulai"), "calendar-event")
    if today <= programme.ends_on:
        return pill("info", _("Berjalan"), "play-fill")
    return pill("warn", _("Menunggu diselesaikan"), "hourglass-split")


def by_day(sessions: Sequence[OrientationSession]) -> list[tuple[date, list[OrientationSession]]]:
    return [(day, list(lines)) for day, lines in groupby(sessions, key=lambda session: session.day)]


@dataclass(frozen=True)
class Cell:
    """One session of one person: the letter, its word and kind; empty when not marked."""

    number: int
    letter: str
    word: str
    kind: str


@dataclass(frozen=True)
class SheetRow:
    """One person: the other sessions as letters, the open one as chosen, and how far it is."""

    member: OrientationMember
    cells: list[Cell]
    chosen: str
    stored: str
    missed: int
    may_miss: int

    @property
    def level(self) -> str:
        if self.missed > self.may_miss:
            return "bad"
        return "warn" if self.missed and self.missed == self.may_miss else ""


def sheet_rows(
    members: Sequence[OrientationMember],
    sessions: Sequence[OrientationSession],
    current: OrientationSession,
    requirement: Requirement,
    typed: Mapping[int, str] | None = None,
) -> list[SheetRow]:
    """Lay out the sheet; `typed` are marks that were not saved. One query."""
    found: dict[tuple[int, int], str] = {
        (member_id, session_id): mark
        for member_id, session_id, mark in OrientationAttendance.objects.filter(member__in=members, session__in=sessions).values_list(
            "member_id", "session_id", "mark"
        )
    }
    words = {letter: (word, kind) for letter, word, kind in mark_choices()}
    rows = []
    for member in members:
        marks = [(number, session, found.get((member.pk, session.pk), "")) for number, session in enumerate(sessions, 1)]
        missed = sum(session.hours for _n, session, mark in marks if mark and mark not in {"H", "T"})
        cells = [Cell(number, mark, *words.get(mark, ("", ""))) for number, session, mark in marks if session.pk != current.pk]
        stored = found.get((member.pk, current.pk), "")
        chosen = (typed or {}).get(member.pk) or stored
        rows.append(SheetRow(member, cells, chosen, stored, missed, requirement.may_miss))
    return rows
