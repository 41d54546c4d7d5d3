"""Who is told what about sessions: always the other side. Called inside the transaction; mails leave after commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.notices.enums import NoticeKind
from latsar.notices.services import News, notify_many
from latsar.ui import words
from latsar.ui.words import one_stop
from mentoring.enums import SessionStage
from mentoring.models import MentoringSession


def begun(rows: Sequence[MentoringSession], by: User) -> None:
    """Tell of a proposal, or of notes that wait for a paraf."""
    if rows and rows[0].stage == SessionStage.NOTED:
        noted(rows, by)
        return
    _tell(rows, by, lambda facts: _("%(name)s mengusulkan sesi bimbingan %(when)s.") % facts, _answer)


def rescheduled(rows: Sequence[MentoringSession], by: User) -> None:
    _tell(rows, by, lambda facts: _("%(name)s mengusulkan waktu lain untuk sesi bimbingan: %(when)s.") % facts, _answer)


def accepted(session: MentoringSession, by: User) -> None:
    _tell([session], by, lambda facts: _("%(name)s menyetujui sesi bimbingan %(when)s.") % facts)


def cancelled(rows: Sequence[MentoringSession], by: User) -> None:
    _tell(rows, by, lambda facts: one_stop(_("%(name)s membatalkan sesi bimbingan %(when)s: %(reason)s.") % facts))


def noted(rows: Sequence[MentoringSession], by: User) -> None:
    _tell(rows, by, lambda facts: _("%(name)s menulis catatan sesi %(when)s. Periksa, lalu beri paraf.") % facts, lambda: _("Periksa"))


def confirmed(session: MentoringSession, by: User) -> None:
    _tell([session], by, lambda facts: _("%(name)s memberi paraf; sesi %(when)s kini dihitung.") % facts)


def _answer() -> str:
    return _("Jawab")


def _tell(rows: Sequence[MentoringSession], by: User, say: Callable[[dict[str, str]], str], action: Callable[[], str] | str = "") -> None:
    news = []
    for row in rows:
        other = row.guide if row.participant.user_id == by.pk else row.participant.user
        if other is not None:
            facts = (row, by.full_name)
            news.append(
                News(
                    other,
                    lambda facts=facts: say(_facts(*facts)),  # type: ignore[misc]  # bound now
                    NoticeKind.MENTORING,
                    row.get_absolute_url(),
                    action,
                )
            )
    notify_many(news=news)


def _facts(row: MentoringSession, name: str) -> dict[str, str]:
    when = f"{words.short_date(row.local_start.date())}, {words.clock_time(row.starts_at, row.clock)}"
    return {"name": name, "when": when, "reason": row.cancel_reason}
