"""Issuing certificates in bulk, so that a crash at any point neither loses nor doubles one; revoking and replacing."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.documents.models import DocumentKind, DocumentState, IssuedDocument, Issuer
from latsar.documents.printing import Press, print_draft
from latsar.documents.render.face import CertificateFace
from latsar.documents.services import publish_document, reserve_document, revoke_document
from latsar.jobs.models import OPEN_STATES, ItemState, Job, JobItem
from latsar.jobs.run import JobCancelled, LeaseLost, Runner
from latsar.jobs.services import request_job
from latsar.training.models import Batch
from latsar.ui import words
from participants import policies
from participants.certificate_roll import roll_of
from participants.documents import HARD_SPACE, PUBLIC_TITLE, CertificateWords, Problem, problems_of
from participants.enums import Stage
from participants.people import Participant
from participants.seats import Certificate

log = logging.getLogger(__name__)

TASK = "participants.issue_certificates"
TEMPLATE = "documents/certificate/latsar.html"


class Lacking(Refused):
    """The person's data lack what the face needs."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.text for problem in problems))
        self.fix_url = problems[0].fix_url


@dataclass(frozen=True)
class _Reserved:
    """A number that is taken and what will be printed with it."""

    document: IssuedDocument
    face: CertificateFace
    stored: dict[str, Any]
    holder_name: str
    replaces_id: int | None


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
    running = Job.objects.filter(task=TASK, params__batch_id=batch.pk, state__in=OPEN_STATES).select_related("requested_by").first()
    if running is not None and running.requested_by_id == by.pk:
        return running
    if running is not None:
        raise Refused(_("Sertifikat angkatan ini sedang diterbitkan oleh %(name)s.") % {"name": running.requested_by})
    people = [line.participant for line in roll_of(batch, by).to_issue if participant_ids is None or line.participant.pk in participant_ids]
    if not people:
        raise Refused(_("Tidak ada sertifikat yang perlu diterbitkan. Yang lulus di angkatan ini sudah memilikinya."))
    return request_job(
        task=TASK,
        title=_("Menerbitkan %(n)s sertifikat, %(batch)s") % {"n": words.thousands(len(people)), "batch": batch},
        by=by,
        params={"batch_id": batch.pk},
        items=[(str(person.pk), _label(person)) for person in people],
        back_url=back_url,
    )


def issue_items(runner: Runner) -> None:
    """Issue what the job still has to issue, each person in two short transactions with the rendering between them.

    The rights of the requester are checked again; a person who fails does not stop the others.
    """
    by = runner.job.requested_by
    batch = _batch(runner.job, by)
    press = Press(TEMPLATE)
    content = CertificateWords(batch, issuer(), timezone.localdate())
    for item in runner.queued_items():
        try:
            _issue_one(runner, item, content, press, by)
        except (JobCancelled, LeaseLost):
            raise
        except Lacking as lacking:
            runner.finish_item(item, ItemState.FAILED, " ".join(lacking.messages), lacking.fix_url)
        except Refused as no:
            runner.finish_item(item, ItemState.FAILED, " ".join(no.messages))
        except Exception:
            log.exception("certificate item %s of job %s failed", item.pk, runner.job.pk)
            runner.finish_item(item, ItemState.FAILED, _("Berkasnya gagal dibuat. Ulangi; bila gagal lagi, laporkan nomor pekerjaan ini."))


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
    return print_draft(TEMPLATE, CertificateWords(batch, issuer(), timezone.localdate()).draft(participant))


def _label(person: Participant) -> str:
    """Name a person in the job's list, with a NIP that does not break."""
    return f"{person.full_name}, {words.group_nip(person.nip).replace(' ', HARD_SPACE)}"


def issuer() -> Issuer:
    """Return who signs. Raises Refused before anything begins when nobody has been named."""
    found = Issuer.objects.order_by("pk").first()
    if found is None:
        raise Refused(_("Belum ada penerbit dokumen. Isi kop dan penanda tangan di halaman admin, lalu ulangi."))
    return found


def _batch(job: Job, by: User) -> Batch:
    found = Batch.objects.visible_to(by).select_related("institute", "scheme", "curriculum").filter(pk=job.params.get("batch_id")).first()
    if found is None or not policies.can_issue_certificates(by):
        raise NotAllowed
    return found


def _issue_one(runner: Runner, item: JobItem, content: CertificateWords, press: Press, by: User) -> None:
    reserved = _reserve(int(item.ref), content, by)
    if reserved is None:
        runner.finish_item(item, ItemState.SKIPPED, _("Sudah bersertifikat."))
        return
    printed = press.print(reserved.face)
    with transaction.atomic():
        document = publish_document(
            document_id=reserved.document.pk,
            face=reserved.stored,
            holder_name=reserved.holder_name,
            pdf=printed.pdf,
            is_signed=printed.is_signed,
            by=by,
            replaces_id=reserved.replaces_id,
        )
        runner.settle(item, ItemState.DONE, document.number)
    runner.count(item)


@transaction.atomic
def _reserve(participant_id: int, content: CertificateWords, by: User) -> _Reserved | None:
    """Take a number for a person, or take up the one that an earlier run left unfinished; None when it is issued.

    Locks the person first and the number series second. Checks before the number is taken, so a refusal leaves no gap.
    """
    batch = content.batch
    people = Participant.objects.visible_to(by).select_related("satker", "user").select_for_update(of=("self",))
    person = people.filter(pk=participant_id, batch=batch).first()
    if person is None or person.stage != Stage.GRADUATED:
        raise Refused(_("Tidak lagi lulus di angkatan ini."))
    if not policies.can_issue_certificates(by, person):
        raise Refused(_("Sertifikat Anda sendiri harus diterbitkan orang lain."))
    earlier = list(Certificate.objects.filter(participant=person, batch=batch).select_related("document").order_by("-created_at", "-pk"))
    current = next((one.document for one in earlier if not one.revoked), None)
    if current is not None and current.state == DocumentState.ISSUED:
        return None
    problems = problems_of(person)
    if problems:
        raise Lacking(problems)
    document = current or _new_document(person, content)
    face = content.face(person, number=document.number, token=document.token)
    predecessor = next((one.document_id for one in earlier if one.revoked and one.document.replaced_by_id is None), None)
    return _Reserved(document, face, _stored(face, content, person), person.full_name, predecessor)


def _new_document(person: Participant, content: CertificateWords) -> IssuedDocument:
    document = reserve_document(
        kind=DocumentKind.COMPLETION,
        day=content.issued_on,
        holder=person.user,
        holder_name=person.full_name,
        title=PUBLIC_TITLE,
        satker_id=person.satker_id,
        province_id=person.province_id,
        build_face=lambda number, token: _stored(content.face(person, number=number, token=token), content, person),
    )
    Certificate.objects.create(participant=person, batch=content.batch, document=document)
    return document


def _stored(face: CertificateFace, content: CertificateWords, person: Participant) -> dict[str, Any]:
    return {"printed": face.as_facts(), "public": content.public(person)}
