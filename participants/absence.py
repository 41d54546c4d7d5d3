"""How near somebody is to the scheme's limit of absence. What counts, and how much, is data of the scheme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db.models import F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from latsar.training.enums import SessionMode
from latsar.training.models import Batch, TrainingSession
from participants.enums import AbsenceState, AttendanceMark
from participants.models import Participant, Placement

Marks = Sequence[tuple[str, int]]
"""(letter, JP of the session), in the order of the sessions."""


class AbsenceRules(Protocol):
    """What a RegulationScheme says of absence."""

    @property
    def max_absence_sessions(self) -> int | None: ...
    @property
    def max_absence_percent(self) -> object: ...
    @property
    def absence_marks(self) -> str: ...
    @property
    def late_per_absence(self) -> int | None: ...
    @property
    def over_absence(self) -> str: ...


@dataclass(frozen=True, slots=True)
class AbsenceStanding:
    """Counted absences against what may be missed: sessions and JP, each None when the scheme does not limit it.

    `state` is an AbsenceState: warn from one before the limit on, over beyond it. `consequence` is the scheme's
    ShortAttendance once over, else empty.
    """

    counted: int = 0
    limit: int | None = None
    missed_jp: int = 0
    limit_jp: int | None = None
    state: str = AbsenceState.OK
    consequence: str = ""

    @property
    def level(self) -> str:
        return {AbsenceState.WARN: "warn", AbsenceState.OVER: "bad"}.get(AbsenceState(self.state), "")

    @property
    def is_full(self) -> bool:
        """Whether the next absence is one too many."""
        return self.state == AbsenceState.WARN and (self.counted == self.limit or self.missed_jp == self.limit_jp)

    @property
    def label(self) -> str:
        """Write "2 dari 3", in JP where only those are limited, or the bare count where nothing is."""
        if self.limit is not None and not self._jp_leads:
            return _("%(counted)d dari %(limit)d") % {"counted": self.counted, "limit": self.limit}
        if self.limit_jp is not None:
            return _("%(counted)d dari %(limit)d JP") % {"counted": self.missed_jp, "limit": self.limit_jp}
        return str(self.counted)

    @property
    def _jp_leads(self) -> bool:
        """Whether the JP are nearer to their limit than the sessions."""
        if self.limit is None or self.limit_jp is None:
            return self.limit is None
        return self.missed_jp * max(self.limit, 1) > self.counted * max(self.limit_jp, 1)


def absence_of(marks: Marks, scheme: AbsenceRules, total_jp: int) -> AbsenceStanding:
    """Count the absences of one person. Pure.

    Letters of `absence_marks` count; every `late_per_absence`-th lateness counts as one more absence, with the JP of that
    session. `total_jp` are the JP of all sessions with attendance, of which `max_absence_percent` may be missed, rounded down.
    """
    counted = _counted(marks, scheme)
    missed = sum(counted)
    limit, limit_jp = scheme.max_absence_sessions, _limit_jp(scheme, total_jp)
    longest = max((jp for _letter, jp in marks), default=1)
    over = (limit is not None and len(counted) > limit) or (limit_jp is not None and missed > limit_jp)
    near = (limit is not None and len(counted) >= limit - 1) or (limit_jp is not None and missed + longest >= limit_jp)
    state = AbsenceState.OVER if over else AbsenceState.WARN if counted and near else AbsenceState.OK
    return AbsenceStanding(len(counted), limit, missed, limit_jp, state, scheme.over_absence if over else "")


def _counted(marks: Marks, scheme: AbsenceRules) -> list[int]:
    """Return the JP of each absence that counts."""
    found, late = [], 0
    for letter, jp in marks:
        if letter == AttendanceMark.LATE and scheme.late_per_absence:
            late += 1
            if late % scheme.late_per_absence == 0:
                found.append(jp)
        elif letter and letter in scheme.absence_marks:
            found.append(jp)
    return found


def _limit_jp(scheme: AbsenceRules, total_jp: int) -> int | None:
    percent = scheme.max_absence_percent
    return None if percent is None else int(total_jp * percent // 100)  # type: ignore[operator]  # a Decimal


def standing(batch: Batch) -> dict[int, AbsenceStanding]:
    """Return {participant_id: AbsenceStanding} of everybody whose batch this is; one query besides the scheme's row.

    Who has no mark yet is there with nothing counted. Sessions of another group do not count into the JP of a person.
    """
    return standing_of(batch, Participant.objects.filter(batch=batch))


def standing_of(batch: Batch, people: Iterable[int] | object) -> dict[int, AbsenceStanding]:
    """Return the standing of these people of the batch, a query set or their ids; one query."""
    rows = Participant.objects.filter(pk__in=people)  # type: ignore[misc]
    rows = rows.order_by("pk", "attendances__session__starts_at", "attendances__session__number").annotate(total_jp=_total_jp(batch))
    marks: dict[int, list[tuple[str, int]]] = {}
    totals: dict[int, int] = {}
    names = ("attendances__mark", "attendances__session__jp", "attendances__session__batch_id")
    for pk, total, mark, jp, batch_id in rows.values_list("pk", "total_jp", *names):
        marks.setdefault(pk, [])
        totals[pk] = total
        if batch_id == batch.pk:  # marks of an earlier angkatan stay with it
            marks[pk].append((mark, jp))
    return {pk: absence_of(own, batch.scheme, totals[pk]) for pk, own in marks.items()}


def _total_jp(batch: Batch) -> Coalesce:
    """The JP with attendance that a person is expected at."""
    group = Placement.objects.active().filter(participant=OuterRef(OuterRef("pk")), seat__batch=batch).values("group")[:1]
    sessions = TrainingSession.objects.filter(batch=batch).exclude(mode=SessionMode.ASYNC).order_by()
    own = sessions.filter(Q(group=None) | Q(group=Subquery(group)))
    total = own.annotate(every=F("batch_id")).values("every").annotate(total=Sum("jp")).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)
