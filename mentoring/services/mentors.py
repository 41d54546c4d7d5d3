"""Who guides whom. The five slots of a mentor are rows, so the limit is the database's and not ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import RoleGrant, User
from latsar.satker.models import Satker
from latsar.ui.numbers import only_digits
from mentoring import independence, notifications, policies
from mentoring.enums import MENTEE_LIMIT
from mentoring.models import Mentor, MentorAssignment
from participants.enums import ENDED
from participants.models import Participant

ATTEMPTS = 2 * MENTEE_LIMIT
"""Each lost race means that somebody else took a slot: after five the mentor is full; the rest is slack for slots freed meanwhile."""


@dataclass(frozen=True)
class Outcome:
    """What became of one pair of a bulk assignment; `refusal` is empty when it stands."""

    participant_id: int
    mentor_id: int
    refusal: str = ""


def is_nip(text: str) -> bool:
    """Say whether these are the 18 digits of a NIP; a mentor may be PNS or PPPK, so their meaning is not read."""
    return only_digits(text) and len(text) == 18


@transaction.atomic
def register_mentor(
    *, nip: str, full_name: str, email: str, satker: Satker, jabatan: str, by: User, trained_on: date | None = None
) -> Mentor:
    """Add an ASN to the mentor pool, with the account that has this NIP or e-mail, else with a new one.

    A new account has no password: its owner sets one through the reset mail. Raises Refused for a NIP that is in the
    pool already or belongs to a participant.
    """
    if not policies.can_register(by):
        raise NotAllowed
    if not is_nip(nip):
        raise Refused(_("NIP mentor terdiri atas 18 angka. Periksa lagi angkanya."))
    if Mentor.objects.filter(nip=nip).exists():
        raise Refused(_("NIP ini sudah ada di daftar mentor."))
    if Participant.objects.filter(nip=nip).exclude(stage__in=ENDED).exists():
        raise Refused(_("NIP ini milik peserta Latsar. Mentor harus pegawai yang bukan peserta."))
    user = _account(nip=nip, full_name=full_name, email=email, by=by)
    _grant_mentor(user, by)
    mentor = Mentor.objects.create(user=user, nip=nip, satker=satker, jabatan=jabatan, trained_on=trained_on)
    audit.record(verb="register_mentor", obj=mentor, by=by, changes={"nip": [None, nip], "satker": [None, satker.name]})
    notifications.mentor_registered(mentor)
    return mentor


def _account(*, nip: str, full_name: str, email: str, by: User) -> User:
    known = list(User.objects.get_queryset().filter(Q(username=nip) | Q(email__iexact=email, email__gt="")).select_related("mentor"))
    if len(known) > 1:
        raise Refused(_("NIP dan e-mail ini milik dua akun yang berbeda. Periksa e-mailnya."), code="email")
    if not known:
        made = User.objects.create_user(username=nip, email=email, full_name=full_name)
        audit.record(verb="add", obj=made, by=by)
        return made
    user = known[0]
    if is_nip(user.username) and user.username != nip:
        raise Refused(_("E-mail ini milik akun dengan NIP lain. Periksa NIP dan e-mailnya."), code="email")
    if hasattr(user, "mentor"):
        raise Refused(_("Akun dengan e-mail ini sudah menjadi mentor dengan NIP lain."), code="email")
    return user


def _grant_mentor(user: User, by: User) -> None:
    grant, created = RoleGrant.objects.get_or_create(user=user, role=Role.MENTOR, satker=None, institute=None, defaults={"granted_by": by})
    has_ended = grant.valid_to is not None
    if has_ended:
        grant.valid_to = None
        grant.save(update_fields=["valid_to"])
    if created or has_ended:
        audit.record(verb="grant", obj=user, by=by, changes={"role": ["", Role.MENTOR]})


def assign_mentor(*, mentor_id: int, participant_id: int, by: User) -> MentorAssignment:
    """Give a participant a mentor, on the mentor's lowest free slot.

    Tries again when somebody else takes the slot first; the unique slot rows hold the limit of five on every path.
    Raises Refused when the mentor is full, the participant has a mentor, or both are the same person.
    """
    return _until_a_slot_holds(lambda: _assign(mentor_id=mentor_id, participant_id=participant_id, by=by))


def change_mentor(*, participant_id: int, mentor_id: int, reason: str, by: User) -> MentorAssignment:
    """End the present guidance and begin the new one in one transaction: there is no moment without a mentor."""

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
    rows = Participant.objects.visible_to(by).select_for_update(of=("self",)).select_related("user")
    participant = rows.filter(pk=participant_id).first()
    mentor = Mentor.objects.visible_to(by).select_related("user").filter(pk=mentor_id).first()
    if participant is None or mentor is None or not policies.can_assign(by, participant):
        raise NotAllowed
    _check_pair(mentor, participant)
    slot = _free_slot(mentor, by)
    if slot is None:
        raise _full()
    assignment = MentorAssignment.objects.create(mentor=mentor, participant=participant, slot=slot, assigned_by=by)
    audit.record(verb="assign_mentor", obj=participant, by=by, changes={"mentor": [None, str(mentor)]})
    notifications.assigned(assignment)
    return assignment


def _check_pair(mentor: Mentor, participant: Participant) -> None:
    if not mentor.is_active:
        raise Refused(_("Mentor ini sedang tidak bersedia membimbing. Pilih mentor lain."))
    if policies.is_same_person(mentor, participant):
        raise Refused(_("Peserta tidak dapat membimbing dirinya sendiri. Pilih mentor lain."))
    if not policies.may_be_guided(participant):
        raise Refused(_("Peserta ini sudah lulus, tidak perlu mentor lagi."))
    present = MentorAssignment.objects.active().select_related("mentor__user").filter(participant=participant).first()
    if present is not None:
        raise Refused(_("Peserta ini sudah dibimbing %(mentor)s. Pakai Ganti mentor.") % {"mentor": present.mentor})
    if problem := independence.guide_problem(mentor.user, [participant.pk]):
        raise Refused(problem)


def _free_slot(mentor: Mentor, by: User) -> int | None:
    """Return the lowest free slot; mentees who have graduated or left give theirs back when it is needed."""
    held = list(MentorAssignment.objects.active().select_related("participant").filter(mentor=mentor))
    if len(held) >= MENTEE_LIMIT:
        done = [assignment for assignment in held if assignment.participant.stage in ENDED]
        for assignment in done:
            _close(assignment, reason=_("Peserta lulus atau berhenti"), by=by)
        held = [assignment for assignment in held if assignment not in done]
    taken = {assignment.slot for assignment in held}
    return next((slot for slot in range(1, MENTEE_LIMIT + 1) if slot not in taken), None)


def _close(assignment: MentorAssignment, *, reason: str, by: User) -> None:
    assignment.ended_at, assignment.ended_by, assignment.end_reason = timezone.now(), by, reason[:300]
    assignment.save(update_fields=["ended_at", "ended_by", "end_reason"])
    changes = {"mentor": [str(assignment.mentor), None]}
    audit.record(verb="end_mentor", obj=assignment.participant, by=by, changes=changes, note=reason)


def _full() -> Refused:
    return Refused(_("Mentor ini sudah membimbing %(limit)s peserta. Pilih mentor lain.") % {"limit": MENTEE_LIMIT})
