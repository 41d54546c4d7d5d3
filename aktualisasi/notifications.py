"""Who is told what about a rancangan. Called inside the transaction; mails leave after commit."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from aktualisasi.models import Rancangan, RancanganStageChange
from latsar.accounts.models import User
from latsar.notices.enums import NoticeKind
from latsar.notices.letters import Letter
from latsar.notices.services import notify
from mentoring.models import MentorAssignment


def moved(rancangan: Rancangan, change: RancanganStageChange) -> None:
    """Tell the other side of a move: the mentor about a submission, the participant about the answer."""
    if change.action == "submit":
        mentor = _mentor(rancangan)
        if mentor is not None:
            _tell(mentor, reverse("rancangan_review", args=[rancangan.pk]), rancangan, change)
    elif change.action in ("return", "reopen", "approve") and rancangan.participant.user:
        _tell(rancangan.participant.user, reverse("aktualisasi_home"), rancangan, change)


def _tell(user: User, url: str, rancangan: Rancangan, change: RancanganStageChange) -> None:
    said = partial(_words, change.action, str(rancangan.participant))
    context: dict[str, object] = {"name": user.full_name, "text": said, "title": rancangan.title, "url": settings.PUBLIC_URL + url}
    letter = Letter(f"rancangan-move-{change.pk}", "aktualisasi/email/moved", context)
    notify(user=user, text=said, url=url, kind=NoticeKind.REVIEW, letter=letter)


def _words(action: str, name: str) -> str:
    """Say what happened, in the language of who reads it; the templates call this too."""
    if action == "submit":
        return _("%(name)s mengajukan rancangan aktualisasi.") % {"name": name}
    if action == "approve":
        return _("Rancangan Anda disetujui mentor.")
    return _("Rancangan Anda dikembalikan mentor dengan catatan.")


def _mentor(rancangan: Rancangan) -> User | None:
    present = MentorAssignment.objects.active().select_related("mentor__user").filter(participant_id=rancangan.participant_id).first()
    return present.mentor.user if present else None
