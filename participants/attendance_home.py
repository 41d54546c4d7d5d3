"""What attendance asks of somebody on the home page, and the next sessions of a participant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.models import User
from latsar.dashboard.registry import Panel, Part, Todo
from latsar.training.models import TrainingSession
from latsar.ui import words
from participants.attendance_page import due_sessions
from participants.enums import AbsenceState
from participants.models import AbsenceWarning
from participants.own_attendance import coming, own_sessions


def to_fill(user: User, now: datetime, today: date) -> list[Todo]:
    """Name the session of today that is next to be filled, and count those that wait since earlier; one query."""
    rows = due_sessions(user, now, today).select_related("batch__institute").order_by("-starts_at", "pk")[:50]
    found = list(rows)
    todays = [one for one in found if one.local_start.date() == now.astimezone(one.local_start.tzinfo).date()]
    earlier = [one for one in found if one not in todays]
    todos = [_today(one) for one in reversed(todays[:3])]
    if earlier:
        n = len(earlier)
        title = ngettext("Tutup kehadiran %(n)s sesi yang sudah lewat", "Tutup kehadiran %(n)s sesi yang sudah lewat", n)
        oldest = earlier[-1].local_start.date()
        text = _("Yang tertua %(day)s. Lengkapi yang belum diisi, lalu tutup.") % {"day": words.short_date(oldest)}
        todos.append(Todo(title % {"n": words.thousands(n)}, text, reverse("attendance_home"), _("Buka kehadiran"), oldest))
    return todos


def _today(session: TrainingSession) -> Todo:
    day = session.local_start.date()
    url = reverse("attendance_sheet", args=[session.batch_id, session.pk])
    title = _("Isi kehadiran sesi %(n)d, %(title)s") % {"n": session.number, "title": session.title}
    return Todo(title, f"{session.batch}, {session.hours_text}", url, _("Isi kehadiran"), day)


def near_limit(user: User) -> dict[str, Any]:
    """Return what the count of people takes along: who is near the limit of absence or over it, and in which angkatan, without a
    query of its own.
    """
    rows = AbsenceWarning.objects.visible_to(user).open()
    counts = {
        key: Max(Subquery(rows.filter(state=state).order_by().values("state").annotate(n=Count("pk")).values("n")))
        for key, state in (("absence_near", AbsenceState.WARN), ("absence_over", AbsenceState.OVER))
    }
    ends = {"absence_first": rows.order_by("batch_id"), "absence_last": rows.order_by("-batch_id")}
    return {**counts, **{key: Max(Subquery(ordered.values("batch")[:1])) for key, ordered in ends.items()}}


def to_warn(user: User, counts: dict[str, Any]) -> list[Todo]:
    """Say how many of one's people are near the limit of absence or over it."""
    near, over = counts["absence_near"] or 0, counts["absence_over"] or 0
    if not near and not over:
        return []
    is_one = counts["absence_first"] == counts["absence_last"]
    url = reverse("batch_attendance", args=[counts["absence_first"]]) if is_one else reverse("batch_list")
    n = near + over
    title = ngettext(
        "%(n)s peserta mendekati atau melewati batas tidak hadir", "%(n)s peserta mendekati atau melewati batas tidak hadir", n
    )
    text = _("%(near)s mendekati, %(over)s melewati. Hubungi orangnya sebelum sesi berikutnya.")
    facts = {"near": words.thousands(near), "over": words.thousands(over)}
    return [Todo(title % {"n": words.thousands(n)}, text % facts, url, _("Lihat kehadiran"))]


def sessions_part(user: User, now: datetime) -> Part:
    """Show a participant the next sessions, and ask for the report while one takes it; one query."""
    sessions = own_sessions(user, now)
    if not sessions:
        return Part()
    reporting = [one for one in sessions if one.can_report]
    todos = [
        Todo(
            _("Laporkan kehadiran Anda: %(title)s") % {"title": one.session.title},
            one.session.hours_text,
            reverse("own_attendance"),
            _("Saya hadir"),
            one.session.local_start.date(),
        )
        for one in reporting
    ]
    following: Sequence[object] = coming(sessions, now)
    panels = [Panel("participants/_sessions_panel.html", {"rows": following}, order=15)] if following else []
    return Part(todos=todos, panels=panels)
