"""Printing activation slips: a code per person that only paper knows, made by a job into one PDF."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.documents.render.slip import SlipFace, render_slips
from latsar.jobs.models import ItemState, Job, JobItem
from latsar.jobs.run import JobCancelled, Runner
from latsar.jobs.services import request_job
from latsar.ui import words
from participants import policies
from participants.invitations import VoidReason
from participants.models import ActivationSlip, Invitation, Participant
from participants.services.invitation import account_for, explain_invitation, explain_many
from participants.services.verification import Outcome
from participants.slip_code import grouped, hash_code, new_code

TASK = "participants.print_slips"
PRINT = "print_slip"
VOID = "void_slip"


@dataclass(frozen=True)
class Printed:
    """A slip as it goes on paper: the only place where the code stands in clear, and only in memory."""

    slip: ActivationSlip
    participant: Participant
    code: str


def preview_slips(*, participant_ids: Iterable[int], by: User) -> list[Outcome]:
    """Say for each visible person whether a slip can be printed, and why not. Changes nothing."""
    people = Participant.objects.visible_to(by).filter(pk__in=list(participant_ids)).select_related("satker", "user")
    return explain_many(by, people)


def explain_slip(user: User, participant: Participant) -> str:
    """Return why no slip can be printed for this person now, or nothing: the rules of the mail."""
    return explain_invitation(user, participant)


@transaction.atomic
def request_slips(*, participant_ids: Iterable[int], by: User) -> Job:
    """Ask for the slips of several people as one PDF, in the order of satker and name.

    Raises Refused when none of them can have one.
    """
    outcomes = preview_slips(participant_ids=participant_ids, by=by)
    people = sorted((one.participant for one in outcomes if one.is_done), key=lambda p: (p.satker.code, p.full_name, p.pk))
    if not people:
        raise Refused(_("Tidak satu pun dari mereka bisa mendapat slip."))
    title = ngettext("Slip aktivasi, %(n)s orang", "Slip aktivasi, %(n)s orang", len(people)) % {"n": words.thousands(len(people))}
    items = [(str(person.pk), person.full_name) for person in people]
    back = people[0].get_absolute_url() if len(people) == 1 else reverse("participant_list")
    return request_job(task=TASK, title=title, by=by, items=items, back_url=back)


def print_slips(runner: Runner) -> None:
    """Make the slips of a requested job and the file with their codes.

    A run that broke off before its file was there starts over with new codes, because nobody knows the earlier ones.
    """
    if runner.job.result_file:
        runner.start(total=runner.job.total, done=runner.job.total)
        return
    _start_over(runner.job)
    items = list(runner.queued_items())
    try:
        printed = _issue(runner, items)
        if printed:
            pdf = render_slips([_face(one) for one in printed], url=settings.PUBLIC_URL + reverse("activate"), on_done=runner.advance)
            name = _("Slip_aktivasi_%(day)s.pdf") % {"day": timezone.localdate().isoformat()}
            runner.flush()  # the last moment to stop: from here the file is there and its codes count
            runner.attach(io.BytesIO(pdf), name, keep=timedelta(hours=settings.SLIP_FILE_HOURS))
    except JobCancelled:
        _start_over(runner.job)
        raise


def _issue(runner: Runner, items: list[JobItem]) -> list[Printed]:
    """Make a slip for each person who can still have one; the others are named in the message of the job."""
    printed, left = [], []
    for item in items:
        try:
            with transaction.atomic():
                printed.append(issue_slip(participant_id=int(item.ref), by=runner.job.requested_by, job=runner.job))
                runner.settle(item, ItemState.DONE)
        except (Refused, NotAllowed) as no:
            runner.settle(item, ItemState.SKIPPED, " ".join(getattr(no, "messages", [])))
            left.append(item.label)
            runner.advance()
        runner.beat()
    if left:
        runner.say(_("Tanpa slip, karena keadaannya sudah berubah: %(names)s.") % {"names": "; ".join(left)})
    return printed


@transaction.atomic
def issue_slip(*, participant_id: int, by: User, job: Job | None = None) -> Printed:
    """Make the account when there is none, void the earlier slip, and keep the hash of a new code.

    Locks the person, so that two print-outs of one person leave one slip in force.
    """
    participant = Participant.objects.visible_to(by).select_related("satker", "user").select_for_update(of=("self",))
    person = participant.filter(pk=participant_id).first()
    if person is None or not policies.is_registrar(by, person):
        raise NotAllowed
    problem = explain_slip(by, person)
    if problem:
        raise Refused(problem)
    account_for(person, by, needs_email=False)
    void_unused(person, VoidReason.REPLACED, by=by)
    code = new_code()
    slip = ActivationSlip.objects.create(
        participant=person,
        code_hash=hash_code(code, person.pk),
        printed_by=by,
        valid_until=timezone.localdate() + timedelta(days=settings.SLIP_VALID_DAYS),
        job=job,
    )
    Invitation.objects.update_or_create(participant=person, defaults={"slip": slip})
    audit.record(verb=PRINT, obj=person, by=by, note=_("Berlaku sampai %(day)s") % {"day": words.long_date(slip.valid_until)})
    return Printed(slip, person, code)


@transaction.atomic
def void_slip(*, participant_id: int, by: User) -> Participant:
    """Make the slip of a person worthless, as when it was lost. Raises NotAllowed, Refused when there is none to void."""
    person = Participant.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=participant_id).first()
    if person is None or not policies.is_registrar(by, person):
        raise NotAllowed
    if not void_unused(person, VoidReason.WITHDRAWN, by=by):
        raise Refused(_("Tidak ada slip yang berlaku untuk orang ini."))
    audit.record(verb=VOID, obj=person, by=by)
    return person


def void_unused(participant: Participant, reason: VoidReason, *, by: User) -> int:
    """Void the unused slip of a locked person; return how many there were."""
    slips = ActivationSlip.objects.unused().filter(participant=participant)
    return slips.update(voided_at=timezone.now(), voided_by=by, void_reason=reason)


@transaction.atomic
def _start_over(job: Job) -> None:
    """Void what an earlier run of this job made without handing out a file, and queue its people again."""
    slips = ActivationSlip.objects.unused().filter(job=job)
    slips.update(voided_at=timezone.now(), voided_by=job.requested_by, void_reason=VoidReason.UNPRINTED)
    job.items.exclude(state=ItemState.QUEUED).update(state=ItemState.QUEUED, message="")


def _face(printed: Printed) -> SlipFace:
    person, slip = printed.participant, printed.slip
    return SlipFace(
        name=person.full_name,
        nip_end=person.nip[-3:],
        unit=person.satker.name,
        code=grouped(printed.code),
        valid_until=_until(slip.valid_until),
        contact=person.satker.phone or person.satker.email,
    )


def _until(day: date) -> str:
    return words.long_date_with_weekday(day, lang="id")
