"""Requests for seats as their pages show them: rows with what is due, the stepper, the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from latsar.accounts.models import User
from latsar.training import policies
from latsar.training.answer_times import answer_days
from latsar.training.calendar import around
from latsar.training.enums import RequestState
from latsar.training.models import SeatRequest, SeatRequestStageChange
from latsar.training.month_fields import month_range
from latsar.training.seat_forms import STEP_WORDS, StepForm
from latsar.training.seat_requests import HELD, SeatRequestQuerySet
from latsar.ui import components, words
from latsar.ui.components import Entry, Step

ORDER = ("send", "grant", "refuse", "agree", "close", "reconsider", "withdraw")
"""Steps as they are offered: the usual next one first."""
ANSWER = "seat_request"
"""The code of the answer time of institutes."""
FACES = {
    RequestState.DRAFT: ("", "pencil"),
    RequestState.SENT: ("info", "hourglass-split"),
    RequestState.GRANTED: ("ok", "check-lg"),
    RequestState.REFUSED: ("bad", "x-lg"),
    RequestState.AGREED: ("ok", "check-circle-fill"),
    RequestState.CLOSED: ("", "check-lg"),
    RequestState.WITHDRAWN: ("", "dash-lg"),
}
DONE = {
    "create": gettext_lazy("Konsep dibuat"),
    "send": gettext_lazy("Surat permohonan dikirim"),
    "grant": gettext_lazy("Dikabulkan"),
    "refuse": gettext_lazy("Ditolak"),
    "reconsider": gettext_lazy("Jawaban dibuka lagi"),
    "agree": gettext_lazy("PKS dicatat"),
    "close": gettext_lazy("Ditutup"),
    "withdraw": gettext_lazy("Ditarik"),
}


@dataclass(frozen=True)
class RequestRow:
    request: Any
    url: str
    asker: str
    period: str
    face: SafeString
    due: str
    is_late: bool


def request_rows(user: User, chosen: dict[str, Any]) -> SeatRequestQuerySet:
    """The requests that a person sees: those that wait longest for an answer first, then the newest."""
    rows = SeatRequest.objects.visible_to(user).with_use().select_related("institute", "province")
    if text := chosen.get("q", "").strip():
        rows = rows.filter(Q(institute__name__icontains=text) | Q(letter_number__icontains=text) | Q(agreement_number__icontains=text))
    for name, column in (("keadaan", "state"), ("provinsi", "province"), ("metode", "method"), ("lembaga", "institute")):
        if chosen.get(name):
            rows = rows.filter(**{column: chosen[name]})
    waits = Case(When(state=RequestState.SENT, then=0), default=1)
    return rows.alias(waits=waits, since=Case(When(state=RequestState.SENT, then="sent_at"))).order_by(
        "waits", "since", "-created_at", "-pk"
    )


def asker_of(request: SeatRequest) -> str:
    return str(request.province) if request.province is not None else "PKSDM"


def state_face(request: SeatRequest) -> SafeString:
    kind, icon = FACES[RequestState(request.state)]
    return components.pill(kind, request.get_state_display(), icon)


class AnswerClock:
    """Until when institutes should answer; the calendar is read once."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.days = answer_days(ANSWER)
        self.calendar = around(date(today.year - 1, 1, 1), today)

    def due_on(self, request: SeatRequest) -> date | None:
        """Return the day by which the answer is due, while one is awaited."""
        if request.state != RequestState.SENT or request.sent_at is None:
            return None
        return self.calendar.add(timezone.localdate(request.sent_at), self.days)

    def words_of(self, request: SeatRequest) -> tuple[str, bool]:
        """Say how long an answer is awaited, and whether it is overdue; for others what follows."""
        due = self.due_on(request)
        if due is not None and request.sent_at is not None:
            waited = (self.today - timezone.localdate(request.sent_at)).days
            said = ngettext("menunggu %(n)d hari", "menunggu %(n)d hari", waited) % {"n": waited}
            return _("%(said)s, batas %(day)s") % {"said": said, "day": words.short_date(due)}, due < self.today
        if request.state in HELD:
            left = max(0, request.left)  # type: ignore[attr-defined]  # annotated
            text = ngettext("%(n)d kursi belum menjadi angkatan", "%(n)d kursi belum menjadi angkatan", left) % {"n": left}
            return text if left else _("semua kursi sudah menjadi angkatan"), False
        return "", False


def rows_of(page: Any, today: date) -> list[RequestRow]:
    """Dress the requests of a page for the table."""
    clock = AnswerClock(today)
    made = []
    for request in page:
        due, is_late = clock.words_of(request)
        period = month_range(request.starts_on, request.ends_on)
        made.append(RequestRow(request, request.get_absolute_url(), asker_of(request), period, state_face(request), due, is_late))
    return made


def steps_of(request: SeatRequest) -> list[Step]:
    """The way of a request as a stepper; a refused or withdrawn one ends where it stands."""
    sent = _day(timezone.localdate(request.sent_at) if request.sent_at else None)
    answered = _day(timezone.localdate(request.answered_at) if request.answered_at else None)
    order = [RequestState.DRAFT, RequestState.SENT, RequestState.GRANTED, RequestState.AGREED, RequestState.CLOSED]
    notes = ["", sent, answered, _day(request.agreement_date), ""]
    labels = [_("Konsep"), _("Surat terkirim"), _("Jawaban"), "PKS", _("Selesai")]
    if request.state in (RequestState.REFUSED, RequestState.WITHDRAWN):
        at = 2 if request.state == RequestState.REFUSED else (1 if request.sent_at else 0)
        labels[at] = request.get_state_display()
        return [Step(label, notes[n], "done" if n < at else "now" if n == at else "todo") for n, label in enumerate(labels)]
    at = order.index(RequestState(request.state))
    if request.state == RequestState.SENT:
        at = 2  # what is awaited is the answer
        notes[2] = _("ditunggu")
    elif request.state != RequestState.DRAFT:
        at = min(at + 1, len(order))
    if request.state == RequestState.CLOSED and not request.agreement_date:
        notes[3] = _("tanpa PKS")
    return [Step(label, notes[n], "done" if n < at else "now" if n == at else "todo") for n, label in enumerate(labels)]


def _day(day: date | None) -> str:
    return words.short_date(day) if day else ""


def timeline_of(request: SeatRequest) -> list[Entry]:
    """What happened to a request, newest first."""
    changes = list(request.stage_changes.select_related("by"))
    return [_entry(change, is_new=n == 0) for n, change in enumerate(changes)]


def _entry(change: SeatRequestStageChange, *, is_new: bool) -> Entry:
    said = DONE.get(change.action, change.action)
    text = format_html("<b>{}</b>, {}{}", said, change.by, f". {change.note}" if change.note else "")
    return Entry(text, words.when(change.at, timezone.now(), timezone.get_current_timezone()), is_new=is_new)


def step_forms(user: User, request: SeatRequest, refused: StepForm | None = None) -> list[tuple[Any, StepForm]]:
    """The steps that are this person's to make now, each with its words and form; a refused one keeps what was typed."""
    made = []
    possible = policies.possible_request_moves(user, request)
    for action in sorted(possible, key=ORDER.index):
        form = refused if refused is not None and refused.action == action else _blank(action, request)
        made.append((STEP_WORDS[action], form))
    return made


def _blank(action: str, request: SeatRequest) -> StepForm:
    initial = {"version": request.version, "day": timezone.localdate()}
    if action == "grant":
        initial["seats"] = request.seats_asked
    return StepForm(action=action, initial=initial)


def batch_url(request: SeatRequest) -> str:
    """Lead to the form of a new angkatan with what the request says filled in."""
    left = max(1, request.left)  # type: ignore[attr-defined]  # annotated
    asked = {
        "institute": request.institute_id,
        "method": request.method,
        "golongan": request.golongan,
        "capacity": min(left, 40),
        "starts_on": max(request.starts_on, timezone.localdate()).isoformat(),
        "seat_request": request.pk,
    }
    return f"{reverse('batch_add')}?{urlencode(asked)}"
