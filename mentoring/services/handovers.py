"""From one mentor to the next: what was agreed, what is open, and that it arrived."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.ui import words
from mentoring import notifications, policies
from mentoring.enums import SessionStage
from mentoring.models import Handover, MentorAssignment, MentoringSession
from participants.models import Participant

NOTES_LIMIT = 4000


def hand_over(after: MentorAssignment, *, by: User) -> Handover | None:
    """Begin the handover from the mentor before, when there was one who left none yet; runs inside the assignment."""
    past = MentorAssignment.objects.filter(participant=after.participant, ended_at__isnull=False, handed_over=None)
    before = past.exclude(mentor=after.mentor).select_related("mentor__user", "participant__user").order_by("-ended_at", "-pk").first()
    if before is None or before.ended_at is None:
        return None
    handover = Handover.objects.create(before=before, after=after, open_points=_open_points(before, before.ended_at))
    audit.record(verb="begin_handover", obj=after.participant, by=by, changes={"mentor": [str(before.mentor), str(after.mentor)]})
    notifications.handover_begun(handover)
    return handover


def _open_points(before: MentorAssignment, ended_at: datetime) -> list[str]:
    """List what the old mentor leaves open: appointments that fell with the change, notes without paraf, a rancangan that waits."""
    points = []
    for session in MentoringSession.objects.filter(assignment=before).order_by("starts_at"):
        when = words.long_date(session.local_start.date(), lang="id")
        if session.stage == SessionStage.CANCELLED and session.stage_at >= ended_at:
            points.append(_("Sesi %(when)s dibatalkan karena pergantian: %(agenda)s") % {"when": when, "agenda": session.agenda})
        elif session.stage == SessionStage.NOTED:
            points.append(_("Catatan sesi %(when)s belum diparaf keduanya") % {"when": when})
    for paper in _papers_of(before.participant):
        if paper.stage == "submitted":
            since = words.long_date(timezone.localdate(paper.stage_at), lang="id")
            points.append(_("%(paper)s menunggu jawaban mentor sejak %(since)s") % {"paper": paper.get_kind_display(), "since": since})
    return points


def _papers_of(participant: Participant) -> list[Any]:
    """What the person hands in for review: rows of the app above, reached by the names of their relations only."""
    rancangan: Any = getattr(participant, "rancangan", None)
    return list(rancangan.papers.all()) if rancangan is not None else []


@transaction.atomic
def write_handover(*, handover_id: int, version: int, notes: str, by: User) -> Handover:
    """Let the old mentor write what was agreed, until it is received. Raises NotAllowed, StaleVersion, Refused."""
    handover = _locked(handover_id, by)
    if handover.received_at is not None:
        raise IllegalMove(_("Serah terima ini sudah diterima mentor baru, jadi tidak dapat diubah lagi."))
    if not policies.can_write_handover(by, handover):
        raise NotAllowed
    if handover.version != version:
        raise StaleVersion(_("Serah terima ini baru saja diubah. Muat ulang halamannya, lalu ulangi perubahan Anda."))
    notes = notes.strip()
    if not notes:
        raise Refused({"notes": _("Tulis apa yang sudah disepakati sejauh ini.")})
    if len(notes) > NOTES_LIMIT:
        raise Refused({"notes": _("Terlalu panjang, paling banyak %(limit)d huruf.") % {"limit": NOTES_LIMIT}})
    handover.notes, handover.notes_at = notes, timezone.now()
    handover.version += 1
    handover.save(update_fields=["notes", "notes_at", "version"])
    audit.record(verb="write_handover", obj=handover.before.participant, by=by)
    notifications.handover_written(handover)
    return handover


@transaction.atomic
def receive_handover(*, handover_id: int, version: int, by: User) -> Handover:
    """Let the new mentor confirm what was read. Raises NotAllowed, IllegalMove when received, StaleVersion when rewritten meanwhile."""
    handover = _locked(handover_id, by)
    if handover.received_at is not None:
        raise IllegalMove(_("Serah terima ini sudah Anda terima."))
    if not policies.can_receive_handover(by, handover):
        raise NotAllowed
    if handover.version != version:
        raise StaleVersion(_("Mentor lama baru saja mengubah isinya. Baca lagi, lalu nyatakan diterima."))
    handover.received_at, handover.received_by = timezone.now(), by
    handover.version += 1
    handover.save(update_fields=["received_at", "received_by", "version"])
    audit.record(verb="receive_handover", obj=handover.before.participant, by=by)
    notifications.handover_received(handover)
    return handover


def _locked(handover_id: int, by: User) -> Handover:
    rows = Handover.objects.visible_to(by).select_related("before__mentor__user", "before__participant__user", "after__mentor__user")
    handover = rows.select_for_update(of=("self",)).filter(pk=handover_id).first()
    if handover is None:
        raise NotAllowed
    return handover
