"""Rows of the surat tugas: who sits in an angkatan, with the letter that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.dashboard.registry import Column
from latsar.training.models import Batch
from latsar.ui import words
from latsar.ui.numbers import whole_number
from participants import duty_policies
from participants.enums import SEATED, STAGE_ORDER
from participants.models import DutyLetter, Participant

URGENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One person of the list, the words ready."""

    person: Participant
    nip: str
    starts: str
    left: str
    letter_id: int | None
    number: str
    has_scan: bool
    is_urgent: bool


def in_force() -> QuerySet[DutyLetter]:
    """The letter of a participant's present angkatan, for a subquery."""
    return DutyLetter.objects.in_force().filter(participant=OuterRef("pk"), batch=OuterRef("batch_id"))


def letter_people(user: User, today: date, *, q: str = "", state: str = "", batch: str = "") -> QuerySet[Participant]:
    """People on a seat whom the person administers or oversees, what starts first on top; annotated with their letter."""
    rows = Participant.objects.visible_to(user).filter(stage__in=SEATED, batch__isnull=False)
    if not user.scope.nation:
        rows = rows.filter(user.scope.units_q())
    rows = rows.search(q, user) if q else rows
    if batch:
        number = whole_number(batch)
        rows = rows.filter(batch_id=number) if number is not None else rows.none()
    if state == "ada":
        rows = rows.filter(Exists(in_force()))
    elif state:
        rows = rows.filter(~Exists(in_force()))
    if state == "mendesak":
        rows = rows.filter(batch__starts_on__lte=today + URGENT)
    rows = rows.annotate(
        letter_id=Subquery(in_force().values("pk")[:1]),
        letter_number=Subquery(in_force().values("number")[:1]),
        letter_scan=Subquery(in_force().values("scan")[:1]),
    ).select_related("satker", "batch__institute")
    if user.scope.nation and not batch:  # the whole country is read along an index: who has not begun first
        return rows.filter(stage_order__in=[STAGE_ORDER[stage] for stage in SEATED]).order_by("stage_order", "deadline", "pk")
    return rows.order_by(F("letter_id").asc(nulls_first=True), "batch__starts_on", "satker__code", "full_name", "pk")


def lacking_in(user: User, batch_id: int) -> QuerySet[Participant]:
    """People of one angkatan whom the person administers and who have no letter."""
    rows = Participant.objects.visible_to(user).administered_by(user).filter(stage__in=SEATED, batch_id=batch_id)
    return rows.filter(~Exists(in_force())).order_by("satker__code", "full_name", "pk")


def letter_row(person: Participant, today: date) -> LetterRow:
    assert person.batch is not None
    days = (person.batch.starts_on - today).days
    letter_id = person.letter_id  # type: ignore[attr-defined]  # annotated
    return LetterRow(
        person=person,
        nip=words.group_nip(person.nip),
        starts=words.short_date(person.batch.starts_on),
        left=words.days_left(days),
        letter_id=letter_id,
        number=person.letter_number or "",  # type: ignore[attr-defined]
        has_scan=bool(person.letter_scan),  # type: ignore[attr-defined]
        is_urgent=letter_id is None and days <= URGENT.days,
    )


def lacking(user: User, today: date, ahead: timedelta) -> QuerySet[Participant]:
    """People placed in an angkatan that starts within `ahead`, or runs, and who have no letter."""
    rows = Participant.objects.visible_to(user).filter(user.scope.units_q(), stage__in=SEATED, batch__starts_on__lte=today + ahead)
    return rows.filter(~Exists(in_force()), Q(batch__ends_on__gte=today))


def letter_column(user: User, batch: Batch, participant_ids: Sequence[int]) -> Column:
    """The surat tugas of everybody in a roster; the institute reads that it exists, not what it says. One query."""
    reads = user.has_role(*duty_policies.READERS)
    rows = DutyLetter.objects.visible_to(user).in_force().filter(batch=batch, participant_id__in=participant_ids)
    cells = {row.participant_id: (row.number, row.get_absolute_url() if reads else "") for row in rows}
    return Column(_("Surat tugas"), cells, order=45)
