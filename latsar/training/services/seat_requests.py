"""Requests for seats: written, sent with their letter, answered, agreed by PKS, closed."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.errors import IllegalMove, NoReason, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import RoleGrant, User
from latsar.documents.intake.kinds import FileKind, require_kind
from latsar.documents.intake.names import display_name
from latsar.documents.intake.pdf_check import inspect_pdf
from latsar.documents.intake.refusal import UploadRefused
from latsar.notices.enums import NoticeKind
from latsar.notices.services import notify
from latsar.training import policies
from latsar.training.enums import LetterKind, RequestState
from latsar.training.models import SeatRequest, SeatRequestFile
from latsar.training.seat_requests import HELD
from latsar.training.workflow import SEAT_REQUEST_MOVES

log = logging.getLogger(__name__)

FACTS = ("institute", "province", "starts_on", "ends_on", "method", "golongan", "seats_asked", "note")
NEEDS_NOTE = frozenset({"refuse", "reconsider", "withdraw"})
NOTE_LIMIT = 500
PAPERS = {"send": LetterKind.LETTER, "grant": LetterKind.ANSWER, "refuse": LetterKind.ANSWER, "agree": LetterKind.AGREEMENT}
"""Which paper a move brings along."""


@dataclass(frozen=True)
class Paper:
    """A file from outside and the name its sender gave it."""

    content: bytes
    name: str


@dataclass(frozen=True, kw_only=True)
class MoveFacts:
    """What is said with a move: number and date of its letter, granted seats, a note, the paper itself."""

    number: str = ""
    day: date | None = None
    seats: int | None = None
    note: str = ""
    paper: Paper | None = None


@transaction.atomic
def create_request(*, facts: Mapping[str, Any], by: User) -> SeatRequest:
    """Write a request as a draft. Raises NotAllowed for a unit that `by` does not ask for."""
    request = SeatRequest(created_by=by, **{name: facts[name] for name in FACTS if name in facts})
    if not policies.can_ask_seats(by) or not policies.is_request_actor(by, request, "asker"):
        raise NotAllowed
    _check_facts(request)
    request.save(force_insert=True)
    request.stage_changes.create(action="create", new=request.state, by=by)
    audit.record(verb="create_seat_request", obj=request, by=by, changes={"seats_asked": [None, request.seats_asked]})
    return request


@transaction.atomic
def update_request(*, request_id: int, version: int, facts: Mapping[str, Any], by: User) -> SeatRequest:
    """Change a draft. Raises StaleVersion, IllegalMove once it was sent."""
    request = _locked(request_id, by)
    if not policies.is_request_actor(by, request, "asker"):
        raise NotAllowed
    _check_version(request, version)
    if not policies.can_edit_request(by, request):
        raise IllegalMove(_("Permohonan yang sudah dikirim tidak berubah lagi. Tarik dahulu, lalu buat yang baru."))
    before = audit.snapshot(request, FACTS)
    for name in FACTS:
        if name in facts:
            setattr(request, name, facts[name])
    if not policies.is_request_actor(by, request, "asker"):
        raise NotAllowed
    _check_facts(request)
    changes = audit.difference(before, audit.snapshot(request, FACTS))
    if changes:
        request.version += 1
        request.save()
        audit.record(verb="update_seat_request", obj=request, by=by, changes=changes)
    return request


def move_request(*, request_id: int, version: int, action: str, facts: MoveFacts, by: User) -> SeatRequest:
    """Apply one workflow move with its paper; the paper is judged in a process of its own before any row is locked.

    Raises NotAllowed, IllegalMove, StaleVersion, Refused with messages by field. A paper whose row cannot be written goes again.
    """
    row = _judged(action, facts.paper) if facts.paper is not None else None
    try:
        return _move(request_id, version, action, facts, row, by)
    except BaseException:
        if row is not None and row.file:
            row.file.storage.delete(row.file.name or "")
        raise


@transaction.atomic
def _move(request_id: int, version: int, action: str, facts: MoveFacts, row: SeatRequestFile | None, by: User) -> SeatRequest:
    request = _locked(request_id, by)
    move = SEAT_REQUEST_MOVES[action]
    if not policies.is_request_actor(by, request, move.actor):
        raise NotAllowed
    if request.state not in move.sources:
        raise IllegalMove(_("Keadaannya sekarang %(state)s, jadi langkah ini tidak berlaku.") % {"state": request.get_state_display()})
    _check_version(request, version)
    _refuse(_problems(request, action, facts))
    old, request.state = request.state, move.target
    _take(request, action, facts)
    request.version += 1
    request.save()
    if row is not None:
        row.request, row.uploaded_by = request, by
        row.save()
    note = facts.note.strip()[:NOTE_LIMIT]
    request.stage_changes.create(action=action, old=old, new=request.state, by=by, note=note)
    changes: dict[str, list[Any]] = {"state": [old, request.state]}
    if action == "grant":
        changes["seats_granted"] = [None, request.seats_granted]
    audit.record(verb=f"{action}_seat_request", obj=request, by=by, changes=changes, note=note)
    _tell(request, action, by)
    return request


@transaction.atomic
def discard_request(*, request_id: int, by: User) -> None:
    """Throw away a draft that was never sent."""
    request = _locked(request_id, by)
    if not policies.is_request_actor(by, request, "asker"):
        raise NotAllowed
    if request.state != RequestState.DRAFT or request.sent_at is not None:
        raise IllegalMove(_("Hanya konsep yang belum dikirim dapat dihapus."))
    audit.record(verb="discard_seat_request", obj=request, by=by)
    request.delete()


def _tell(request: SeatRequest, action: str, by: User) -> None:
    """Tell the other side: operators of the institute what was sent or withdrawn, who asked what was answered."""
    facts = {"n": request.seats_asked, "institute": request.institute, "granted": request.seats_granted}
    texts = {
        "send": lambda: _("Permohonan %(n)d kursi menunggu jawaban %(institute)s.") % facts,
        "withdraw": lambda: _("Permohonan %(n)d kursi di %(institute)s ditarik.") % facts,
        "grant": lambda: _("%(institute)s mengabulkan %(granted)d dari %(n)d kursi.") % facts,
        "refuse": lambda: _("%(institute)s menolak permohonan %(n)d kursi.") % facts,
        "reconsider": lambda: _("%(institute)s membuka lagi jawaban permohonan %(n)d kursi.") % facts,
    }
    if action not in texts or (action == "withdraw" and request.sent_at is None):
        return
    readers = [request.created_by]
    if action in ("send", "withdraw"):
        grants = RoleGrant.objects.valid().filter(role=Role.LEMBAGA, institute_id=request.institute_id, user__is_active=True)
        readers = [grant.user for grant in grants.select_related("user").order_by("pk")]
    for reader in readers:
        if reader.pk != by.pk:
            notify(user=reader, text=texts[action], url=request.get_absolute_url(), kind=NoticeKind.PLACEMENT)


def _problems(request: SeatRequest, action: str, facts: MoveFacts) -> dict[str, Any]:
    problems: dict[str, Any] = {}
    today = timezone.localdate()
    if action in NEEDS_NOTE and not facts.note.strip():
        raise NoReason({"note": _("Tulis sebabnya, supaya yang membaca riwayat mengerti.")})
    if action in ("send", "agree") and not facts.number.strip():
        problems["number"] = _("Isi nomornya.")
    if action in ("send", "agree") and facts.day is None:
        problems["day"] = _("Isi tanggalnya.")
    if facts.day is not None and facts.day > today:
        problems["day"] = _("Tanggal ini belum terjadi.")
    if action == "grant" and not facts.seats:
        problems["seats"] = _("Isi jumlah kursi yang dikabulkan.")
    if action in ("withdraw", "reconsider") and request.state in HELD and request.batches.exists():
        problems["note"] = _("Kursinya sudah menjadi angkatan, jadi tidak dapat ditarik lagi. Tutup permohonannya bila sudah selesai.")
    return problems


def _take(request: SeatRequest, action: str, facts: MoveFacts) -> None:
    now = timezone.now()
    if action == "send":
        request.sent_at, request.letter_number, request.letter_date = now, facts.number.strip(), facts.day
    elif action in ("grant", "refuse"):
        request.answered_at, request.answer_number, request.answer_date = now, facts.number.strip(), facts.day
        request.seats_granted = facts.seats if action == "grant" else None
    elif action == "reconsider":
        request.answered_at, request.seats_granted, request.answer_number, request.answer_date = None, None, "", None
    elif action == "agree":
        request.agreement_number, request.agreement_date = facts.number.strip(), facts.day


def _judged(action: str, paper: Paper) -> SeatRequestFile:
    """Look at a paper and store its bytes. Raises Refused beside the file."""
    if action not in PAPERS:
        raise Refused({"paper": _("Langkah ini tidak memerlukan berkas.")})
    try:
        require_kind(paper.name, paper.content, allowed=frozenset({FileKind.PDF}))
        facts = inspect_pdf(paper.content)
    except UploadRefused as refused:
        raise Refused({"paper": str(refused.message)}) from refused
    row = SeatRequestFile(kind=PAPERS[action], name=display_name(paper.name), size=facts.size, pages=facts.pages, sha256=facts.sha256)
    try:
        row.file.save(f"{secrets.token_hex(20)}.pdf", ContentFile(paper.content), save=False)
    except OSError as full:
        log.exception("a paper of a seat request cannot be stored")
        raise Refused({"paper": _("Berkas belum tersimpan karena penyimpanan portal bermasalah. Coba lagi beberapa menit lagi.")}) from full
    return row


def _check_facts(request: SeatRequest) -> None:
    problems = {}
    if request.ends_on < request.starts_on:
        problems["ends_on"] = _("Bulan terakhir lebih awal dari bulan pertama.")
    if not request.institute.is_active:
        problems["institute"] = _("Lembaga ini tidak aktif. Pilih lembaga lain.")
    _refuse(problems)


def _refuse(problems: Mapping[str, Any]) -> None:
    if problems:
        raise Refused(dict(problems))


def _locked(request_id: int, by: User) -> SeatRequest:
    """Take the row's lock only where the person may see it."""
    request = SeatRequest.objects.visible_to(by).filter(pk=request_id).first()
    if request is None:
        raise NotAllowed
    return SeatRequest.objects.select_for_update(of=("self",)).select_related("institute", "province", "created_by").get(pk=request.pk)


def _check_version(request: SeatRequest, version: int) -> None:
    if request.version != version:
        raise StaleVersion(_("Permohonan ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi langkah Anda."))
