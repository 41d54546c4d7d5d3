"""Who is told what about a rancangan. Called inside the transaction; mails leave after commit."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from aktualisasi.models import Rancangan, RancanganStageChange
from latsar.accounts.models import User
from latsar.notices.services import notify, queue_mail
from mentoring.models import MentorAssignment


def moved(rancangan: Rancangan, change: RancanganStageChange) -> None:
    """Tell the other side of a move: the mentor about a submission, the participant about the answer."""
    if change.action == "submit":
        mentor = _mentor(rancangan)
        if mentor is not None:
            text = _("%(name)s mengajukan rancangan aktualisasi.") % {"name": rancangan.participant}
            _tell(mentor, text, reverse("rancangan_review", args=[rancangan.pk]), rancangan, change)
    elif change.action in ("return", "reopen", "approve") and rancangan.participant.user:
        text = (
            _("Rancangan Anda disetujui mentor.") if change.action == "approve" else _("Rancangan Anda dikembalikan mentor dengan catatan.")
        )
        _tell(rancangan.participant.user, text, reverse("aktualisasi_home"), rancangan, change)


def _tell(user: User, text: str, url: str, rancangan: Rancangan, change: RancanganStageChange) -> None:
    notify(user=user, text=text, url=url)
    if user.email:
        context: dict[str, object] = {"name": user.full_name, "text": text, "title": rancangan.title, "url": settings.PUBLIC_URL + url}
        queue_mail(key=f"rancangan-move-{change.pk}", to=user.email, template="aktualisasi/email/moved", context=context)


def _mentor(rancangan: Rancangan) -> User | None:
    present = MentorAssignment.objects.active().select_related("mentor__user").filter(participant_id=rancangan.participant_id).first()
    return present.mentor.user if present else None
