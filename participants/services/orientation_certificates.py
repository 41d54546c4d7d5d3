"""Certificates of an orientasi tugas: asked for by who runs it, issued by a job, taken back by PKSDM."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.documents.models import DocumentKind, DocumentState
from latsar.documents.printing import print_draft
from latsar.documents.services import revoke_document
from latsar.jobs.models import Job
from latsar.jobs.run import Runner
from latsar.jobs.services import request_job
from latsar.ui import words
from participants import orientation_policies as policies
from participants.documents import draft_of, problems_of
from participants.enums import OrientationStanding
from participants.models import OrientationCertificate, OrientationMember, OrientationProgramme
from participants.orientation_documents import PUBLIC_TITLE, OrientationWords
from participants.services.issuing import Claim, Lacking, issue_each, issuer, label_of, running_job
from participants.services.orientation import locked_programme

TASK = "participants.issue_orientation"
TEMPLATE = "documents/certificate/orientasi.html"


@dataclass(frozen=True)
class OrientationEdition:
    """The certificates of one programme."""

    words: OrientationWords
    kind: str = DocumentKind.ORIENTATION
    template: str = TEMPLATE
    title: str = PUBLIC_TITLE

    def claim(self, ref: int, by: User) -> Claim:
        """Lock a member who completed the programme. Raises Refused when that is no longer so, or for oneself."""
        programme = self.words.programme
        members = OrientationMember.objects.visible_to(by).select_related("participant__satker", "participant__user")
        member = members.select_for_update(of=("self", "participant")).filter(pk=ref, programme=programme).first()
        if member is None or member.standing != OrientationStanding.PASSED:
            raise Refused(_("Tidak lagi tercatat menyelesaikan orientasi ini."))
        if not policies.can_issue(by, programme, member.participant):
            raise Refused(_("Sertifikat Anda sendiri harus diterbitkan orang lain."))
        earlier = member.certificates.select_related("document").order_by("-created_at", "-pk")
        keep = OrientationCertificate.objects.create
        return Claim(member.participant, list(earlier), lambda document: keep(member=member, document=document))


def judge_issue(*, member_ids: Collection[int], by: User) -> list[tuple[OrientationMember, str]]:
    """Say of each member whom `by` sees why no certificate can be asked for now, or "" when one can. Reads only."""
    members = OrientationMember.objects.visible_to(by).filter(pk__in=member_ids).select_related("participant", "programme")
    return [(member, _why_not(member, by)) for member in members.annotate(has_one=Exists(_counting()))]


def _why_not(member: OrientationMember, by: User) -> str:
    programme = member.programme
    if not policies.can_run(by, programme):
        return _("Bukan wewenang Anda.")
    if programme.is_open:
        return _("Selesaikan orientasinya dahulu, baru terbitkan sertifikatnya.")
    if not policies.can_issue(by, programme, member.participant):
        return _("Sertifikat Anda sendiri harus diterbitkan orang lain.")
    if member.standing != OrientationStanding.PASSED:
        return _("Tidak tercatat menyelesaikan orientasi ini.")
    return _("Sudah memiliki sertifikat yang berlaku.") if member.has_one else ""  # type: ignore[attr-defined]


def _counting() -> QuerySet[OrientationCertificate]:
    """Certificates of the outer member that count."""
    return OrientationCertificate.objects.current().filter(member=OuterRef("pk"), document__state=DocumentState.ISSUED)


@transaction.atomic
def issue_orientation_certificates(*, programme_id: int, by: User, member_ids: Collection[int] | None = None, back_url: str = "") -> Job:
    """Ask for the certificates of everybody who completed the programme and has none; one job item per person.

    A second call while the own job is open returns that job. Raises NotAllowed, Refused when it is not finished, nobody is
    left or somebody else's job is under way.
    """
    programme = locked_programme(programme_id, by)
    if programme.is_open:
        raise Refused(_("Selesaikan orientasinya dahulu, baru terbitkan sertifikatnya."))
    issuer()
    busy = _("Sertifikat orientasi ini sedang diterbitkan oleh %(name)s.")
    running = running_job(task=TASK, about={"programme_id": programme.pk}, by=by, busy=busy)
    if running is not None:
        return running
    members = OrientationMember.objects.visible_to(by).filter(
        ~Exists(_counting()), programme=programme, standing=OrientationStanding.PASSED
    )
    if member_ids is not None:
        members = members.filter(pk__in=member_ids)
    items = [(str(member.pk), label_of(member.participant)) for member in members.select_related("participant")]
    if not items:
        raise Refused(_("Tidak ada sertifikat yang perlu diterbitkan. Yang menyelesaikan orientasi ini sudah memilikinya."))
    return request_job(
        task=TASK,
        title=_("Menerbitkan %(n)s sertifikat, %(title)s") % {"n": words.thousands(len(items)), "title": programme.title},
        by=by,
        params={"programme_id": programme.pk},
        items=items,
        back_url=back_url,
    )


def issue_orientation_items(runner: Runner) -> None:
    """Issue what the job still has to issue; the rights of the requester are checked again."""
    by = runner.job.requested_by
    rows = OrientationProgramme.objects.visible_to(by).select_related("province")
    programme = rows.filter(pk=runner.job.params.get("programme_id")).first()
    if programme is None or not policies.can_issue(by, programme):
        raise NotAllowed
    issue_each(runner, OrientationEdition(OrientationWords(programme, issuer(), timezone.localdate())), by)


@transaction.atomic
def revoke_orientation_certificate(*, certificate_id: int, reason: str, by: User) -> OrientationCertificate:
    """Take a certificate back; the member may then be given another one, which the public page names as its successor."""
    rows = OrientationCertificate.objects.visible_to(by).select_for_update(of=("self",))
    certificate = rows.filter(pk=certificate_id).first()
    if certificate is None:
        raise NotAllowed
    revoke_document(document_id=certificate.document_id, reason=reason, by=by)
    certificate.revoked = True
    certificate.save(update_fields=["revoked"])
    return certificate


def preview_orientation_certificate(*, member: OrientationMember, by: User) -> bytes:
    """Print one member's certificate as a draft without number; writes nothing.

    Raises NotAllowed, and Lacking when the face needs more than is known.
    """
    if not policies.can_run(by, member.programme):
        raise NotAllowed
    problems = problems_of(member.participant)
    if problems:
        raise Lacking(problems)
    return print_draft(TEMPLATE, draft_of(OrientationWords(member.programme, issuer(), timezone.localdate()), member.participant))
