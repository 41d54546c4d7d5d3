"""What becomes of agreed sessions when their guide leaves."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from latsar.accounts.models import User
from mentoring.enums import SessionStage
from mentoring.models import MentoringSession, SessionChange

OPEN = (SessionStage.PROPOSED, SessionStage.AGREED)


def drop_open_sessions(sessions: Any, *, reason: str, by: User) -> int:
    """Cancel proposals and appointments of a guide who no longer guides; notes that wait for a confirmation stay as they are.

    Takes a queryset or relation of sessions; the caller holds the lock of what ends.
    """
    rows = list(sessions.filter(stage__in=OPEN).select_for_update(of=("self",)))
    now = timezone.now()
    for row in rows:
        SessionChange.objects.create(
            session=row, action="cancel", old=row.stage, new=SessionStage.CANCELLED, by=by, at=now, note=reason[:300]
        )
        row.stage, row.stage_at, row.cancel_reason = SessionStage.CANCELLED, now, reason[:300]
        row.version += 1
    MentoringSession.objects.bulk_update(rows, ["stage", "stage_at", "cancel_reason", "version"])
    return len(rows)
