"""Who is told what about a paper. Called inside the transaction; mails leave after commit."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from aktualisasi.enums import PaperKind
from aktualisasi.models import Paper, PaperStageChange
from aktualisasi.paths import home_url
from aktualisasi.workflow import MOVES
from latsar.accounts.models import User
from latsar.notices.enums import NoticeKind
from latsar.notices.letters import Letter
from latsar.notices.services import notify
from mentoring.models import GroupCoach, MentorAssignment

TO_MENTOR, TO_COACH = ("submit",), ("approve",)
TO_AUTHOR = ("return", "approve", "send_back", "accept", "reopen")


def moved(paper: Paper, change: PaperStageChange) -> None:
    """Tell the next reader what came in, and the participant every answer."""
    review = reverse("paper_review", args=[paper.pk])
    if change.action in TO_MENTOR and (mentor := _mentor(paper)):
        _tell(mentor, review, paper, change, "reader")
    if change.action in TO_COACH and (coach := _coach(paper)):
        _tell(coach, review, paper, change, "reader")
    author = paper.rancangan.participant.user
    if change.action in TO_AUTHOR and author:
        _tell(author, home_url(paper.kind), paper, change, "author")
    if change.action in ("send_back", "reopen") and (mentor := _mentor(paper)):
        _tell(mentor, paper.get_absolute_url(), paper, change, "mentor")


def _tell(user: User, url: str, paper: Paper, change: PaperStageChange, side: str) -> None:
    said = partial(words_of, change.action, paper.kind, str(paper.rancangan.participant), side)
    context: dict[str, object] = {"name": user.full_name, "text": said, "title": paper.rancangan.title, "url": settings.PUBLIC_URL + url}
    letter = Letter(f"rancangan-move-{change.pk}-{side}", "aktualisasi/email/moved", context)
    notify(user=user, text=said, url=url, kind=NoticeKind.REVIEW, letter=letter)


def words_of(action: str, kind: str, name: str, side: str) -> str:
    """Say what happened, in the language of who reads it; the templates call this too."""
    facts = {"name": name, "paper": PaperKind(kind).label, "reader": _("coach") if MOVES[action].actor == "coach" else _("mentor")}
    if side == "mentor":
        return _("Coach mengembalikan %(paper)s %(name)s dengan catatan.") % (facts | {"paper": str(PaperKind(kind).label).lower()})
    if side == "reader" and action == "submit":
        return _("%(name)s mengajukan %(paper)s aktualisasi.") % (facts | {"paper": str(PaperKind(kind).label).lower()})
    if side == "reader":
        return _("%(paper)s %(name)s disetujui mentor, sekarang menunggu Anda.") % facts
    if action == "approve":
        return _("%(paper)s Anda disetujui mentor, sekarang dibaca coach.") % facts
    if action == "accept":
        return _("%(paper)s Anda disetujui coach.") % facts
    return _("%(paper)s Anda dikembalikan %(reader)s dengan catatan.") % facts


def _mentor(paper: Paper) -> User | None:
    present = MentorAssignment.objects.active().select_related("mentor__user").filter(participant_id=paper.participant_id).first()
    return present.mentor.user if present else None


def _coach(paper: Paper) -> User | None:
    group = GroupCoach.objects.of_participant(paper.participant_id).select_related("coach").first()
    return group.coach if group else None
