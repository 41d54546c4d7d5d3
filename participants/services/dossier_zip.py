"""Documents of many people from one ZIP: preview, attach as a job, discard."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import User
from latsar.documents.intake.kinds import FileKind, require_kind
from latsar.documents.intake.names import display_name
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES, UploadRefused
from latsar.jobs.models import ItemState, Job
from latsar.jobs.run import JobCancelled, LeaseLost, Runner
from latsar.jobs.services import request_job
from latsar.training.models import DossierRequirement
from participants.dossier import policies
from participants.dossier.archive import NESTED, NESTED_MARKS, Archive, Entry, Target, digest, open_archive, target_of
from participants.dossier.checklist import Checklists, lines_of_many
from participants.dossier.documents import DossierDocument
from participants.dossier.zips import DossierZip, DossierZipRow
from participants.enums import ImportState, ZipOutcome
from participants.people import Participant
from participants.services.dossier import attach_document, is_same, last_day, locked_words

TASK = "participants.attach_zip"


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: ZipOutcome
    reason: str
    target: Target
    person: Participant | None = None
    source: str = ""
    base: DossierDocument | None = None


def preview_zip(*, content: bytes, filename: str, by: User) -> DossierZip:
    """Store what the archive would do, file by file, for `by` to decide; a refused archive stores nothing.

    The files are looked at only from outside here; what is in them is judged when they are attached. Raises Refused.
    """
    archive = open_archive(content)
    verdicts = _judge_all(archive, by)
    stored = DossierZip(filename=display_name(filename), sha256=digest(content), uploaded_by=by)
    stored.file.save(f"{secrets.token_hex(20)}.zip", ContentFile(content), save=False)
    try:
        return _store(stored, verdicts)
    except BaseException:
        stored.file.storage.delete(stored.file.name or "")
        raise


@transaction.atomic
def commit_zip(*, zip_id: int, sha256: str, by: User) -> Job:
    """Ask for the ready files to be attached as a job; asked again, it answers with the same job.

    `sha256` is that of the archive whose preview `by` has seen. Raises NotAllowed, IllegalMove, Refused when nothing is ready.
    """
    archive = _own(zip_id, by)
    if archive.job is not None:
        return archive.job
    if archive.state != ImportState.PREVIEW:
        raise IllegalMove(_("ZIP ini sudah dibatalkan. Unggah lagi bila masih perlu."))
    if archive.sha256 != sha256:
        raise Refused(_("ZIP yang Anda periksa bukan ZIP ini. Buka lagi hasil pemeriksaannya, lalu simpan."))
    ready = list(archive.rows.ready().select_related("participant"))  # type: ignore[attr-defined]
    if not ready:
        raise Refused(_("Tidak ada berkas yang siap disimpan. Perbaiki nama berkasnya, lalu unggah lagi."))
    archive.job = request_job(
        task=TASK,
        title=_("Menyimpan berkas dari %(file)s") % {"file": archive.filename},
        by=by,
        params={"zip_id": archive.pk},
        items=[(str(row.pk), f"{row.participant}, {row.code}") for row in ready],
        back_url=archive.get_absolute_url(),
    )
    archive.state = ImportState.COMMITTING
    archive.save(update_fields=["job", "state"])
    audit.record(verb="import", obj=archive, by=by, changes={"files": [None, len(ready)]})
    return archive.job


@transaction.atomic
def discard_zip(*, zip_id: int, by: User) -> DossierZip:
    """Drop a preview with its bytes, or the rest of an archive whose saving was stopped: what is saved stays.

    Raises NotAllowed, IllegalMove while it is being saved and afterwards.
    """
    archive = _own(zip_id, by)
    if archive.state == ImportState.DISCARDED:
        return archive
    if archive.state != ImportState.PREVIEW and not archive.is_stopped:
        raise IllegalMove(_("Isi ZIP ini sudah disimpan dan tidak dapat dibatalkan lagi."))
    _drop(archive)
    return archive


def discard_stale_zips() -> int:
    """Drop archives after a week, and the rows of those nobody decided on; return how many."""
    dropped = 0
    for pk in list(DossierZip.objects.stale(timezone.now()).values_list("pk", flat=True)):
        with transaction.atomic():
            archive = DossierZip.objects.stale(timezone.now()).select_for_update(of=("self",)).filter(pk=pk).first()
            if archive is not None:
                _drop(archive)
                dropped += 1
    return dropped


def attach_entries(runner: Runner) -> None:
    """Attach the job's files one by one through the door of the form; what is refused stays with its reason.

    Called again after a crash it goes on with the rest; a file that is there already is passed over.
    """
    by = runner.job.requested_by
    stored = DossierZip.objects.visible_to(by).filter(pk=runner.job.params.get("zip_id")).first()
    if stored is None or not stored.file:
        raise Refused(_("ZIP ini sudah dihapus. Unggah lagi, lalu simpan."))
    with stored.file.open("rb") as stream:
        content = stream.read()
    if digest(content) != stored.sha256:
        raise Refused(_("ZIP di penyimpanan tidak sama dengan yang diperiksa. Unggah lagi, lalu simpan."))
    archive = open_archive(content)
    rows = {str(row.pk): row for row in stored.rows.select_related("participant")}
    for item in runner.queued_items():
        row = rows[item.ref]
        try:
            _attach(archive, row, by)
        except (JobCancelled, LeaseLost):
            raise
        except Refused as no:
            runner.finish_item(item, ItemState.SKIPPED if is_same(no) else ItemState.FAILED, " ".join(no.messages), _fix(row))
        except NotAllowed:
            runner.finish_item(item, ItemState.FAILED, _("Bukan lagi wewenang Anda, atau tidak lagi di daftar berkasnya."))
        else:
            runner.finish_item(item, ItemState.DONE)
    DossierZip.objects.filter(pk=stored.pk).update(state=ImportState.COMMITTED)


def _attach(archive: Archive, row: DossierZipRow, by: User) -> None:
    assert row.participant is not None
    name = row.entry.rpartition("/")[2]
    attach_document(
        participant_id=row.participant.pk,
        code=row.code,
        content=archive.read(row.entry),
        name=name,
        issued_on=row.issued_on,
        by=by,
        instead_of=(row.base_id,),
    )


def _fix(row: DossierZipRow) -> str:
    return f"{row.participant.dossier_url}?buka={row.code}" if row.participant else ""


def _judge_all(archive: Archive, by: User) -> list[tuple[Entry, Verdict]]:
    targets = {entry.name: target_of(entry.name) for entry in archive.entries}
    nips = {target.nip for target in targets.values() if target.nip}
    people = {one.nip: one for one in Participant.objects.visible_to(by).select_related("province", "batch").filter(nip__in=nips)}
    checklists, today = Checklists.read(), timezone.localdate()
    current = {
        (pk, line.code): line.document
        for pk, lines in lines_of_many(list(people.values()), today, checklists).items()
        for line in lines
        if line.document
    }
    taken: set[tuple[int, str]] = set()
    found = []
    for entry in archive.entries:
        verdict = _judge(archive, entry, targets[entry.name], people, checklists, current, by, today)
        key = (verdict.person.pk, verdict.target.code) if verdict.person else None
        if key and verdict.outcome in (ZipOutcome.ATTACH, ZipOutcome.REPLACE):
            if key in taken:
                verdict = replace(verdict, outcome=ZipOutcome.UNSAFE, reason=_("Ada dua berkas untuk orang dan syarat yang sama."))
            taken.add(key)
        found.append((entry, verdict))
    return found


def _judge(
    archive: Archive,
    entry: Entry,
    target: Target,
    people: dict[str, Participant],
    checklists: Checklists,
    current: dict[tuple[int, str], DossierDocument],
    by: User,
    today: date,
) -> Verdict:
    """Say what would happen to one file: first its name, then the person, the line, the bytes, the place."""
    if target.problem:
        return Verdict(ZipOutcome.UNSAFE, target.problem, target)
    person = people.get(target.nip)
    if person is None or not policies.can_attach(by, person):
        return Verdict(ZipOutcome.UNKNOWN_NIP, _("NIP ini tidak ada dalam wewenang Anda."), target)
    line = next((line for line in checklists.of(person) if line.code == target.code), None)
    if line is None:
        return Verdict(ZipOutcome.UNKNOWN_CODE, _("Kode %(code)s tidak ada di daftar berkasnya.") % {"code": target.code}, target, person)
    problem, source = _look_at(archive, entry, line, target)
    if problem:
        return Verdict(ZipOutcome.UNSAFE, problem, target, person)
    document = current.get((person.pk, target.code))
    if document is not None and source in (document.source_sha256, document.sha256):
        return Verdict(ZipOutcome.SAME, "", target, person, source)
    if not policies.can_replace(by, person, document, today):
        return Verdict(ZipOutcome.LOCKED, locked_words(person, document), target, person, source)
    return Verdict(ZipOutcome.REPLACE if document else ZipOutcome.ATTACH, "", target, person, source, document)


def _look_at(archive: Archive, entry: Entry, line: DossierRequirement, target: Target) -> tuple[str, str]:
    """Look at size, kind, date and bytes; return what is wrong, and the hash of the bytes."""
    if entry.suffix in NESTED:
        return _("ZIP di dalam ZIP tidak diterima."), ""
    if entry.size > MAX_UPLOAD_BYTES:
        return _("Berkas lebih besar dari 10 MB."), ""
    try:
        data = archive.read(entry.name)
        if data.startswith(NESTED_MARKS):
            return _("ZIP di dalam ZIP tidak diterima."), ""
        require_kind(entry.name, data, allowed=frozenset(FileKind))
        last_day(line, target.issued_on)
    except UploadRefused as refused:
        return str(refused), ""
    except Refused as refused:
        if "issued_on" in getattr(refused, "error_dict", {}) and target.issued_on is None:
            return _("Tulis tanggal dokumen di nama berkas, misalnya %(name)s.") % {"name": f"NIP_{line.code}_2026-08-12.pdf"}, ""
        return " ".join(refused.messages), ""
    return "", digest(data)


@transaction.atomic
def _store(stored: DossierZip, verdicts: list[tuple[Entry, Verdict]]) -> DossierZip:
    for former in DossierZip.objects.filter(uploaded_by=stored.uploaded_by, state=ImportState.PREVIEW, sha256=stored.sha256):
        _drop(former)
    stored.save()
    DossierZipRow.objects.bulk_create(
        DossierZipRow(
            archive=stored,
            number=number,
            entry=entry.name,
            participant=verdict.person,
            code=verdict.target.code,
            issued_on=verdict.target.issued_on,
            size=entry.size,
            source_sha256=verdict.source,
            base=verdict.base,
            outcome=verdict.outcome,
            reason=verdict.reason[:300],
        )
        for number, (entry, verdict) in enumerate(verdicts, 1)
    )
    return stored


def _own(zip_id: int, by: User) -> DossierZip:
    archive = DossierZip.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=zip_id).first()
    if archive is None:
        raise NotAllowed
    return archive


def _drop(archive: DossierZip) -> None:
    stored, storage = archive.file.name or "", archive.file.storage
    archive.file = ""  # type: ignore[assignment]
    if archive.state == ImportState.PREVIEW:
        archive.rows.all().delete()
        archive.state = ImportState.DISCARDED
    elif archive.is_stopped:
        archive.state = ImportState.COMMITTED
    archive.save(update_fields=["file", "state"])
    if stored:
        transaction.on_commit(lambda: storage.delete(stored))
