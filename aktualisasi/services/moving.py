from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import deadlines, notifications, policies
from aktualisasi.enums import RancanganStage
from aktualisasi.models import Rancangan, RancanganFile, RancanganStageChange, ReviewNote
from aktualisasi.workflow import MOVES
from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from mentoring.models import MentorAssignment
from participants.models import Participant
from participants.services.aktualisasi import record_aktualisasi_title


@transaction.atomic
def move_rancangan(
    *,
    rancangan_id: int,
    action: str,
    by: User,
    note: str = "",
    notes: Sequence[tuple[int | None, str]] = (),
    seen_file_id: int | None = None,
) -> Rancangan:
    """Apply one workflow move and record who made it.

    Locks the participant, then the row, as writing does: an approval and a re-submission must not cross. `notes` are (page, text) pairs for the newest
    version; notes in preparation are sent with them. With `seen_file_id` a decision counts only for the version that
    its maker had open. Raises NotAllowed, IllegalMove, StaleVersion, and Refused with what is missing.
    """
    Participant.objects.select_for_update(of=("self",)).filter(rancangan=rancangan_id).values_list("pk").first()
    rancangan = Rancangan.objects.select_for_update(of=("self",)).select_related("participant__user").filter(pk=rancangan_id).first()
    move = MOVES.get(action)
    if rancangan is None or move is None or not policies.is_actor(by, rancangan, move.actor):
        raise NotAllowed
    if rancangan.stage not in move.sources:
        raise IllegalMove(_("Langkah ini tidak berlaku lagi. Rancangan sekarang: %(stage)s.") % {"stage": rancangan.get_stage_display()})
    newest = rancangan.latest_file
    if seen_file_id is not None and (newest is None or newest.pk != seen_file_id):
        raise StaleVersion(_("Peserta sudah mengunggah versi yang lebih baru. Baca versi itu lebih dahulu."))
    if move.needs_file:
        _check_complete(rancangan)
    if newest is not None:
        _send_notes(newest, [*notes, *([(None, note)] if note.strip() and move.actor == "mentor" else [])], by=by)
    if move.needs_note and not (newest is not None and _has_fresh_notes(rancangan)):
        raise Refused(_("Tulis paling sedikit satu catatan supaya peserta tahu apa yang diperbaiki."), code="text")
    _set_stage(rancangan, action, note, by=by)
    if rancangan.stage == RancanganStage.APPROVED:
        record_aktualisasi_title(participant_id=rancangan.participant_id, title=rancangan.title, by=by)
    return rancangan


def missing_for_submission(rancangan: Rancangan | None, *, has_mentor: bool) -> list[str]:
    """Return what still stands between the participant and the mentor, in the words of the page; empty when nothing does."""
    newest = rancangan.latest_file if rancangan else None
    missing = []
    if rancangan is None or not rancangan.title:
        missing.append(_("judul"))
    if rancangan is None or not rancangan.summary:
        missing.append(_("ringkasan"))
    if newest is None:
        missing.append(_("dokumen PDF"))
    elif newest.notes.sent().exists():
        missing.append(_("versi baru yang menjawab catatan mentor"))
    if not has_mentor:
        missing.append(_("mentor, yang ditetapkan admin satker Anda"))
    return missing


def _check_complete(rancangan: Rancangan) -> None:
    has_mentor = MentorAssignment.objects.active().filter(participant_id=rancangan.participant_id).exists()
    missing = missing_for_submission(rancangan, has_mentor=has_mentor)
    if missing:
        raise Refused(_("Belum dapat diajukan. Masih kurang: %(missing)s.") % {"missing": ", ".join(missing)})


def _send_notes(newest: RancanganFile, notes: Sequence[tuple[int | None, str]], *, by: User) -> None:
    for page, text in notes:
        if page is not None and not 1 <= page <= newest.pages:
            raise Refused(_("Halaman %(page)s tidak ada; dokumen ini %(pages)s halaman.") % {"page": page, "pages": newest.pages})
        if text.strip():
            ReviewNote.objects.create(file=newest, page=page, text=text.strip()[:1000], by=by)


def _has_fresh_notes(rancangan: Rancangan) -> bool:
    return ReviewNote.objects.drafts().filter(file__rancangan=rancangan).exists()


def _set_stage(rancangan: Rancangan, action: str, note: str, *, by: User) -> None:
    old, now = rancangan.stage, timezone.now()
    rancangan.stage, rancangan.stage_at = MOVES[action].target, now
    if action == "submit":
        seminar = deadlines.seminar_of(rancangan.participant)
        rancangan.due_on = seminar.starts_on if seminar else None
        rancangan.submitted_late = rancangan.due_on is not None and timezone.localdate(now) > rancangan.due_on
    if MOVES[action].actor == "mentor":
        ReviewNote.objects.drafts().filter(file__rancangan=rancangan).update(sent_at=now)
    rancangan.save(update_fields=["stage", "stage_at", "due_on", "submitted_late", "updated_at"])
    change = RancanganStageChange.objects.create(
        rancangan=rancangan, action=action, old=old, new=rancangan.stage, by=by, at=now, note=note[:1000]
    )
    audit.record(verb=f"{action}_rancangan", obj=rancangan, by=by, changes={"stage": [old, rancangan.stage]}, note=note)
    notifications.moved(rancangan, change)
