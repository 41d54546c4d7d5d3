from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import lateness, notifications, policies
from aktualisasi.enums import PaperKind, PaperStage
from aktualisasi.locking import locked_paper
from aktualisasi.models import Paper, PaperStageChange, PaperVersion, ReviewNote
from aktualisasi.services.composing import version_to_submit
from aktualisasi.services.recording import open_works
from aktualisasi.submission import missing_for_submission
from aktualisasi.workflow import DECISIONS, MOVES
from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from participants.services.aktualisasi import record_aktualisasi_title

REVIEWERS = ("mentor", "coach")
APPROVALS = {approval for _back, approval in DECISIONS.values()}


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """A remark as it is typed: on the whole, on a page, or on a point of the page in thousandths."""

    text: str
    page: int | None = None
    x: int | None = None
    y: int | None = None


@transaction.atomic
def move_paper(*, paper_id: int, action: str, by: User, note: str = "", seen_version_id: int | None = None) -> Paper:
    """Apply one workflow move and record who made it.

    A reviewer's notes in preparation are sent with the move. With `seen_version_id` a decision counts only for the
    version that its maker had open. Raises NotAllowed, IllegalMove, StaleVersion, and Refused with what is missing.
    """
    paper = locked_paper(paper_id)
    move = MOVES.get(action)
    if paper is None or move is None or not policies.is_actor(by, paper, move.actor):
        raise NotAllowed
    if paper.stage not in move.sources:
        facts = {"paper": paper.get_kind_display(), "stage": paper.get_stage_display()}
        raise IllegalMove(_("Langkah ini tidak berlaku lagi. %(paper)s sekarang: %(stage)s.") % facts)
    newest = paper.latest_version
    if seen_version_id is not None and (newest is None or newest.pk != seen_version_id):
        raise StaleVersion(_("Peserta sudah mengunggah versi yang lebih baru. Baca versi itu lebih dahulu."))
    if action in APPROVALS and newest is not None and not newest.is_printed:
        raise Refused(_("Dokumennya masih disusun. Tunggu sebentar, baca, lalu setujui."))
    if move.needs_version:
        newest = _hand_in(paper, by=by)
    if move.actor in REVIEWERS and newest is not None and note.strip():
        write_note(newest, NoteDraft(note), role=move.actor, by=by)
    if move.needs_note and not (newest is not None and ReviewNote.objects.drafts().filter(version__paper=paper, by=by).exists()):
        raise Refused(_("Tulis paling sedikit satu catatan supaya peserta tahu apa yang diperbaiki."), code="text")
    _set_stage(paper, action, note, by=by)
    if paper.stage == PaperStage.APPROVED and paper.kind == PaperKind.RANCANGAN:
        record_aktualisasi_title(participant_id=paper.participant_id, title=paper.rancangan.title, by=by)
        open_works(paper.rancangan)
    return paper


def write_note(version: PaperVersion, draft: NoteDraft, *, role: str, by: User) -> ReviewNote:
    """Keep one remark in preparation. Raises Refused for a page that the version does not have."""
    if draft.page is not None and version.is_printed and not 1 <= draft.page <= version.pages:
        raise Refused(_("Halaman %(page)s tidak ada; dokumen ini %(pages)s halaman.") % {"page": draft.page, "pages": version.pages})
    has_point = draft.page is not None and draft.x is not None and draft.y is not None and 0 <= draft.x <= 1000 and 0 <= draft.y <= 1000
    x, y = (draft.x, draft.y) if has_point else (None, None)
    return ReviewNote.objects.create(version=version, page=draft.page, x=x, y=y, text=draft.text.strip()[:1000], role=role, by=by)


def _hand_in(paper: Paper, *, by: User) -> PaperVersion:
    """Say what is missing, or return the version that goes to the mentor."""
    missing = missing_for_submission(paper)
    if missing:
        raise Refused(_("Belum dapat diajukan. Masih kurang: %(missing)s.") % {"missing": ", ".join(missing)})
    now = timezone.now()
    if paper.stage == PaperStage.DRAFT:  # what comes back from a reader was in time or late before
        lateness.judge(paper, timezone.localdate(now))
    paper.first_submitted_at = paper.first_submitted_at or now
    version = version_to_submit(paper, by=by)
    version.submitted_at = now
    version.save(update_fields=["submitted_at"])
    return version


def _set_stage(paper: Paper, action: str, note: str, *, by: User) -> None:
    old, now, actor = paper.stage, timezone.now(), MOVES[action].actor
    paper.stage, paper.stage_at = MOVES[action].target, now
    if actor in REVIEWERS:
        ReviewNote.objects.drafts().filter(version__paper=paper, role=actor).update(sent_at=now)
    paper.save(update_fields=["stage", "stage_at", "due_on", "first_submitted_at", "submitted_late", "late_days"])
    change = PaperStageChange.objects.create(paper=paper, action=action, old=old, new=paper.stage, by=by, at=now, note=note[:1000])
    audit.record(verb=f"{action}_{paper.kind}", obj=paper.rancangan, by=by, changes={"stage": [old, paper.stage]}, note=note)
    if action == "submit" and paper.late_days:
        lateness.pass_on(paper, by=by)
    notifications.moved(paper, change)
