from __future__ import annotations

import logging
import secrets
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from aktualisasi import deadlines, policies, tasks
from aktualisasi.enums import MAX_VERSIONS
from aktualisasi.models import Rancangan, RancanganFile
from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.documents.intake.names import display_name
from latsar.documents.intake.pdf_check import inspect_pdf
from latsar.documents.intake.refusal import UploadRefused
from participants.models import Participant

log = logging.getLogger(__name__)


@transaction.atomic
def start_rancangan(*, participant_id: int, by: User) -> Rancangan:
    """Return the participant's rancangan, made on the first call. Locks the participant: two first saves make one row."""
    participant = Participant.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=participant_id).first()
    if participant is None or not policies.can_write(by, participant):
        raise NotAllowed
    seminar = deadlines.seminar_of(participant)
    rancangan, created = Rancangan.objects.get_or_create(
        participant=participant, defaults={"due_on": seminar.starts_on if seminar else None}
    )
    if created:
        audit.record(verb="start_rancangan", obj=participant, by=by)
    return rancangan


@transaction.atomic
def save_rancangan(*, participant_id: int, title: str, summary: str, version: int, by: User) -> Rancangan:
    """Save title and summary as typed; `version` is what the form was opened with, 0 before the first save.

    Saving what is stored already changes nothing, so a repeated autosave is no conflict. Raises StaleVersion when
    another window saved something else meanwhile, Refused while the mentor has it.
    """
    rancangan = _locked(start_rancangan(participant_id=participant_id, by=by).pk)
    before = audit.snapshot(rancangan, ["title", "summary"])
    after = {"title": title.strip(), "summary": summary.strip()}
    if before == after:
        return rancangan
    _check_editable(rancangan)
    if version != rancangan.version and not (version == 0 and rancangan.version == 1):
        raise StaleVersion(_("Rancangan ini sudah diubah di jendela lain. Isian Anda belum tersimpan."))
    rancangan.title, rancangan.summary = after["title"], after["summary"]
    rancangan.version += 1
    rancangan.save(update_fields=["title", "summary", "version", "updated_at"])
    audit.record(verb="save_rancangan", obj=rancangan, by=by, changes=audit.difference(before, after))
    return rancangan


def upload_version(*, rancangan_id: int, content: bytes, name: str, by: User) -> RancanganFile:
    """Keep the next version of the document, byte for byte.

    The PDF is judged in a process of its own before any row is locked. Raises Refused with the reason the sender can
    act on; the file is stored under a random name and taken away again when its row cannot be written.
    """
    rancangan = Rancangan.objects.select_related("participant").filter(pk=rancangan_id).first()
    if rancangan is None or not policies.can_write(by, rancangan.participant):
        raise NotAllowed
    _check_editable(rancangan)
    try:
        facts = inspect_pdf(content)
    except UploadRefused as refused:
        raise Refused(str(refused.message), code=refused.code) from refused
    version = RancanganFile(rancangan=rancangan, name=display_name(name), uploaded_by=by)
    version.size, version.pages, version.sha256 = facts.size, facts.pages, facts.sha256
    try:
        version.file.save(f"{secrets.token_hex(20)}.pdf", ContentFile(content), save=False)
    except OSError as full:
        log.exception("version of rancangan %s cannot be stored", rancangan_id)
        raise Refused(_("Berkas belum tersimpan karena penyimpanan portal bermasalah. Coba lagi beberapa menit lagi.")) from full
    try:
        return _add_version(version, by=by)
    except BaseException:
        version.file.storage.delete(version.file.name or "")
        raise


@transaction.atomic
def _add_version(version: RancanganFile, *, by: User) -> RancanganFile:
    rancangan = _locked(version.rancangan_id)
    _check_editable(rancangan)
    same = rancangan.files.filter(sha256=version.sha256).first()
    if same is not None:
        raise Refused(_("Berkas ini sama persis dengan versi %(number)s yang sudah ada.") % {"number": same.number}, code="same")
    version.number = (rancangan.files.aggregate(last=Max("number"))["last"] or 0) + 1
    if version.number > MAX_VERSIONS:
        raise Refused(_("Rancangan ini sudah memiliki %(limit)s versi, paling banyak yang disimpan.") % {"limit": MAX_VERSIONS})
    version.save(force_insert=True)
    changes = {"version": [version.number - 1 or None, version.number], "sha256": [None, version.sha256]}
    audit.record(verb="upload_rancangan", obj=rancangan, by=by, changes=changes)
    transaction.on_commit(partial(tasks.publish_draw_pages, version.pk))
    return version


def _locked(rancangan_id: int) -> Rancangan:
    return Rancangan.objects.select_for_update(of=("self",)).select_related("participant").get(pk=rancangan_id)


def _check_editable(rancangan: Rancangan) -> None:
    if not rancangan.is_editable:
        raise Refused(_("Rancangan sedang di tangan mentor atau sudah disetujui. Tarik kembali dahulu bila ingin mengubahnya."))
