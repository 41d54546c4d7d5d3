"""Seminars on the home pages: the turns of today, what is to be scored or repaired, the dates that come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Event

from aktualisasi.models import Seminar, SeminarMark, SeminarTurn
from aktualisasi.seminar_enums import MarkState, SeminarState
from aktualisasi.seminar_pages import event_of
from aktualisasi.seminar_scoring import share
from aktualisasi.seminars import coached_people
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.dashboard.registry import Panel, Part, Todo
from latsar.training.enums import BatchStage
from latsar.ui import words
from latsar.ui.components import Entry
from mentoring.models import MentorAssignment
from participants.scoring.typing import score_text

SHOWN_TURNS, SHOWN_SEMINARS, MOST_EVENTS = 12, 5, 300
LOOK_BACK = timedelta(days=60)
"""Turns that nobody scored are asked for that long."""


@dataclass(frozen=True, slots=True)
class TodayTurn:
    """One turn of the examiner's day with what became of it so far."""

    clock: str
    name: str
    url: str
    word: str
    level: str
    icon: str


def examiner_part(user: User) -> Part:
    """What is to be scored, the turns of today with their state, and the seminars that come; four queries."""
    now = timezone.now()
    turns = list(
        SeminarTurn.objects.examined_by(user)
        .filter(starts_at__gte=now - LOOK_BACK, seminar__batch__stage=BatchStage.RUNNING)
        .select_related("participant", "seminar__batch__institute")
        .order_by("starts_at", "pk")
    )
    rows = SeminarMark.objects.visible_to(user).filter(scorer=user, turn__in=[turn.pk for turn in turns])
    marks = {mark.turn_id: mark for mark in rows.prefetch_related("scores__component")}
    due = [turn for turn in turns if _is_due(turn) and not _is_sent(marks.get(turn.pk))]
    today = [turn for turn in turns if turn.seminar.day == timezone.localdate(now, turn.seminar.clock)]
    panels = []
    if today:
        shown = [_today(turn, marks.get(turn.pk)) for turn in today[:SHOWN_TURNS]]
        context: dict[str, object] = {"turns": shown, "total": len(today), "more": max(0, len(today) - SHOWN_TURNS)}
        panels.append(Panel("aktualisasi/_seminar_today.html", context, order=10))
    ahead = {turn.seminar_id: turn.seminar for turn in turns if turn.seminar.day > timezone.localdate(now, turn.seminar.clock)}
    counts = Counter(turn.seminar_id for turn in turns)
    if ahead:
        panels.append(_dates([(seminar, counts[pk]) for pk, seminar in ahead.items()]))
    if not panels and not due:
        panels.append(Panel("dashboard/_examiner_panel.html", {}))
    return Part(todos=_score_todos(due), panels=panels)


def _is_due(turn: SeminarTurn) -> bool:
    return turn.seminar.day <= timezone.localdate(timezone=turn.seminar.clock)


def _is_sent(mark: SeminarMark | None) -> bool:
    return mark is not None and mark.state == MarkState.SENT


def _score_todos(due: Iterable[SeminarTurn]) -> list[Todo]:
    """One line per seminar, leading to its first turn that waits."""
    by_seminar: dict[int, list[SeminarTurn]] = {}
    for turn in due:
        by_seminar.setdefault(turn.seminar_id, []).append(turn)
    todos = []
    for turns in by_seminar.values():
        first, seminar = turns[0], turns[0].seminar
        title = ngettext("Kirim nilai %(n)d orang", "Kirim nilai %(n)d orang", len(turns)) % {"n": len(turns)}
        detail = _("%(seminar)s, %(batch)s, mulai dari %(name)s.")
        facts = {"seminar": seminar, "batch": seminar.batch.label, "name": first.participant.full_name}
        todos.append(Todo(title, words.one_stop(detail % facts), reverse("seminar_score", args=[first.pk]), _("Isi nilai"), seminar.day))
    return todos


def _today(turn: SeminarTurn, mark: SeminarMark | None) -> TodayTurn:
    url = reverse("seminar_score", args=[turn.pk])
    if mark is None:
        return TodayTurn(turn.clock_text, turn.participant.full_name, url, _("belum"), "muted", "")
    if mark.state == MarkState.SENT:
        total = sum((share(row.value, row.component.weight) or Decimal() for row in mark.scores.all()), Decimal())
        word = _("Terkirim, %(total)s") % {"total": score_text(total)}
        return TodayTurn(turn.clock_text, turn.participant.full_name, url, word, "is-ok", "check-lg")
    filled = sum(row.value is not None for row in mark.scores.all())
    word = _("%(n)d nilai tersimpan, belum dikirim") % {"n": filled}
    return TodayTurn(turn.clock_text, turn.participant.full_name, url, word, "is-warn", "pencil")


def _dates(rows: Iterable[tuple[Seminar, int]]) -> Panel:
    ordered = sorted(rows, key=lambda row: (row[0].starts_at, row[0].pk))[:SHOWN_SEMINARS]
    entries = []
    for n, (seminar, count) in enumerate(ordered):
        what = _("%(seminar)s, %(batch)s, %(n)d orang") % {"seminar": seminar, "batch": seminar.batch.label, "n": count}
        when = f"{words.short_date(seminar.day)}, {seminar.hours_text}"
        line = format_html('<b>{}</b><br><a class="d-inline-block py-1" href="{}">{}</a>', when, seminar.get_absolute_url(), what)
        entries.append(Entry(line, seminar.place, is_new=n == 0))
    context: dict[str, object] = {"id": "h-seminar", "title": _("Seminar berikutnya"), "entries": entries}
    return Panel("dashboard/_timeline_panel.html", context, 35, aside=True)


def guide_part(user: User, *, as_coach: bool) -> Part:
    """The seminars that come for the mentees or the groups of a guide, and repairs that wait for the coach; two queries."""
    if as_coach:
        mine = Q(participant_id__in=coached_people(user))
    else:
        mine = Q(participant_id__in=MentorAssignment.objects.mentored_by(user).values("participant_id"))
    known = [SeminarState.ANNOUNCED, SeminarState.RUNNING]
    turns = SeminarTurn.objects.filter(mine)
    ahead = turns.filter(seminar__state__in=known, ends_at__gte=timezone.now()).select_related("seminar__batch").order_by("starts_at", "pk")
    seminars: dict[int, Seminar] = {}
    counts: Counter[int] = Counter()
    for turn in ahead[:200]:
        seminars[turn.seminar_id] = turn.seminar
        counts[turn.seminar_id] += 1
    panels = [_dates([(seminar, counts[pk]) for pk, seminar in seminars.items()])] if seminars else []
    return Part(todos=_confirm_todos(turns) if as_coach else [], panels=panels)


def _confirm_todos(turns: object) -> list[Todo]:
    waiting = Count("revisions", filter=Q(revisions__done_at__isnull=False, revisions__confirmed_at=None))
    rows = turns.annotate(waiting=waiting).filter(waiting__gt=0).select_related("participant").order_by("revision_due_on", "pk")  # type: ignore[attr-defined]
    return [
        Todo(
            _("Periksa perbaikan %(name)s") % {"name": turn.participant},
            ngettext("%(n)d catatan ditandai selesai.", "%(n)d catatan ditandai selesai.", turn.waiting) % {"n": turn.waiting},
            f"{turn.get_absolute_url()}#perbaikan",
            _("Periksa"),
            turn.revision_due_on,
        )
        for turn in rows[:SHOWN_SEMINARS]
    ]


def author_part(user: User) -> Part:
    """The own turn that comes, and what is to be repaired after one; one query."""
    open_count = Count("revisions", filter=Q(revisions__done_at=None))
    rows = (
        SeminarTurn.objects.visible_to(user)
        .filter(participant__user=user)
        .exclude(seminar__state__in=[SeminarState.DRAFT, SeminarState.CANCELLED])
        .annotate(left=open_count)
        .select_related("seminar__batch", "participant")
        .order_by("starts_at")
    )
    todos = []
    for turn in rows:
        if turn.left:
            title = ngettext("Selesaikan %(n)d perbaikan seminar", "Selesaikan %(n)d perbaikan seminar", turn.left) % {"n": turn.left}
            url = f"{turn.get_absolute_url()}#perbaikan"
            todos.append(Todo(title, turn.seminar.get_kind_display(), url, _("Lihat perbaikan"), turn.revision_due_on))
        elif not turn.outcome and turn.seminar.day >= _today_there(turn):
            facts = {"hours": turn.hours_text, "place": turn.seminar.place or "–"}
            detail = _("%(hours)s, %(place)s. Siapkan paparan Anda.") % facts
            title = _("Ikuti %(seminar)s") % {"seminar": turn.seminar.get_kind_display().lower()}
            todos.append(Todo(title, detail, turn.get_absolute_url(), _("Lihat giliran"), turn.seminar.day))
    return Part(todos=todos)


def _today_there(turn: SeminarTurn) -> date:
    return timezone.localdate(timezone=turn.seminar.clock)


def planner_part(user: User, *, institute_ids: Iterable[int] | None = None) -> Part:
    """Seminars that are drafts near their day, and held ones without a result; one query."""
    now = timezone.now()
    rows = Seminar.objects.visible_to(user).filter(batch__stage=BatchStage.RUNNING)
    if institute_ids is not None:
        rows = rows.filter(batch__institute_id__in=institute_ids)
    late = Q(state=SeminarState.DRAFT, starts_at__lte=now + timedelta(days=14))
    held = Q(state__in=[SeminarState.ANNOUNCED, SeminarState.RUNNING], ends_at__lt=now)
    found = list(rows.filter(late | held).select_related("batch__institute").order_by("starts_at")[:50])
    todos = []
    for state, title, action in (
        ("draft", _("Umumkan %(n)d seminar yang sudah disusun"), _("Periksa")),
        ("held", _("Catat hasil %(n)d seminar yang sudah lewat"), _("Buka")),
    ):
        mine = [one for one in found if (one.state == SeminarState.DRAFT) == (state == "draft")]
        if mine:
            url = mine[0].get_absolute_url() if len(mine) == 1 else f"{reverse('seminar_list')}?keadaan={mine[0].state}"
            names = "; ".join(f"{one}, {one.batch.label}" for one in mine[:3])
            todos.append(Todo(title % {"n": len(mine)}, names, url, action, mine[0].day))
    return Part(todos=todos)


def calendar_of(user: User, since: datetime) -> list[Event]:
    """The own turns of a participant, the seminars of an examiner, coach or mentor; cancelled ones say so; two queries."""
    own = SeminarTurn.objects.filter(participant__user=user, starts_at__gte=since).exclude(seminar__state=SeminarState.DRAFT)
    turns = list(own.select_related("seminar__batch").order_by("starts_at")[:MOST_EVENTS])
    events = [event_of(turn.seminar, turn) for turn in turns]
    if user.has_role(Role.PENGUJI, Role.COACH, Role.MENTOR, Role.LEMBAGA):
        rows = Seminar.objects.visible_to(user).exclude(state=SeminarState.DRAFT).exclude(pk__in=[turn.seminar_id for turn in turns])
        events += [
            event_of(one) for one in rows.filter(starts_at__gte=since).select_related("batch").order_by("starts_at", "pk")[:MOST_EVENTS]
        ]
    return events
