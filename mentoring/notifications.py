"""Who is told what about guidance. Called inside the transaction; mails leave after commit."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.notices.enums import NoticeKind
from latsar.notices.letters import Letter
from latsar.notices.services import notify, queue_mail
from latsar.training.models import Batch
from latsar.ui.words import one_stop
from mentoring.models import Mentor, MentorAssignment


def mentor_registered(mentor: Mentor) -> None:
    """Tell a new mentor how to come in: the own password is set through "lupa sandi", nobody else sees a link."""
    if not mentor.user.email:
        return
    context: dict[str, object] = {
        "name": mentor.user.full_name,
        "login": mentor.user.username,
        "url": settings.PUBLIC_URL + reverse("account_reset_password"),
    }
    queue_mail(
        key=f"mentor-{mentor.pk}-registered",
        to=mentor.user.email,
        template="mentoring/email/registered",
        context=context,
        user=mentor.user,
        is_security=True,
    )


def assigned(assignment: MentorAssignment) -> None:
    """Tell both sides who guides whom."""
    mentor, participant = assignment.mentor, assignment.participant
    url = reverse("mentee_detail", args=[assignment.pk])
    context: dict[str, object] = {"mentor": mentor, "participant": participant, "url": settings.PUBLIC_URL + url}
    notify(
        user=mentor.user,
        text=lambda: one_stop(_("Anda menjadi mentor %(name)s.") % {"name": participant.full_name}),
        url=url,
        kind=NoticeKind.MENTORING,
        letter=Letter(f"assignment-{assignment.pk}", "mentoring/email/assigned", context),
    )
    if participant.user:
        notify(
            user=participant.user,
            text=lambda: one_stop(_("Mentor Anda: %(name)s.") % {"name": mentor}),
            url=reverse("mentoring_home"),
            kind=NoticeKind.MENTORING,
        )


def ended(assignment: MentorAssignment) -> None:
    """Tell the former mentor that access has ended."""
    name = {"name": assignment.participant.full_name}
    notify(
        user=assignment.mentor.user,
        text=lambda: _("Bimbingan Anda untuk %(name)s berakhir.") % name,
        url=reverse("mentoring_home"),
        kind=NoticeKind.MENTORING,
    )


def coaches_group(batch: Batch, group: int, coach: User) -> None:
    """Tell a coach which group is theirs; what the institute changes back and forth on one day is told each time."""
    facts = {"n": group, "batch": batch}
    notify(
        user=coach,
        text=lambda: one_stop(_("Anda menjadi coach kelompok %(n)d, %(batch)s.") % facts),
        url=reverse("mentoring_home"),
        kind=NoticeKind.MENTORING,
    )
