"""The queue of files that wait for an answer, oldest first, and what to look at in the one that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.satker.models import SatkerKind
from latsar.training.answer_times import answer_days
from latsar.ui import words
from participants.clock import holidays_between, working_day_after, working_days_between
from participants.dossier.checklist import Line
from participants.dossier.page import Summary, summary_of
from participants.enums import Stage
from participants.models import Participant
from participants.nip import check_against, parse_nip
from participants.people import ParticipantQuerySet
from participants.similar import similar_people

SHOWN = 20
LOOK_BACK = timedelta(days=60)
LOOK_AHEAD = timedelta(days=30)
LATE, TODAY, LATER = "lewat", "hari-ini", "nanti"
FITS, BACK = "sesuai", "kembali"
ANSWERS: dict[str, dict[str, str]] = {
    Stage.SUBMITTED: {FITS: "verify", BACK: "return"},
    Stage.VERIFIED: {FITS: "approve", BACK: "return_to_satker"},
}
"""Which move an answer makes at the stage of the file."""


class AnswerClock:
    """When a file that came in on a day must be answered, over working days and holidays."""

    def __init__(self, today: date, days: int | None = None) -> None:
        self.today = today
        self.days = days or answer_days()
        self._holidays = holidays_between(today - LOOK_BACK, today + LOOK_AHEAD)

    def due_on(self, entered: date) -> date:
        return working_day_after(entered, self.days, self._holidays)

    def say(self, entered: date) -> tuple[str, str]:
        """Return (words, level) for the answer due for a file that came in on `entered`."""
        due = self.due_on(entered)
        if due < self.today:
            late = max(1, working_days_between(due, self.today, self._holidays))
            return _("Lewat %(days)d hari kerja") % {"days": late}, "bad"
        if due == self.today:
            return _("Hari ini"), "bad"
        if due == self.today + timedelta(days=1):
            return _("Besok"), "warn"
        return words.short_date(due), ""

    def entered_before(self, due: date) -> datetime:
        """Return the moment before which files came in whose answer was due before `due`."""
        day = due
        while self.due_on(day) >= due:
            day -= timedelta(days=1)
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))

    def condition(self, key: str) -> Q:
        """Rows that are late, due today, or due later."""
        late, later = self.entered_before(self.today), self.entered_before(self.today + timedelta(days=1))
        if key == LATE:
            return Q(stage_at__lt=late)
        if key == TODAY:
            return Q(stage_at__gte=late, stage_at__lt=later)
        return Q(stage_at__gte=later) if key == LATER else Q()


@dataclass(frozen=True, slots=True)
class Waiting:
    """One file in the queue, with its dates in words."""

    person: Participant
    entered: str
    due: str
    level: str
    documents: Summary | None = None


def answered_by(user: User) -> Q:
    """The condition on a file that this person answers it."""
    mine = Q(stage=Stage.SUBMITTED, province_id__in=user.scope.province_ids)
    if user.has_role(Role.PKSDM):
        mine |= Q(stage=Stage.VERIFIED) | Q(stage=Stage.SUBMITTED, province__kind=SatkerKind.SETJEN)
    return mine & (Q(user=None) | ~Q(user_id=user.pk))


def waiting_for(user: User) -> ParticipantQuerySet:
    """Return the files that this person answers: submitted ones of the province, verified ones for PKSDM; never one's own."""
    rows = Participant.objects.visible_to(user).filter(answered_by(user))
    return rows.select_related("satker", "province", "batch").order_by("stage_at", "pk")


def find(rows: ParticipantQuerySet, text: str) -> ParticipantQuerySet:
    """Match part of a name, of a NIP, or of the satker's name."""
    return rows.search(text) | rows.filter(satker__name__icontains=" ".join(text.split())) if text else rows


def count_by_due(rows: ParticipantQuerySet, clock: AnswerClock) -> dict[str, int]:
    late, today = clock.condition(LATE), clock.condition(TODAY)
    return rows.order_by().aggregate(
        all=Count("pk"), late=Count("pk", filter=late), today=Count("pk", filter=today), satker=Count("satker_id", distinct=True)
    )


def describe(person: Participant, clock: AnswerClock) -> Waiting:
    entered = timezone.localdate(person.stage_at)
    due, level = clock.say(entered)
    return Waiting(person, words.short_date(entered), due, level)


def describe_many(people: Sequence[Participant], clock: AnswerClock, lines: Mapping[int, list[Line]]) -> list[Waiting]:
    """Describe the files of a page, each with how full its dossier is by its checklist."""
    return [replace(describe(person, clock), documents=summary_of(lines[person.pk])) for person in people]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the portal has compared already: level ok or warn."""

    level: str
    text: str


def checks_of(person: Participant, user: User) -> list[Check]:
    """Compare what can be compared without the paper."""
    checks = []
    mismatches = check_against(parse_nip(person.nip), person.birth_date, person.sex)
    checks += [Check("warn", mismatch.message) for mismatch in mismatches]
    if not mismatches:
        checks.append(Check("ok", _("NIP, tanggal lahir, dan jenis kelamin cocok satu sama lain.")))
    twins = similar_people(user, full_name=person.full_name, birth_date=person.birth_date, known=person)
    if twins:
        names = ", ".join(f"{twin.full_name} ({twin.satker})" for twin in twins)
        checks.append(Check("warn", _("Nama dan tanggal lahir sama dengan %(names)s.") % {"names": names}))
    else:
        checks.append(Check("ok", _("Tidak ada orang lain dengan nama dan tanggal lahir yang sama.")))
    missing = missing_facts(person)
    if missing:
        checks.append(Check("warn", _("Belum diisi: %(fields)s.") % {"fields": missing}))
    else:
        checks.append(Check("ok", _("Isian yang diminta lembaga sudah lengkap.")))
    return checks


def missing_facts(person: Participant) -> str:
    """Name what the institute asks for and the file still lacks; the verifier and the satker read the same list."""
    return ", ".join(label for label, value in _wanted(person) if not value)


def _wanted(person: Participant) -> list[tuple[str, str]]:
    return [
        (_("tempat lahir"), person.birth_place),
        (_("agama"), person.religion),
        (_("pendidikan"), person.education),
        (_("program studi"), person.study_programme),
        (_("nomor HP"), person.phone),
        (_("alamat"), person.address),
    ]
