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
from mentoring.models import Handover, Mentor, MentorAssignment, MentorWaiver


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


def deactivated(mentor: Mentor, by: User) -> None:
    """Tell a mentor that somebody else noted so, and what it means for the present mentees."""
    if mentor.user_id == by.pk:
        return
    notify(
        user=mentor.user,
        text=lambda: _("Anda dicatat tidak menerima peserta bimbingan baru. Peserta yang sekarang tetap sampai diganti."),
        url=reverse("mentoring_home"),
        kind=NoticeKind.MENTORING,
    )


def waived(waiver: MentorWaiver) -> None:
    """Tell a mentor that more than five may come, and by which decision."""
    facts = {"n": waiver.extra_places, "number": waiver.number}
    notify(
        user=waiver.mentor.user,
        text=lambda: _("Anda boleh membimbing %(n)d peserta tambahan menurut keputusan %(number)s.") % facts,
        url=reverse("mentoring_home"),
        kind=NoticeKind.MENTORING,
        due_on=waiver.valid_until,
    )


def waiver_ended(waiver: MentorWaiver) -> None:
    notify(
        user=waiver.mentor.user,
        text=lambda: (
            _("Keputusan %(number)s dicabut. Peserta yang sekarang tetap, yang baru paling banyak lima.") % {"number": waiver.number}
        ),
        url=reverse("mentoring_home"),
        kind=NoticeKind.MENTORING,
    )


def handover_begun(handover: Handover) -> None:
    """Ask the old mentor for the notes and tell the new one and the participant."""
    facts = {"name": handover.before.participant.full_name, "old": handover.before.mentor, "new": handover.after.mentor}
    url = handover.get_absolute_url()
    notify(
        user=handover.before.mentor.user,
        text=lambda: one_stop(_("Tulis serah terima bimbingan %(name)s untuk %(new)s.") % facts),
        url=url,
        kind=NoticeKind.MENTORING,
        action=lambda: _("Tulis serah terima"),
    )
    notify(
        user=handover.after.mentor.user,
        text=lambda: _("Anda menggantikan %(old)s membimbing %(name)s. Baca serah terimanya, lalu nyatakan diterima.") % facts,
        url=url,
        kind=NoticeKind.MENTORING,
        action=lambda: _("Baca serah terima"),
    )
    if handover.before.participant.user:
        notify(
            user=handover.before.participant.user,
            text=lambda: one_stop(_("Mentor Anda berganti dari %(old)s ke %(new)s.") % facts),
            url=reverse("mentoring_home"),
            kind=NoticeKind.MENTORING,
        )


def handover_written(handover: Handover) -> None:
    facts = {"name": handover.before.participant.full_name, "old": handover.before.mentor}
    notify(
        user=handover.after.mentor.user,
        text=lambda: one_stop(_("%(old)s menulis serah terima bimbingan %(name)s.") % facts),
        url=handover.get_absolute_url(),
        kind=NoticeKind.MENTORING,
    )


def handover_received(handover: Handover) -> None:
    facts = {"name": handover.before.participant.full_name, "new": handover.after.mentor}
    notify(
        user=handover.before.mentor.user,
        text=lambda: one_stop(_("%(new)s menerima serah terima bimbingan %(name)s.") % facts),
        url=handover.get_absolute_url(),
        kind=NoticeKind.MENTORING,
    )
