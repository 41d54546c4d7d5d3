"""Who is told what about weekly reports and changes of plan. Called inside the transaction; mails leave after commit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from aktualisasi.habituasi import PlanChange, WeeklyReport, WeeklyReportChange
from latsar.accounts.models import User
from latsar.notices.enums import NoticeKind
from latsar.notices.letters import Letter
from latsar.notices.services import notify
from mentoring.models import MentorAssignment


def report_moved(report: WeeklyReport, change: WeeklyReportChange) -> None:
    """Tell the mentor about a report that was sent, the participant about the answer."""
    person = report.participant
    said = partial(_report_words, change.action, person.full_name, report.week)
    if change.action == "send":
        _tell(mentor_of(person.pk), report.get_absolute_url(), said, str(report.week), f"weekly-{change.pk}")
    elif change.action in ("approve", "return", "reopen"):
        _tell(person.user, reverse("habituasi_home"), said, str(report.week), f"weekly-{change.pk}")


def change_moved(change: PlanChange, action: str) -> None:
    """Tell the mentor about a change that is asked for, the participant about the answer."""
    person = change.rancangan.participant
    said = partial(_change_words, action, person.full_name, change.number)
    if action == "ask":
        _tell(mentor_of(person.pk), change.get_absolute_url(), said, change.reason, f"plan-change-{change.pk}-{action}")
    elif action in ("approve", "refuse"):
        _tell(person.user, change.get_absolute_url(), said, change.reason, f"plan-change-{change.pk}-{action}")


def mentor_of(participant_id: int) -> User | None:
    """Return the account of the present mentor."""
    present = MentorAssignment.objects.active().select_related("mentor__user").filter(participant_id=participant_id).first()
    return present.mentor.user if present else None


def _tell(user: User | None, url: str, said: Callable[[], str], title: str, key: str) -> None:
    if user is None:
        return
    context: dict[str, object] = {"name": user.full_name, "text": said, "title": title, "url": settings.PUBLIC_URL + url}
    notify(user=user, text=said, url=url, kind=NoticeKind.REVIEW, letter=Letter(key, "aktualisasi/email/moved", context))


def _report_words(action: str, name: str, week: int) -> str:
    """Say what happened, in the language of who reads it; the templates call this too."""
    if action == "send":
        return _("%(name)s mengirim laporan minggu %(week)s.") % {"name": name, "week": week}
    if action == "approve":
        return _("Laporan minggu %(week)s disetujui mentor.") % {"week": week}
    return _("Laporan minggu %(week)s dikembalikan mentor dengan catatan.") % {"week": week}


def _change_words(action: str, name: str, number: str) -> str:
    if action == "ask":
        return _("%(name)s mengajukan perubahan rencana tahapan %(number)s.") % {"name": name, "number": number}
    if action == "approve":
        return _("Perubahan rencana tahapan %(number)s disetujui mentor.") % {"number": number}
    return _("Perubahan rencana tahapan %(number)s ditolak mentor dengan catatan.") % {"number": number}
