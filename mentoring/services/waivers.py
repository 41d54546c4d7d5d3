"""More than five mentees by a recorded decision: it grants slots above five, and the database knows which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import User
from mentoring import notifications, policies
from mentoring.enums import MENTEE_LIMIT, WAIVED_LIMIT
from mentoring.models import Mentor, MentorWaiver, WaiverPlace
from mentoring.pool import SLOT_BASE
from mentoring.services.keeping import Attached, stored

REASON_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Decision:
    """What PKSDM decided about a mentor."""

    extra_places: int
    number: str
    decided_on: date
    valid_until: date
    reason: str


@transaction.atomic
def record_waiver(*, mentor_id: int, decision: Decision, by: User, file: Attached | None = None) -> MentorWaiver:
    """Record that a mentor may guide 1 to 5 more until a day; a decision before it ends.

    Locks the mentor: assigning reads the leave under the same lock. Raises NotAllowed, Refused with the field it concerns.
    """
    mentor = Mentor.objects.visible_to(by).select_related("user").select_for_update(of=("self",)).filter(pk=mentor_id).first()
    if mentor is None or not policies.can_waive(by, mentor):
        raise NotAllowed
    if problems := _problems(decision):
        raise Refused(problems)
    before = MentorWaiver.objects.filter(mentor=mentor, ended_at=None).first()
    if before is not None:
        _end(before, reason=_("Diganti keputusan %(number)s") % {"number": decision.number}, by=by)
    waiver = MentorWaiver(
        mentor=mentor,
        extra_places=decision.extra_places,
        number=decision.number.strip(),
        decided_on=decision.decided_on,
        valid_until=decision.valid_until,
        reason=decision.reason.strip(),
        recorded_by=by,
    )
    if file is not None:
        waiver.file_name, waiver.file_kind = file.name, file.judged.kind.value
    with stored(waiver.file, file):
        waiver.save(force_insert=True)
        for slot in range(MENTEE_LIMIT + 1, MENTEE_LIMIT + decision.extra_places + 1):
            WaiverPlace.objects.update_or_create(
                number=mentor.pk * SLOT_BASE + slot, defaults={"mentor": mentor, "slot": slot, "waiver": waiver}
            )
        changes = {"places": [MENTEE_LIMIT, MENTEE_LIMIT + decision.extra_places], "valid_until": [None, decision.valid_until]}
        audit.record(verb="waive_mentor_limit", obj=mentor, by=by, changes=changes, note=f"{waiver.number}: {waiver.reason}")
    notifications.waived(waiver)
    return waiver


def _problems(decision: Decision) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if not 1 <= decision.extra_places <= WAIVED_LIMIT - MENTEE_LIMIT:
        found["extra_places"] = [_("Tambahan tempat antara 1 dan 5.")]
    if not decision.number.strip():
        found["number"] = [_("Tulis nomor keputusannya.")]
    if not decision.reason.strip():
        found["reason"] = [_("Tulis alasannya, supaya yang memeriksa mengerti.")]
    if decision.decided_on > timezone.localdate():
        found["decided_on"] = [_("Tanggal keputusan belum tiba.")]
    if decision.valid_until < timezone.localdate():
        found["valid_until"] = [_("Tanggal ini sudah lewat, jadi keputusannya tidak memberi tempat.")]
    return found


@transaction.atomic
def end_waiver(*, waiver_id: int, reason: str, by: User) -> MentorWaiver:
    """Take a decision back. Present mentees stay, nobody new comes on the slots above five.

    Raises NotAllowed, IllegalMove when it has ended, Refused without a reason.
    """
    found = MentorWaiver.objects.visible_to(by).filter(pk=waiver_id).values_list("mentor_id", flat=True).first()
    mentor = Mentor.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=found or 0).first()
    if mentor is None or not policies.can_waive(by, mentor):
        raise NotAllowed
    waiver = MentorWaiver.objects.select_for_update(of=("self",)).select_related("mentor__user").get(pk=waiver_id)
    if waiver.ended_at is not None:
        raise IllegalMove(_("Keputusan ini sudah dicabut atau diganti."))
    reason = reason.strip()[:REASON_LIMIT]
    if not reason:
        raise Refused({"reason": _("Tulis alasan pencabutannya.")})
    _end(waiver, reason=reason, by=by)
    audit.record(
        verb="end_mentor_waiver", obj=mentor, by=by, changes={"places": [MENTEE_LIMIT + waiver.extra_places, MENTEE_LIMIT]}, note=reason
    )
    notifications.waiver_ended(waiver)
    return waiver


def _end(waiver: MentorWaiver, *, reason: str, by: User) -> None:
    waiver.ended_at, waiver.ended_by, waiver.end_reason = timezone.now(), by, reason[:REASON_LIMIT]
    waiver.save(update_fields=["ended_at", "ended_by", "end_reason"])
