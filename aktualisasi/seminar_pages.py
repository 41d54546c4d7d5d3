"""Rows of the seminar pages with their words ready: templates only loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from aktualisasi import seminar_policies as policies
from aktualisasi.models import Seminar, SeminarExaminer, SeminarMark, SeminarStageChange, SeminarTurn
from aktualisasi.seminar_enums import MarkState, SeminarState, TurnOutcome
from aktualisasi.seminar_scoring import RubricChoice, Scorer, components_of, rubric_of, scored_by, scorers_of, share
from aktualisasi.seminars import SeminarQuerySet
from aktualisasi.services.marks import NOTE
from latsar.accounts.models import User
from latsar.accounts.zones import ZONES
from latsar.training.models import ScoreComponent
from latsar.training.weights import number
from latsar.ui import words
from latsar.ui.components import Step, pill
from participants.scoring.typing import score_text

PILLS = {
    SeminarState.DRAFT: ("", "pencil"),
    SeminarState.ANNOUNCED: ("info", "calendar-event"),
    SeminarState.RUNNING: ("warn", "play-fill"),
    SeminarState.DONE: ("ok", "check-lg"),
    SeminarState.CANCELLED: ("", "x-lg"),
}
OUTCOME_PILLS = {
    TurnOutcome.ACCEPTED: ("ok", "check-lg"),
    TurnOutcome.REVISE: ("warn", "pencil"),
    TurnOutcome.REPEAT: ("bad", "arrow-repeat"),
}


def state_pill(seminar: Seminar) -> SafeString:
    kind, symbol = PILLS[SeminarState(seminar.state)]
    return pill(kind, seminar.get_state_display(), symbol)


def outcome_pill(turn: SeminarTurn) -> SafeString:
    if not turn.outcome:
        return pill("", _("Belum ada hasil"), "circle")
    kind, symbol = OUTCOME_PILLS[TurnOutcome(turn.outcome)]
    return pill(kind, turn.get_outcome_display(), symbol)


EXAMINERS = Prefetch("examiners", SeminarExaminer.objects.select_related("user").order_by("number"))
"""The examiners of a seminar with their accounts, in one query for any number of seminars."""


@dataclass(frozen=True, slots=True)
class SeminarRow:
    """One line of a list of seminars."""

    seminar: Seminar
    pill: SafeString
    examiners: str
    turns: int
    decided: int


def with_rows(rows: SeminarQuerySet) -> SeminarQuerySet:
    """Load what a line of a list shows: two queries for a page of any length."""
    counted = rows.annotate(turn_count=Count("turns", distinct=True), decided=Count("turns", filter=~Q(turns__outcome=""), distinct=True))
    return counted.select_related("batch__institute").prefetch_related(EXAMINERS)


def rows_of(seminars: Sequence[Seminar]) -> list[SeminarRow]:
    """Write the lines of a list loaded by `with_rows`."""
    return [
        SeminarRow(
            one,
            state_pill(one),
            "; ".join(str(row.user) for row in one.examiners.all()),
            one.turn_count,  # type: ignore[attr-defined]  # annotated
            one.decided,  # type: ignore[attr-defined]  # annotated
        )
        for one in seminars
    ]


def filtered(rows: SeminarQuerySet, data: Mapping[str, object]) -> SeminarQuerySet:
    """Apply what could be read of the filters; a day is that of the place."""
    if kind := data.get("jenis"):
        rows = rows.filter(kind=kind)
    if state := data.get("keadaan"):
        rows = rows.filter(state=state)
    if isinstance(day := data.get("tanggal"), date):
        spans = Q(pk__in=[])
        for zone, clock in ZONES.items():
            start = datetime.combine(day, datetime.min.time(), clock)
            end = datetime.combine(day, datetime.max.time(), clock)
            spans |= Q(zone=zone, starts_at__gte=start, starts_at__lte=end)
        rows = rows.filter(spans)
    return rows.search(str(data.get("q") or ""))


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One turn of a roster; `mine` is what the reader still has to do in it."""

    turn: SeminarTurn
    pill: SafeString
    score_url: str
    word: str
    level: str
    is_here: bool = False


def turn_rows(user: User, seminar: Seminar, *, current: int = 0) -> list[TurnRow]:
    """The turns of a seminar that the person sees, in their order; three queries."""
    turns = list(
        SeminarTurn.objects.visible_to(user).filter(seminar=seminar).select_related("participant__satker", "seminar").order_by("order")
    )
    marks = {
        mark.turn_id: mark
        for mark in SeminarMark.objects.visible_to(user).filter(turn__seminar=seminar, scorer=user).prefetch_related("scores__component")
    }
    scores = policies.examines(user, seminar)
    return [_turn_row(turn, marks.get(turn.pk), scores=scores, is_here=turn.pk == current) for turn in turns]


def _turn_row(turn: SeminarTurn, mark: SeminarMark | None, *, scores: bool, is_here: bool) -> TurnRow:
    url = f"{turn.get_absolute_url()}nilai/" if scores else ""
    if mark is None or not scores:
        word, level = (_("belum"), "muted") if scores else ("", "")
    elif mark.state == MarkState.SENT:
        total = sum((share(row.value, row.component.weight) or Decimal() for row in mark.scores.all()), Decimal())
        word, level = _("Terkirim, %(total)s") % {"total": score_text(total)}, "is-ok"
    else:
        filled = sum(row.value is not None for row in mark.scores.all())
        word, level = _("%(n)d nilai tersimpan, belum dikirim") % {"n": filled}, "is-warn"
    return TurnRow(turn, outcome_pill(turn), url, word, level, is_here)


def steps_of(seminar: Seminar, changes: Sequence[SeminarStageChange]) -> list[Step]:
    """Where the seminar stands, as a stepper; `changes` are those of its stage, the oldest first."""
    order = (SeminarState.DRAFT, SeminarState.ANNOUNCED, SeminarState.RUNNING, SeminarState.DONE)
    if seminar.state == SeminarState.CANCELLED:
        return []
    at = order.index(SeminarState(seminar.state))
    last = {change.new: change for change in changes}
    steps = []
    for n, state in enumerate(order):
        change = last.get(state)
        note = words.day_and_month(timezone.localdate(change.at)) if change and n <= at else ""
        if state == SeminarState.RUNNING and not note:
            note = words.day_and_month(seminar.day)
        done = n < at or (n == at == len(order) - 1)
        steps.append(Step(str(state.label), note, "done" if done else "now" if n == at else "todo"))
    return steps


@dataclass(frozen=True, slots=True)
class ScoreField:
    """One component of the form: its rubric, the figure as typed, its share, and what is wrong with it."""

    component: ScoreComponent
    weight: str
    bands: Sequence[tuple[RubricChoice, bool]]
    text: str
    version: int
    share: str
    error: str
    others: Sequence[tuple[str, str]]

    @property
    def name(self) -> str:
        return str(self.component.pk)


@dataclass
class ScorePage:
    """Everything the scoring form shows to one scorer."""

    turn: SeminarTurn
    scorer: Scorer
    mark: SeminarMark | None
    fields: list[ScoreField]
    note: str
    note_version: int
    total: str
    whole: str
    left: list[str]
    is_sent: bool
    sees_others: bool
    errors: dict[str, str]


def score_page(
    user: User, turn: SeminarTurn, scorer: Scorer, *, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
) -> ScorePage:
    """Build the form of one scorer: stored values, or what was `typed` where the server could not take it; six queries."""
    typed, errors = typed or {}, dict(errors or {})
    components = scored_by(components_of(turn.seminar.batch, turn.seminar.kind), scorer.rated_by, scorer.rater)
    mark = turn.marks.filter(rated_by=scorer.rated_by, rater=scorer.rater).first()
    stored = {row.component_id: row for row in mark.scores.all()} if mark else {}
    sees = policies.can_see_marks(user, turn, mark)
    others = _others(turn, scorer) if sees else {}
    rubric, fields, total = rubric_of(turn.seminar), [], Decimal()
    for one in components:
        row = stored.get(one.pk)
        value = row.value if row else None
        part = share(value, one.weight)
        total += part or Decimal()
        fields.append(
            ScoreField(
                one,
                number(one.weight),
                [(band, value is not None and band.lowest <= value < band.highest + 1) for band in rubric.get(one.code, [])],
                typed.get(str(one.pk), plain_score(value)),
                row.version if row else 0,
                score_text(part) or "-",
                errors.get(str(one.pk), ""),
                others.get(one.pk, []),
            )
        )
    whole = sum((one.weight for one in components), Decimal())
    left = [one.name for one in components if one.pk not in stored or stored[one.pk].value is None]
    return ScorePage(
        turn,
        scorer,
        mark,
        fields,
        typed.get(NOTE, mark.note if mark else ""),
        mark.note_version if mark else 0,
        score_text(total),
        number(whole),
        left,
        mark is not None and mark.state == MarkState.SENT,
        sees,
        errors,
    )


def plain_score(value: Decimal | None) -> str:
    """Write a score as it is typed: 90 and 87,5."""
    return "" if value is None else number(value)


def _others(turn: SeminarTurn, scorer: Scorer) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    rows = turn.marks.sent().exclude(rated_by=scorer.rated_by, rater=scorer.rater).select_related("scorer").prefetch_related("scores")
    for mark in rows:
        for row in mark.scores.all():
            if row.value is not None:
                found.setdefault(row.component_id, []).append((str(mark.scorer), score_text(row.value)))
    return found


def own_scorer(user: User, turn: SeminarTurn, asked: str) -> Scorer | None:
    """Find in whose column the person writes: the own one, or as a planner the one that was asked for."""
    components = components_of(turn.seminar.batch, turn.seminar.kind)
    found = scorers_of(turn, components)
    mine = [one for one in found if policies.is_scorer(user, turn, one.rated_by, one.rater)]
    if asked:
        chosen = next((one for one in found if one.key == asked), None)
        return chosen if chosen in mine or policies.is_deputy(user, turn) else None
    return mine[0] if mine else None


def event_of(seminar: Seminar, turn: SeminarTurn | None = None) -> Event:
    """One seminar, or one turn of it, as an event of a calendar; no names in it."""
    event, start, end = Event(), (turn or seminar).starts_at, (turn or seminar).ends_at
    event.add("uid", f"seminar-{seminar.pk}{f'-{turn.pk}' if turn else ''}@latsar")
    event.add("dtstamp", seminar.changed_at)
    event.add("last-modified", seminar.changed_at)
    event.add("sequence", seminar.version - 1)
    event.add("dtstart", start.astimezone(seminar.clock))
    event.add("dtend", end.astimezone(seminar.clock))
    event.add("summary", f"{seminar}, {seminar.batch.label}")
    if seminar.state == SeminarState.CANCELLED:
        event.add("status", "CANCELLED")
    if seminar.room or seminar.link:
        event.add("location", seminar.room or seminar.link)
    if seminar.link:
        event.add("url", seminar.link)
    return event


def calendar_of(events: Sequence[Event]) -> bytes:
    """Write events as a calendar file."""
    calendar = Calendar()
    calendar.add("prodid", "-//Portal Latsar CPNS KPU//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()
