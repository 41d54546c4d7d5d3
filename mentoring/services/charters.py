"""Charters for the mentors of a closed batch, through the same engine as the participants' certificates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.documents.models import DocumentKind
from latsar.documents.printing import print_draft
from latsar.documents.services import revoke_document
from latsar.jobs.models import Job
from latsar.jobs.run import Runner
from latsar.jobs.services import request_job
from latsar.training.enums import BatchStage
from latsar.training.models import Batch
from latsar.ui import words
from mentoring import policies
from mentoring.charter_words import PUBLIC_TITLE, CharterWords, mentees_of, problems_of, roll_of
from mentoring.models import Mentor, MentorCertificate
from participants.documents import HARD_SPACE, draft_of
from participants.services.issuing import Claim, Lacking, issue_each, issuer, running_job

TASK = "mentoring.issue_charters"
TEMPLATE = "documents/certificate/mentor.html"


@dataclass(frozen=True)
class CharterEdition:
    """The charters of one batch."""

    words: CharterWords
    kind: str = DocumentKind.MENTOR
    template: str = TEMPLATE
    title: str = PUBLIC_TITLE

    def claim(self, ref: int, by: User) -> Claim:
        """Lock a mentor of the batch. Raises Refused when nobody of it graduated with this mentor, or for oneself."""
        batch = self.words.batch
        rows = Mentor.objects.visible_to(by).select_related("user", "satker").select_for_update(of=("self",))
        mentor = rows.filter(pk=ref).first()
        if mentor is None or not self.words.mentees.get(ref):
            raise Refused(_("Tidak lagi tercatat membimbing lulusan angkatan ini."))
        if mentor.user_id == by.pk:
            raise Refused(_("Piagam Anda sendiri harus diterbitkan orang lain."))
        earlier = MentorCertificate.objects.filter(mentor=mentor, batch=batch).select_related("document").order_by("-created_at", "-pk")
        keep = MentorCertificate.objects.create
        return Claim(mentor, list(earlier), lambda document: keep(mentor=mentor, batch=batch, document=document), problems_of)


@transaction.atomic
def issue_charters(*, batch_id: int, by: User, mentor_ids: Collection[int] | None = None, back_url: str = "") -> Job:
    """Ask for the charters of all mentors of a closed batch who have none; one job item per mentor.

    A second call while the own job is open returns that job. Raises NotAllowed, Refused while the batch is not closed, when
    nobody is left or somebody else's job is under way.
    """
    batch = Batch.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None or not policies.can_issue_charters(by):
        raise NotAllowed
    if batch.stage != BatchStage.CLOSED:
        raise Refused(_("Tutup dulu angkatannya; piagam mentor terbit sesudah kelulusan lengkap."))
    issuer()
    busy = _("Piagam mentor angkatan ini sedang diterbitkan oleh %(name)s.")
    running = running_job(task=TASK, about={"batch_id": batch.pk}, by=by, busy=busy)
    if running is not None:
        return running
    lines = [line for line in roll_of(batch, by) if not line.is_issued and (mentor_ids is None or line.mentor.pk in mentor_ids)]
    if not lines:
        raise Refused(_("Tidak ada piagam yang perlu diterbitkan. Semua mentor angkatan ini sudah memilikinya."))
    return request_job(
        task=TASK,
        title=_("Menerbitkan %(n)s piagam mentor, %(batch)s") % {"n": words.thousands(len(lines)), "batch": batch},
        by=by,
        params={"batch_id": batch.pk},
        items=[(str(line.mentor.pk), _label(line.mentor)) for line in lines],
        back_url=back_url,
    )


def issue_items(runner: Runner) -> None:
    """Issue what the job still has to issue; the rights of the requester are checked again."""
    by = runner.job.requested_by
    rows = Batch.objects.visible_to(by).select_related("institute", "scheme", "curriculum")
    batch = rows.filter(pk=runner.job.params.get("batch_id")).first()
    if batch is None or not policies.can_issue_charters(by):
        raise NotAllowed
    issue_each(runner, CharterEdition(CharterWords(batch, issuer(), timezone.localdate(), mentees_of(batch))), by)


@transaction.atomic
def revoke_charter(*, certificate_id: int, reason: str, by: User) -> MentorCertificate:
    """Take a charter back; the mentor may then be given another one, which the public page names as its successor."""
    row = MentorCertificate.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=certificate_id).first()
    if row is None:
        raise NotAllowed
    revoke_document(document_id=row.document_id, reason=reason, by=by)
    row.revoked = True
    row.save(update_fields=["revoked"])
    return row


def preview_charter(*, batch: Batch, mentor: Mentor, by: User) -> bytes:
    """Print one mentor's charter as a draft without number; writes nothing. Raises NotAllowed, Lacking, Refused."""
    if not policies.can_issue_charters(by):
        raise NotAllowed
    problems = problems_of(mentor)
    if problems:
        raise Lacking(problems)
    guided = mentees_of(batch)
    if mentor.pk not in guided:
        raise Refused(_("Mentor ini tidak membimbing lulusan angkatan ini."))
    return print_draft(TEMPLATE, draft_of(CharterWords(batch, issuer(), timezone.localdate(), guided), mentor))


def _label(mentor: Mentor) -> str:
    return f"{mentor.full_name}, {words.group_nip(mentor.nip).replace(' ', HARD_SPACE)}"
