"""Who guides whom. The slots of a mentor are rows, so the limit is the database's and not ours; more by a recorded waiver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.training.models import Batch
from mentoring import independence, notifications, policies
from mentoring.enums import MENTEE_LIMIT, WAIVED_LIMIT
from mentoring.models import Mentor, MentorAssignment, WaiverPlace
from mentoring.services.handovers import hand_over
from mentoring.services.unfinished import drop_open_sessions
from participants.enums import ENDED
from participants.models import Participant

ATTEMPTS = 2 * WAIVED_LIMIT
"""Each lost race means that somebody else took a slot: after ten the mentor is full; the rest is slack for slots freed meanwhile."""


@dataclass(frozen=True)
class Outcome:
    """What became of one pair of a bulk assignment; `refusal` is empty when it stands."""

    participant_id: int
    mentor_id: int
    refusal: str = ""


def assign_mentor(*, mentor_id: int, participant_id: int, by: User) -> MentorAssignment:
    """Give a participant a mentor, on the mentor's lowest free slot; after another mentor with a handover.

    Tries again when somebody else takes the slot first; the unique slot rows hold the limit of five on every path, and
    a slot above it needs the leave of a waiver in force. Raises Refused when the mentor is full (code "full"), the participant
    has a mentor, both are the same person, or the mentor coaches the participant's group.
    """
    return _until_a_slot_holds(lambda: _assign(mentor_id=mentor_id, participant_id=participant_id, by=by))


def change_mentor(*, participant_id: int, mentor_id: int, reason: str, by: User) -> MentorAssignment:
    """End the present guidance and begin the new one in one transaction: there is no moment without a mentor.

    The old mentor writes a handover, the new one receives it; see `hand_over`.
    """

    def swap() -> MentorAssignment:
        present = MentorAssignment.objects.active().select_for_update(of=("self",)).filter(participant_id=participant_id).first()
        if present is None:
            raise Refused(_("Peserta ini belum punya mentor. Tetapkan mentornya lebih dahulu."))
        if present.mentor_id == mentor_id:
            raise Refused(_("Peserta ini sudah dibimbing mentor tersebut. Pilih mentor lain."))
        end_assignment(assignment_id=present.pk, reason=reason, by=by)
        return _assign(mentor_id=mentor_id, participant_id=participant_id, by=by)

    return _until_a_slot_holds(swap)


@transaction.atomic
def end_assignment(*, assignment_id: int, reason: str, by: User) -> MentorAssignment:
    """End one guidance with its reason; the former mentor loses access at once."""
    assignment = (
        MentorAssignment.objects.active()
        .select_for_update(of=("self",))
        .select_related("mentor__user", "participant__user")
        .filter(pk=assignment_id)
        .first()
    )
    if assignment is None or not policies.can_assign(by, assignment.participant):
        raise NotAllowed
    if not reason.strip():
        raise Refused(_("Tulis alasan mengakhiri bimbingan ini."))
    _close(assignment, reason=reason.strip(), by=by)
    notifications.ended(assignment)
    return assignment


def assign_many(*, pairs: Sequence[tuple[int, int]], by: User) -> list[Outcome]:
    """Assign (participant id, mentor id) pairs one by one; a refused pair leaves the others standing."""
    outcomes = []
    for participant_id, mentor_id in pairs:
        try:
            assign_mentor(mentor_id=mentor_id, participant_id=participant_id, by=by)
        except Refused as refused:
            outcomes.append(Outcome(participant_id, mentor_id, " ".join(refused.messages)))
        else:
            outcomes.append(Outcome(participant_id, mentor_id))
    return outcomes


def _until_a_slot_holds(step: Callable[[], MentorAssignment]) -> MentorAssignment:
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return step()
        except IntegrityError:
            continue
    raise _full()


def _assign(*, mentor_id: int, participant_id: int, by: User) -> MentorAssignment:
    """Locks the angkatan as whoever names its coaches and examiners does, then the participant, then the mentor."""
    people = Participant.objects.visible_to(by).filter(pk=participant_id)
    batch_id = people.values_list("batch_id", flat=True).first()
    if batch_id is not None:
        Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch_id)
    participant = people.select_related("user").select_for_update(of=("self",)).first()
    mentor = Mentor.objects.visible_to(by).select_related("user").select_for_update(of=("self",)).filter(pk=mentor_id).first()
    if participant is None or mentor is None or not policies.can_assign(by, participant):
        raise NotAllowed
    if participant.batch_id != batch_id:
        raise Refused(_("Peserta ini baru saja pindah angkatan. Muat ulang halamannya, lalu ulangi."))
    _check_pair(mentor, participant)
    slot, place = _free_slot(mentor, by)
    assignment = MentorAssignment.objects.create(mentor=mentor, participant=participant, slot=slot, place=place, assigned_by=by)
    note = _("Tempat ke-%(slot)d menurut keputusan %(number)s") % {"slot": slot, "number": place.waiver.number} if place else ""
    audit.record(verb="assign_mentor", obj=participant, by=by, changes={"mentor": [None, str(mentor)]}, note=note)
    notifications.assigned(assignment)
    hand_over(assignment, by=by)
    return assignment


def _check_pair(mentor: Mentor, participant: Participant) -> None:
    if not mentor.is_active:
        raise Refused(_("Mentor ini sedang tidak bersedia membimbing. Pilih mentor lain."))
    if not policies.may_be_guided(participant):
        raise Refused(_("Peserta ini sudah lulus, tidak perlu mentor lagi."))
    if problem := independence.mentor_problem(mentor, participant):
        raise Refused(problem)
    present = MentorAssignment.objects.active().select_related("mentor__user").filter(participant=participant).first()
    if present is not None:
        raise Refused(_("Peserta ini sudah dibimbing %(mentor)s. Pakai Ganti mentor.") % {"mentor": present.mentor})
    if problem := independence.guide_problem(mentor.user, [participant.pk]):
        raise Refused(problem)


def _free_slot(mentor: Mentor, by: User) -> tuple[int, WaiverPlace | None]:
    """Return the lowest free slot; mentees who have graduated or left give theirs back when it is needed.

    Raises Refused when the mentor is full: a mentee on a slot of a waiver that has ended counts like any other.
    """
    granted = list(
        WaiverPlace.objects.filter(mentor=mentor, waiver__ended_at=None, waiver__valid_until__gte=timezone.localdate())
        .select_related("waiver")
        .order_by("slot")
    )
    limit = MENTEE_LIMIT + len(granted)
    held = list(MentorAssignment.objects.active().select_related("participant").filter(mentor=mentor))
    if len(held) >= limit:
        done = [assignment for assignment in held if assignment.participant.stage in ENDED]
        for assignment in done:
            _close(assignment, reason=_("Peserta lulus atau berhenti"), by=by)
        held = [assignment for assignment in held if assignment not in done]
    taken = {assignment.slot for assignment in held}
    offers: list[tuple[int, WaiverPlace | None]] = [(slot, None) for slot in range(1, MENTEE_LIMIT + 1)]
    offers += [(place.slot, place) for place in granted]
    if len(held) < limit:
        for slot, place in offers:
            if slot not in taken:
                return slot, place
    raise _full(len(held))


def _close(assignment: MentorAssignment, *, reason: str, by: User) -> None:
    assignment.ended_at, assignment.ended_by, assignment.end_reason = timezone.now(), by, reason[:300]
    assignment.save(update_fields=["ended_at", "ended_by", "end_reason"])
    changes = {"mentor": [str(assignment.mentor), None]}
    audit.record(verb="end_mentor", obj=assignment.participant, by=by, changes=changes, note=reason)
    drop_open_sessions(assignment.sessions, reason=_("Bimbingan berakhir"), by=by)


def _full(held: int = MENTEE_LIMIT) -> Refused:
    return Refused(_("Mentor ini sudah membimbing %(limit)s peserta. Pilih mentor lain.") % {"limit": held}, code="full")
