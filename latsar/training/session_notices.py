"""Who is told when a session that is near changes: the people who are to be in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.notices.enums import NoticeKind
from latsar.notices.services import News, notify_many
from latsar.training.models import TrainingSession
from latsar.ui import words

NEAR = timedelta(days=7)
"""What lies further ahead is read in the timetable and comes by the calendar."""
TOLD = frozenset({"starts_at", "ends_at", "room", "link", "mode"})


def changed(session: TrainingSession, names: Iterable[str]) -> None:
    """Tell the people of a near session that its time or place is different now."""
    if TOLD & set(names) and _is_near(session):
        facts = {"title": session.title, "day": words.short_date(session.local_start.date()), "hours": session.hours_text}
        _tell(session, lambda: _("%(title)s berubah: %(day)s, %(hours)s. Periksa jam dan tempatnya.") % facts, f"v{session.version}")


def removed(session: TrainingSession) -> None:
    """Tell the people of a near session that it does not take place."""
    if _is_near(session):
        facts = {"title": session.title, "day": words.short_date(session.local_start.date())}
        _tell(session, lambda: _("%(title)s pada %(day)s dihapus dari acara.") % facts, "gone")


def _is_near(session: TrainingSession) -> bool:
    return timezone.now() < session.starts_at < timezone.now() + NEAR


def _tell(session: TrainingSession, text: object, what: str) -> None:
    placed = Q(participant__placements__seat__batch_id=session.batch_id, participant__placements__released_at=None)
    if session.group is not None:
        placed &= Q(participant__placements__group=session.group)
    url, day = reverse("own_attendance"), session.local_start.date()
    users = User.objects.filter(placed, is_active=True).distinct().order_by("pk")
    key = f"session-{session.pk}-{what}"
    notify_many(
        news=[News(user, text, NoticeKind.PLACEMENT, url, lambda: _("Lihat jadwal"), day, f"{key}-{user.pk}") for user in users]  # type: ignore[arg-type]
    )
