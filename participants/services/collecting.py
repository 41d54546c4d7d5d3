"""The originals of a person's or a batch's dossiers, or chosen ones, as one ZIP, written by a job."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit, seen
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.jobs.models import Job
from latsar.jobs.run import Runner
from latsar.jobs.services import request_job
from latsar.training.models import Batch
from participants.dossier import policies
from participants.dossier.documents import DossierDocument, DossierDocumentQuerySet
from participants.people import Participant, ParticipantQuerySet

TASK = "participants.collect_documents"
NAME_LIMIT = 60  # characters of a person's name in a file name
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@transaction.atomic
def collect_of_person(*, participant_id: int, by: User) -> Job:
    """Ask for the current documents of one person. Raises NotAllowed, Refused when there are none."""
    person = Participant.objects.visible_to(by).filter(pk=participant_id).first()
    if person is None:
        raise NotAllowed
    title = _("Berkas %(name)s") % {"name": person.full_name}
    return _request({"participant_id": person.pk}, title=title, back_url=person.dossier_url, by=by)


@transaction.atomic
def collect_of_batch(*, batch_id: int, back_url: str, by: User) -> Job:
    """Ask for the current documents of everybody in a batch whom `by` sees. Raises NotAllowed, Refused when there are none."""
    batch = Batch.objects.visible_to(by).select_related("institute").filter(pk=batch_id).first()
    if batch is None:
        raise NotAllowed
    return _request({"batch_id": batch.pk}, title=_("Berkas %(batch)s") % {"batch": batch}, back_url=back_url, by=by)


@transaction.atomic
def collect_chosen(*, document_ids: Iterable[int], back_url: str, by: User) -> Job:
    """Ask for those of these documents that are current and that `by` sees. Raises NotAllowed, Refused when there are none."""
    return _request({"document_ids": sorted(document_ids)}, title=_("Berkas terpilih"), back_url=back_url, by=by)


def write_zip(runner: Runner) -> None:
    """Write the ZIP of a job and attach it; who sees whom is asked again, and each person's trail says who took the files.

    A file that is gone from the storage is counted as failed and does not stop the others.
    """
    by = runner.job.requested_by
    if not policies.can_collect(by):
        raise NotAllowed
    documents = list(_documents(runner.job.params, by).select_related("participant"))
    runner.start(total=len(documents))
    lost = 0
    with TemporaryFile() as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for document in documents:
                if _put(archive, document):
                    runner.advance()
                else:
                    lost += 1
                    runner.fail()
        stream.seek(0)
        runner.flush()
        runner.attach(stream, f"{_plain(runner.job.title)}_{timezone.localdate():%Y%m%d}.zip")
    people = {document.participant_id: document.participant for document in documents}
    audit.record_many(audit.entry(verb="collect_documents", obj=person, by=by) for person in people.values())
    seen.record_export(people=people, model=Participant, by=by, note=runner.job.title)
    if lost:
        runner.say(_("%(n)d berkas tidak ditemukan di penyimpanan dan tidak ikut di dalam ZIP.") % {"n": lost})


def entry_name(document: DossierDocument) -> str:
    """Name a file inside the ZIP so that it can be uploaded again: NIP, code, date, and the name in letters that every system keeps."""
    ending = (document.file.name or "").rpartition(".")[2]
    person, day = document.participant, f"_{document.issued_on}" if document.issued_on else ""
    return f"{person.nip}_{document.code}{day}_{_plain(person.full_name)}.{ending}"


def _request(params: dict[str, Any], *, title: str, back_url: str, by: User) -> Job:
    if not policies.can_collect(by):
        raise NotAllowed
    count = _documents(params, by).count()
    if not count:
        raise Refused(_("Belum ada berkas yang dapat diunduh."))
    return request_job(task=TASK, title=title, by=by, params=params, total=count, back_url=back_url)


def _documents(params: dict[str, Any], by: User) -> DossierDocumentQuerySet:
    if "document_ids" in params:
        chosen = DossierDocument.objects.visible_to(by).current().filter(pk__in=params["document_ids"])
        return chosen.order_by("participant__nip", "code")
    people: ParticipantQuerySet = Participant.objects.visible_to(by)
    people = people.filter(batch_id=params["batch_id"]) if "batch_id" in params else people.filter(pk=params["participant_id"])
    return DossierDocument.objects.current().filter(participant__in=people).order_by("participant__nip", "code")


def _put(archive: zipfile.ZipFile, document: DossierDocument) -> bool:
    try:
        with document.file.open("rb") as stored:
            data = stored.read()
    except FileNotFoundError:
        return False
    archive.writestr(zipfile.ZipInfo(entry_name(document), ZIP_EPOCH), data)
    return True


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:NAME_LIMIT]
