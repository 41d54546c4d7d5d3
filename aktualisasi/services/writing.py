from __future__ import annotations

import logging
import secrets
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from aktualisasi import deadlines, policies, tasks
from aktualisasi.enums import PaperKind
from aktualisasi.locking import locked_paper
from aktualisasi.models import Paper, PaperVersion, Rancangan
from aktualisasi.services.composing import next_number
from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.documents.intake.names import display_name
from latsar.documents.intake.pdf_check import inspect_pdf
from latsar.documents.intake.refusal import UploadRefused
from participants.models import Participant

log = logging.getLogger(__name__)


@transaction.atomic
def start_rancangan(*, participant_id: int, by: User) -> Rancangan:
    """Return the participant's rancangan with its paper, made on the first call. Locks the participant: two first saves make one row."""
    participant = Participant.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=participant_id).first()
    if participant is None or not policies.can_write(by, participant):
        raise NotAllowed
    rancangan, created = Rancangan.objects.get_or_create(participant=participant)
    if created:
        audit.record(verb="start_rancangan", obj=participant, by=by)
    paper_of(rancangan, PaperKind.RANCANGAN)
    return rancangan


def paper_of(rancangan: Rancangan, kind: str) -> Paper:
    """Return the paper of this kind, made on the first call."""
    due = deadlines.due_day(rancangan.participant, kind)
    return Paper.objects.get_or_create(rancangan=rancangan, kind=kind, defaults={"due_on": due})[0]


@transaction.atomic
def start_laporan(*, participant_id: int, by: User) -> Paper:
    """Return the participant's laporan in review, made on the first call once the rancangan was approved."""
    rancangan = start_rancangan(participant_id=participant_id, by=by)
    if not policies.may_report(rancangan):
        raise Refused(_("Laporan ditulis sesudah rancangan Anda disetujui coach."))
    return paper_of(rancangan, PaperKind.LAPORAN)


def upload_version(*, paper_id: int, content: bytes, name: str, by: User) -> PaperVersion:
    """Keep the participant's own PDF as the next version, byte for byte.

    The PDF is judged in a process of its own before any row is locked. Raises Refused with the reason the sender can
    act on; the file is stored under a random name and taken away again when its row cannot be written.
    """
    paper = Paper.objects.select_related("rancangan__participant").filter(pk=paper_id).first()
    if paper is None or not policies.can_write(by, paper.rancangan.participant):
        raise NotAllowed
    _check_editable(paper)
    try:
        facts = inspect_pdf(content)
    except UploadRefused as refused:
        raise Refused(str(refused.message), code=refused.code) from refused
    version = PaperVersion(paper=paper, name=display_name(name), uploaded_by=by)
    version.size, version.pages, version.sha256 = facts.size, facts.pages, facts.sha256
    try:
        version.file.save(f"{secrets.token_hex(20)}.pdf", ContentFile(content), save=False)
    except OSError as full:
        log.exception("version of paper %s cannot be stored", paper_id)
        raise Refused(_("Berkas belum tersimpan karena penyimpanan portal bermasalah. Coba lagi beberapa menit lagi.")) from full
    try:
        return _add_version(version, by=by)
    except BaseException:
        version.file.storage.delete(version.file.name or "")
        raise


@transaction.atomic
def _add_version(version: PaperVersion, *, by: User) -> PaperVersion:
    paper = locked_paper(version.paper_id)
    assert paper is not None
    _check_editable(paper)
    same = paper.versions.filter(sha256=version.sha256).first()
    if same is not None:
        raise Refused(_("Berkas ini sama persis dengan versi %(number)s yang sudah ada.") % {"number": same.number}, code="same")
    version.number = next_number(paper)
    version.save(force_insert=True)
    changes = {"version": [version.number - 1 or None, version.number], "sha256": [None, version.sha256]}
    audit.record(verb=f"upload_{paper.kind}", obj=paper.rancangan, by=by, changes=changes)
    transaction.on_commit(partial(tasks.publish_draw_pages, version.pk))
    return version


def _check_editable(paper: Paper) -> None:
    if not paper.is_editable:
        facts = {"paper": paper.get_kind_display()}
        raise Refused(_("%(paper)s sedang dibaca atau sudah disetujui. Tarik kembali dahulu bila ingin mengubahnya.") % facts)
