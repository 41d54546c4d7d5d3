"""Issuing certificates in bulk, so that a crash at any point neither loses nor doubles one; revoking and replacing."""

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
from latsar.training.models import Batch
from latsar.ui import words
from participants import policies
from participants.certificate_roll import roll_of
from participants.documents import PUBLIC_TITLE, CertificateWords, draft_of, problems_of
from participants.enums import Stage
from participants.people import Participant
from participants.seats import Certificate
from participants.services.issuing import Claim, Lacking, issue_each, issuer, label_of, running_job

TASK = "participants.issue_certificates"
TEMPLATE = "documents/certificate/latsar.html"


@dataclass(frozen=True)
class BatchEdition:
    """The certificates of one batch."""

    words: CertificateWords
    kind: str = DocumentKind.COMPLETION
    template: str = TEMPLATE
    title: str = PUBLIC_TITLE

    def claim(self, ref: int, by: User) -> Claim:
        """Lock a graduate of the batch. Raises Refused when the person is none any more, or issues to themselves."""
        batch = self.words.batch
        people = Participant.objects.visible_to(by).select_related("satker", "user").select_for_update(of=("self",))
        person = people.filter(pk=ref, batch=batch).first()
        if person is None or person.stage != Stage.GRADUATED:
            raise Refused(_("Tidak lagi lulus di angkatan ini."))
        if not policies.can_issue_certificates(by, person):
            raise Refused(_("Sertifikat Anda sendiri harus diterbitkan orang lain."))
        earlier = Certificate.objects.filter(participant=person, batch=batch).select_related("document").order_by("-created_at", "-pk")
        return Claim(person, list(earlier), lambda document: Certificate.objects.create(participant=person, batch=batch, document=document))


@transaction.atomic
def issue_batch_certificates(*, batch_id: int, by: User, participant_ids: Collection[int] | None = None, back_url: str = "") -> Job:
    """Ask for the certificates of everybody in a batch who graduated and has none; one job item per person.

    A second call while the own job is open returns that job. Raises NotAllowed, Refused when nobody is left or
    somebody else's job is under way.
    """
    batch = Batch.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None or not policies.can_issue_certificates(by):
        raise NotAllowed
    issuer()
    busy = _("Sertifikat angkatan ini sedang diterbitkan oleh %(name)s.")
    running = running_job(task=TASK, about={"batch_id": batch.pk}, by=by, busy=busy)
    if running is not None:
        return running
    people = [line.participant for line in roll_of(batch, by).to_issue if participant_ids is None or line.participant.pk in participant_ids]
    if not people:
        raise Refused(_("Tidak ada sertifikat yang perlu diterbitkan. Yang lulus di angkatan ini sudah memilikinya."))
    return request_job(
        task=TASK,
        title=_("Menerbitkan %(n)s sertifikat, %(batch)s") % {"n": words.thousands(len(people)), "batch": batch},
        by=by,
        params={"batch_id": batch.pk},
        items=[(str(person.pk), label_of(person)) for person in people],
        back_url=back_url,
    )


def issue_items(runner: Runner) -> None:
    """Issue what the job still has to issue, each person in two short transactions with the rendering between them.

    The rights of the requester are checked again; a person who fails does not stop the others.
    """
    by = runner.job.requested_by
    batch = _batch(runner.job, by)
    issue_each(runner, BatchEdition(CertificateWords(batch, issuer(), timezone.localdate())), by)


@transaction.atomic
def revoke_certificate(*, certificate_id: int, reason: str, by: User) -> Certificate:
    """Take a certificate back; the person may then be given another one, which the public page names as its successor."""
    certificate = Certificate.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=certificate_id).first()
    if certificate is None:
        raise NotAllowed
    revoke_document(document_id=certificate.document_id, reason=reason, by=by)
    certificate.revoked = True
    certificate.save(update_fields=["revoked"])
    return certificate


def preview_certificate(*, batch: Batch, participant: Participant, by: User) -> bytes:
    """Print one person's certificate as a draft without number; writes nothing.

    Raises NotAllowed, and Lacking when the face needs more than is known.
    """
    if not policies.can_issue_certificates(by) or participant.batch_id != batch.pk:
        raise NotAllowed
    problems = problems_of(participant)
    if problems:
        raise Lacking(problems)
    return print_draft(TEMPLATE, draft_of(CertificateWords(batch, issuer(), timezone.localdate()), participant))


def _batch(job: Job, by: User) -> Batch:
    found = Batch.objects.visible_to(by).select_related("institute", "scheme", "curriculum").filter(pk=job.params.get("batch_id")).first()
    if found is None or not policies.can_issue_certificates(by):
        raise NotAllowed
    return found
