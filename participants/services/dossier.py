"""The documents of a dossier: attach, judge, take away, bring back."""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NoReason, NotAllowed, Refused
from latsar.accounts.models import User
from latsar.documents.intake.images import clean_image
from latsar.documents.intake.kinds import FileKind, require_kind
from latsar.documents.intake.names import display_name
from latsar.documents.intake.pdf_check import inspect_pdf
from latsar.documents.intake.refusal import UploadRefused
from latsar.notices.enums import NoticeKind
from latsar.notices.services import notify
from latsar.training.models import DossierRequirement
from latsar.ui import words
from participants import verification_notices
from participants.dossier import drawing, policies
from participants.dossier.checklist import Checklists
from participants.dossier.documents import DossierDocument
from participants.enums import AFTER_ANSWER, MAX_DOCUMENT_VERSIONS, UNDER_ANSWER, ClosedWhy, DossierState, Stage
from participants.people import Participant
from participants.workflow import DOCUMENT_MOVES

log = logging.getLogger(__name__)

SUFFIXES = {FileKind.PDF: "pdf", FileKind.JPEG: "jpg", FileKind.PNG: "png"}
REASON_LIMIT = 500  # characters
SAME = "same"


@dataclass(frozen=True, slots=True)
class Judged:
    """A file that passed the intake: the bytes to keep and what is known of them."""

    data: bytes
    kind: FileKind
    pages: int
    sha256: str
    source_sha256: str


def judge_file(content: bytes, name: str) -> Judged:
    """Look at the bytes in a process of their own: a PDF is kept as it is, a picture is written anew. Raises Refused."""
    source = hashlib.sha256(content).hexdigest()
    try:
        kind = require_kind(name, content, allowed=frozenset(FileKind))
        if kind == FileKind.PDF:
            facts = inspect_pdf(content)
            return Judged(content, kind, facts.pages, facts.sha256, source)
        picture = clean_image(content)
    except UploadRefused as refused:
        raise Refused({"file": str(refused.message)}) from refused
    return Judged(picture.data, picture.kind, 1, picture.sha256, source)


def attach_document(
    *,
    participant_id: int,
    code: str,
    content: bytes,
    name: str,
    by: User,
    issued_on: date | None = None,
    instead_of: tuple[int | None] | None = None,
) -> DossierDocument:
    """Keep a file as the current one of its requirement; the file before it stays as history.

    `instead_of` holds the document that `by` knows as the current one, or None for no document; another one is not replaced.
    The file is judged before any row is locked. Raises NotAllowed for a person out of scope and for a code that is not
    on the person's checklist, Refused with messages for `file` and `issued_on`. A file whose row cannot be written is
    taken away again.
    """
    person, requirement = open_line(participant_id=participant_id, code=code, by=by)
    expires_on = last_day(requirement, issued_on)
    judged = judge_file(content, name)
    document = DossierDocument(participant=person, code=code, name=display_name(name), uploaded_by=by, kind=judged.kind.value)
    document.size, document.pages = len(judged.data), judged.pages
    document.sha256, document.source_sha256 = judged.sha256, judged.source_sha256
    document.issued_on, document.expires_on = issued_on, expires_on
    try:
        document.file.save(f"{secrets.token_hex(20)}.{SUFFIXES[judged.kind]}", ContentFile(judged.data), save=False)
    except OSError as full:
        log.exception("document %s of participant %s cannot be stored", code, participant_id)
        raise Refused(_("Berkas belum tersimpan karena penyimpanan portal bermasalah. Coba lagi beberapa menit lagi.")) from full
    try:
        return _add(document, requirement, by=by, instead_of=instead_of)
    except BaseException:
        document.file.storage.delete(document.file.name or "")
        raise


@transaction.atomic
def move_document(*, document_id: int, action: str, by: User, note: str = "") -> DossierDocument:
    """Accept a document, or return it with the reason.

    Locks the person first: a judgement and a replacement must not cross. Raises NotAllowed, IllegalMove when the file
    was replaced or judged meanwhile, Refused when the reason is missing.
    """
    document, person = _locked_document(document_id, by)
    move = DOCUMENT_MOVES[action]
    if not policies.can_judge(by, person):
        raise NotAllowed
    if not document.is_current:
        raise IllegalMove(_("Berkas ini sudah diganti atau dihapus. Buka berkas yang terbaru."))
    if document.state not in move.sources:
        raise IllegalMove(_("Berkas ini sudah dijawab: %(state)s.") % {"state": document.get_state_display()})
    note = note.strip()
    if move.needs_note and not note:
        raise NoReason({"note": _("Tulis alasannya, supaya yang mengunggah tahu apa yang harus diperbaiki.")})
    if len(note) > REASON_LIMIT:
        raise Refused({"note": _("Alasan terlalu panjang, paling banyak %(limit)d huruf.") % {"limit": REASON_LIMIT}})
    document.state, document.reason = move.target, note if move.needs_note else ""
    document.judged_by, document.judged_at = by, timezone.now()
    document.save(update_fields=["state", "reason", "judged_by", "judged_at"])
    name = name_of(person, document.code)
    said = f"{name}: {note}" if move.needs_note else name
    audit.record(verb=f"{action}_document", obj=person, by=by, note=said)
    if document.state == DossierState.RETURNED:
        facts = {"document": name, "name": person.full_name, "note": note}
        notify(
            user=document.uploaded_by,
            text=lambda: _("%(document)s milik %(name)s dikembalikan: %(note)s") % facts,
            url=person.dossier_url,
            kind=NoticeKind.VERIFICATION,
        )
    return document


@transaction.atomic
def remove_document(*, document_id: int, by: User) -> DossierDocument:
    """Take a document away that nobody accepted yet; its file stays and can be brought back. Raises NotAllowed, IllegalMove."""
    document, person = _locked_document(document_id, by)
    if not policies.can_attach(by, person):
        raise NotAllowed
    if not policies.can_remove(by, person, document, timezone.localdate()):
        raise IllegalMove(_("Berkas ini tidak dapat dihapus lagi. Unggah berkas pengganti bila isinya salah."))
    _close(document, ClosedWhy.REMOVED, by)
    _count_up(person)
    audit.record(verb="remove_document", obj=person, by=by, note=name_of(person, document.code))
    return document


@transaction.atomic
def restore_document(*, document_id: int, by: User) -> DossierDocument:
    """Bring a removed document back as it was. Raises NotAllowed, IllegalMove when another file has its place by now."""
    document, person = _locked_document(document_id, by)
    if not policies.can_attach(by, person):
        raise NotAllowed
    others = DossierDocument.objects.filter(participant=person, code=document.code)
    newest = not others.filter(number__gt=document.number).exists()
    if document.closed_why != ClosedWhy.REMOVED or not newest:
        raise IllegalMove(_("Berkas ini tidak dapat dikembalikan lagi, sudah ada berkas yang lebih baru."))
    document.closed_why, document.closed_by, document.closed_at = "", None, None
    document.save(update_fields=["closed_why", "closed_by", "closed_at"])
    _count_up(person)
    audit.record(verb="restore_document", obj=person, by=by, note=name_of(person, document.code))
    return document


def name_of(person: Participant, code: str) -> str:
    """Return the requirement's name as the person's checklist has it, else its code."""
    return next((line.name for line in Checklists.read().of(person) if line.code == code), code)


@transaction.atomic
def _add(document: DossierDocument, requirement: DossierRequirement, *, by: User, instead_of: tuple[int | None] | None) -> DossierDocument:
    person = _locked(document.participant_id, by)
    versions = DossierDocument.objects.filter(participant=person, code=document.code)
    current = versions.current().first()
    if current is not None and document.source_sha256 in (current.source_sha256, current.sha256):
        raise Refused({"file": [Refused(_("Berkas ini sama persis dengan yang sudah ada."), code=SAME)]})
    if instead_of is not None and instead_of != (current.pk if current else None,):
        raise Refused({"file": _("Berkas ini diganti atau dihapus orang lain sejak Anda memeriksanya, jadi tidak ditimpa.")})
    if not policies.can_replace(by, person, current, timezone.localdate()):
        if not policies.can_attach(by, person):
            raise NotAllowed
        raise IllegalMove(locked_words(person, current))
    document.number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    if document.number > MAX_DOCUMENT_VERSIONS:
        raise Refused(_("Sudah ada %(limit)d berkas untuk syarat ini, paling banyak yang disimpan.") % {"limit": MAX_DOCUMENT_VERSIONS})
    if current is not None:
        _close(current, ClosedWhy.REPLACED, by)
    document.save(force_insert=True)
    _count_up(person)
    audit.record(verb="attach_document", obj=person, by=by, note=requirement.name)
    if person.stage in AFTER_ANSWER:
        verification_notices.document_added(person, requirement.name, by=by)
    transaction.on_commit(partial(drawing.publish, document.pk))
    return document


def _count_up(person: Participant) -> None:
    """Make an answer stale that was given to the file without this document; before submission nobody has looked at it."""
    if person.stage in UNDER_ANSWER:
        Participant.objects.filter(pk=person.pk).update(version=F("version") + 1)


def is_same(refused: Refused) -> bool:
    """Whether the file was refused because it is there already."""
    return any(error.code == SAME for error in getattr(refused, "error_dict", {}).get("file", []))


def locked_words(person: Participant, current: DossierDocument | None) -> str:
    """Say why the current file cannot be replaced now."""
    if current is not None and current.state == DossierState.ACCEPTED:
        return _("Berkas ini sudah diterima. Minta verifikator mengembalikannya bila harus diganti.")
    if person.stage == Stage.SUBMITTED:
        return _("Berkas sedang diperiksa provinsi. Tunggu jawabannya, atau tarik pengajuan dahulu.")
    return _("Berkas menunggu diperiksa. Minta verifikator mengembalikannya bila harus diganti.")


def _close(document: DossierDocument, why: str, by: User) -> None:
    document.closed_why, document.closed_by, document.closed_at = why, by, timezone.now()
    document.save(update_fields=["closed_why", "closed_by", "closed_at"])


def last_day(requirement: DossierRequirement, issued_on: date | None) -> date | None:
    """Count until when the document is valid. Raises Refused for a date that is missing, in the future or too old."""
    today = timezone.localdate()
    if issued_on is not None and issued_on > today:
        raise Refused({"issued_on": _("Tanggal dokumen belum terjadi. Periksa lagi tanggalnya.")})
    if not requirement.valid_days:
        return None
    if issued_on is None:
        text = _("Isi tanggal dokumen: masa berlakunya %(days)d hari, dihitung dari tanggal itu.")
        raise Refused({"issued_on": text % {"days": requirement.valid_days}})
    last = issued_on + timedelta(days=requirement.valid_days)
    if last < today:
        text = _("Dokumen bertanggal ini sudah habis berlaku pada %(day)s. Mintakan yang baru, lalu unggah.")
        raise Refused({"issued_on": text % {"day": words.long_date(last)}})
    return last


def open_line(*, participant_id: int, code: str, by: User) -> tuple[Participant, DossierRequirement]:
    """Return the person and the line of the checklist that `by` may fill.

    Raises NotAllowed for a person out of scope, one whose documents `by` may not send, and a code that is not on the list.
    """
    person = Participant.objects.visible_to(by).select_related("province", "batch").filter(pk=participant_id).first()
    if person is None:
        raise NotAllowed
    found = next((line for line in Checklists.read().of(person) if line.code == code), None)
    if found is None or not policies.can_attach(by, person):
        raise NotAllowed
    return person, found


def _locked(participant_id: int, by: User) -> Participant:
    rows = Participant.objects.visible_to(by).select_related("province", "batch").select_for_update(of=("self",))
    person = rows.filter(pk=participant_id).first()
    if person is None:
        raise NotAllowed
    return person


def _locked_document(document_id: int, by: User) -> tuple[DossierDocument, Participant]:
    owner = DossierDocument.objects.visible_to(by).filter(pk=document_id).values_list("participant_id", flat=True).first()
    if owner is None:
        raise NotAllowed
    person = _locked(owner, by)
    return DossierDocument.objects.select_related("uploaded_by").get(pk=document_id), person
