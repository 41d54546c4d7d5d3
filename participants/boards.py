"""What the page of an angkatan shows: its people, who is where in each phase, its groups and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.dashboard.registry import GroupLine, group_lines
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, BatchPhase
from latsar.ui import charts, components, words
from participants.enums import ProgressState, Stage
from participants.models import Participant, PhaseProgress, Placement
from participants.services.placement import group_count

NAMED = 3  # people named on a phase card before "dan N lain"
STATE_FACES = {
    ProgressState.DONE: ("ok", "check-lg"),
    ProgressState.RUNNING: ("info", "play-fill"),
    ProgressState.WAITING: ("", "circle"),
}


@dataclass(frozen=True)
class Member:
    """One visible person of the angkatan with seat, group and state per phase id."""

    person: Participant
    seat: int | None
    group: int | None
    states: dict[int, str]
    percents: dict[int, int] = field(default_factory=dict)

    def state(self, phase: BatchPhase) -> str:
        return self.states.get(phase.pk, ProgressState.WAITING)


@dataclass(frozen=True)
class PhaseCard:
    phase: BatchPhase
    timing: str
    bar: SafeString
    counts: Sequence[tuple[str, str, int, str, str]]
    """For each state: css class, icon, number, word, address of the people in it."""
    note: str
    percent: int | None = None
    """Mean of what is counted for the people, where anything is."""


@dataclass(frozen=True)
class GroupCard:
    number: int
    size: int
    href: str
    lines: Sequence[GroupLine] = ()


@dataclass(frozen=True)
class Choice:
    """What the roster is narrowed to; empty values narrow nothing."""

    phase: BatchPhase | None = None
    state: str = ""
    group: int | None = None

    def admits(self, member: Member) -> bool:
        if self.group is not None and member.group != self.group:
            return False
        return not (self.phase and self.state) or member.state(self.phase) == self.state

    @property
    def label(self) -> str:
        """Name the narrowing in words, for the chip that takes it away."""
        parts = []
        if self.phase and self.state:
            parts.append(f"{self.phase.name}: {ProgressState(self.state).label}")
        if self.group is not None:
            parts.append(_("Kelompok %(number)d") % {"number": self.group})
        return ", ".join(parts)


def members(user: User, batch: Batch) -> list[Member]:
    """Everybody of the angkatan whom the person may see, by name: three queries."""
    people = list(Participant.objects.visible_to(user).filter(batch=batch).select_related("satker").order_by("full_name", "pk"))
    ids = [person.pk for person in people]
    seats = {
        row.participant_id: row for row in Placement.objects.active().filter(participant__in=ids, seat__batch=batch).select_related("seat")
    }
    states: dict[int, dict[int, str]] = {}
    percents: dict[int, dict[int, int]] = {}
    for person_id, phase_id, state, percent in PhaseProgress.objects.filter(participant__in=ids, phase__batch=batch).values_list(
        "participant_id", "phase_id", "state", "percent"
    ):
        states.setdefault(person_id, {})[phase_id] = state
        if percent is not None:
            percents.setdefault(person_id, {})[phase_id] = percent
    return [
        Member(
            person=person,
            seat=seats[person.pk].seat.number if person.pk in seats else None,
            group=seats[person.pk].group if person.pk in seats else None,
            states=states.get(person.pk, {}),
            percents=percents.get(person.pk, {}),
        )
        for person in people
    ]


def choice_of(data: dict[str, str], phases: Sequence[BatchPhase]) -> Choice:
    """Read the narrowing from an address; what does not exist narrows nothing."""
    by_order = {str(phase.order): phase for phase in phases}
    state, group = data.get("keadaan", ""), data.get("kelompok", "")
    phase = by_order.get(data.get("fase", ""))
    return Choice(
        phase=phase,
        state=state if phase and state in ProgressState.values else "",
        group=int(group) if group.isdecimal() and len(group) < 4 else None,
    )


def current_phase(phases: Sequence[BatchPhase], today: date) -> BatchPhase | None:
    """The phase that runs today, else the next one, else the last; parallel ones do not lead."""
    leading = [phase for phase in phases if not phase.is_parallel] or list(phases)
    return next((phase for phase in leading if phase.ends_on >= today), leading[-1] if leading else None)


def phase_cards(batch: Batch, phases: Sequence[BatchPhase], people: Sequence[Member], today: date) -> list[PhaseCard]:
    return [_phase_card(batch, phase, people, today) for phase in phases]


def _phase_card(batch: Batch, phase: BatchPhase, people: Sequence[Member], today: date) -> PhaseCard:
    numbers = Counter(member.state(phase) for member in people)
    faces = (
        (ProgressState.DONE, "ok", "check-lg", _("selesai")),
        (ProgressState.RUNNING, "warn", "play-fill", _("berjalan")),
        (ProgressState.WAITING, "mute", "circle", _("belum")),
    )
    return PhaseCard(
        phase=phase,
        timing=_timing(phase, today),
        bar=charts.segments(
            [charts.Segment(numbers[ProgressState.DONE], "ok"), charts.Segment(numbers[ProgressState.RUNNING], "2")], len(people)
        ),
        counts=[
            (css, icon, numbers[state], word, f"{reverse('phase_board', args=[batch.pk, phase.pk])}?keadaan={state}")
            for state, css, icon, word in faces
        ],
        note=_laggards(phase, people, today),
        percent=_mean_percent(phase, people),
    )


def _mean_percent(phase: BatchPhase, people: Sequence[Member]) -> int | None:
    """Average over everybody; who is done without a count is whole, who has not begun counts nothing."""
    if not any(phase.pk in member.percents for member in people):
        return None
    shares = [member.percents.get(phase.pk, 100 if member.state(phase) == ProgressState.DONE else 0) for member in people]
    return round(sum(shares) / len(shares))


def _timing(phase: BatchPhase, today: date) -> str:
    if today < phase.starts_on:
        return _("mulai %(day)s") % {"day": words.short_date(phase.starts_on)}
    if today > phase.ends_on:
        return _("selesai %(day)s") % {"day": words.short_date(phase.ends_on)}
    return words.days_left((phase.ends_on - today).days)


def _laggards(phase: BatchPhase, people: Sequence[Member], today: date) -> str:
    """Name who has not begun a phase that runs, or not finished one that is over."""
    if today < phase.starts_on:
        return ""
    is_over = today > phase.ends_on
    behind = [m for m in people if m.state(phase) == ProgressState.WAITING or (is_over and m.state(phase) != ProgressState.DONE)]
    if not behind:
        return ""
    text = _("%(count)d belum selesai: %(names)s") if is_over else _("%(count)d belum mulai: %(names)s")
    return text % {"count": len(behind), "names": _names([member.person.full_name for member in behind])}


def _names(names: Sequence[str]) -> str:
    if len(names) > NAMED + 1:
        return _("%(names)s, dan %(count)d lain") % {"names": "; ".join(names[:NAMED]), "count": len(names) - NAMED}
    if len(names) == 1:
        return names[0]
    return _("%(names)s dan %(last)s") % {"names": "; ".join(names[:-1]), "last": names[-1]}


def group_cards(user: User, batch: Batch, people: Iterable[Member]) -> list[GroupCard]:
    """The groups with how many of the visible people are in each, and what upper apps say of them."""
    members: dict[int, list[int]] = {number: [] for number in range(1, group_count(batch.capacity) + 1)}
    for member in people:
        if member.group:
            members.setdefault(member.group, []).append(member.person.pk)
    lines = group_lines(user, batch, members)
    return [
        GroupCard(number, len(members[number]), _address(batch, kelompok=number), lines.get(number, ()))
        for number in range(1, max(members) + 1)
        if number in members
    ]


def figures(batch: Batch, people: Sequence[Member], phase: BatchPhase | None, taken: int, today: date) -> list[components.Figure]:
    """Seats, the phase that runs or who graduated, who would be late, the nearest deadline."""
    items = [components.Figure(_("Peserta"), taken, _("dari %(capacity)d kursi") % {"capacity": batch.capacity}, "#peserta")]
    if batch.stage == BatchStage.CLOSED:
        graduated = sum(member.person.stage == Stage.GRADUATED for member in people)
        items.append(components.Figure(_("Lulus"), graduated, _("dari %(count)d peserta") % {"count": len(people)}))
    elif phase and people:
        done = sum(member.state(phase) == ProgressState.DONE for member in people)
        label = _("%(phase)s selesai") % {"phase": phase.name}
        note = _("batas %(day)s, %(left)s") % {
            "day": words.short_date(phase.ends_on),
            "left": words.days_left((phase.ends_on - today).days),
        }
        items.append(components.Figure(label, done, note, _address(batch, fase=phase.order, keadaan=ProgressState.DONE)))
    if people:
        late = sum(member.person.deadline < batch.ends_on for member in people)
        first = min(member.person.deadline for member in people)
        items.append(
            components.Figure(
                _("Selesai sesudah batas"),
                late,
                _("melewati masa percobaan") if late else _("semua tepat waktu"),
                level="bad" if late else "",
            )
        )
        items.append(components.Figure(_("Batas percobaan terdekat"), words.day_and_month(first), _slack(first, batch.ends_on)))
    return items


def _slack(deadline: date, ends_on: date) -> str:
    gap = (deadline - ends_on) // timedelta(days=1)
    if gap == 0:
        return _("pada hari selesainya")
    if gap < 0:
        return _("%(days)d hari sebelum selesai") % {"days": -gap}
    return _("%(days)d hari sesudah selesai") % {"days": gap}


def state_pill(state: str) -> SafeString:
    kind, icon = STATE_FACES[ProgressState(state)]
    return components.pill(kind, str(ProgressState(state).label), icon)


def _address(batch: Batch, **query: object) -> str:
    return f"{batch.get_absolute_url()}?{urlencode(query)}#peserta"
