from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import policies
from aktualisasi.enums import CHECKLISTS, Reviewer
from aktualisasi.locking import locked_paper
from aktualisasi.models import Paper, PaperVersion, ReviewAnswer, ReviewNote
from aktualisasi.services.moving import NoteDraft, move_paper, write_note
from aktualisasi.workflow import DECISIONS
from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User


@transaction.atomic
def save_review(
    *, paper_id: int, seen_version_id: int, answers: Mapping[str, bool], by: User, note: NoteDraft | None = None
) -> PaperVersion:
    """Keep the reviewer's checklist and, when there is text, one more note in preparation. The participant sees neither yet."""
    paper, role = _awaited(paper_id, by)
    newest = paper.latest_version
    if newest is None or newest.pk != seen_version_id:
        raise StaleVersion(_("Peserta sudah mengunggah versi yang lebih baru. Baca versi itu lebih dahulu."))
    asked = {point.value for point in CHECKLISTS[paper.kind, role]}
    for point, is_ok in answers.items():
        if point in asked:
            ReviewAnswer.objects.update_or_create(version=newest, role=role, point=point, defaults={"is_ok": is_ok, "by": by})
    if note is not None and note.text.strip():
        write_note(newest, note, role=role, by=by)
    return newest


@transaction.atomic
def review_paper(
    *, paper_id: int, seen_version_id: int, action: str, answers: Mapping[str, bool], by: User, note: NoteDraft | None = None
) -> Paper:
    """Save the review and decide: back with the notes, or on when every point of the checklist is in order."""
    paper, role = _awaited(paper_id, by, [role for role in Reviewer if action in DECISIONS[role]])
    if action not in DECISIONS[role]:
        raise NotAllowed
    newest = save_review(paper_id=paper_id, seen_version_id=seen_version_id, answers=answers, by=by, note=note)
    if action == DECISIONS[role][1]:
        _check_points(paper, newest, role)
    return move_paper(paper_id=paper_id, action=action, by=by, seen_version_id=seen_version_id)


@transaction.atomic
def keep_note(*, paper_id: int, note: NoteDraft, by: User) -> ReviewNote | None:
    """Keep what a reader was writing when the paper was taken back meanwhile: it is there again with the next version."""
    paper = locked_paper(paper_id)
    role = next((role for role in Reviewer if paper and policies.is_actor(by, paper, role)), None)
    if paper is None or role is None:
        raise NotAllowed
    newest = paper.latest_version
    return write_note(newest, NoteDraft(note.text), role=role, by=by) if newest is not None and note.text.strip() else None


@transaction.atomic
def drop_note(*, note_id: int, by: User) -> Paper:
    """Take back a note that was not sent yet."""
    note = ReviewNote.objects.drafts().select_related("version__paper__rancangan__participant").filter(pk=note_id, by=by).first()
    if note is None or policies.reviewer_role(by, note.version.paper) != note.role:
        raise NotAllowed
    note.delete()
    return note.version.paper


@transaction.atomic
def reply_note(*, note_id: int, text: str, by: User) -> ReviewNote:
    """Say what was done about a note; only the author, while the paper is in the author's hands. An empty text takes the reply back."""
    found = ReviewNote.objects.sent().filter(pk=note_id).values_list("version__paper_id", flat=True).first()
    paper = locked_paper(found) if found is not None else None
    if paper is None or not policies.can_write(by, paper.rancangan.participant):
        raise NotAllowed
    if not paper.is_editable:
        raise Refused(_("Naskah sedang dibaca, jadi tanggapan Anda tetap."))
    note = ReviewNote.objects.select_for_update(of=("self",)).get(pk=note_id)
    before, note.reply = note.reply, text.strip()[:500]
    note.replied_at = timezone.now() if note.reply else None
    note.save(update_fields=["reply", "replied_at"])
    if before != note.reply:
        audit.record(verb="reply_note", obj=paper.rancangan, by=by, changes={"reply": [before, note.reply]})
    return note


def _awaited(paper_id: int, by: User, roles: Collection[Reviewer] = tuple(Reviewer)) -> tuple[Paper, Reviewer]:
    """Lock the paper and say as what this person answers it.

    Raises NotAllowed for who has none of the roles that may act, IllegalMove when it is not their turn.
    """
    paper = locked_paper(paper_id)
    if paper is None or not any(policies.is_actor(by, paper, role) for role in roles):
        raise NotAllowed
    role = policies.reviewer_role(by, paper)
    if role is None:
        facts = {"paper": paper.get_kind_display(), "stage": paper.get_stage_display()}
        raise IllegalMove(_("Langkah ini tidak berlaku lagi. %(paper)s sekarang: %(stage)s.") % facts)
    return paper, role


def _check_points(paper: Paper, newest: PaperVersion, role: Reviewer) -> None:
    in_order = set(newest.answers.filter(role=role, is_ok=True).values_list("point", flat=True))
    open_points = [point.label for point in CHECKLISTS[paper.kind, role] if point.value not in in_order]
    if open_points:
        raise Refused(_("Belum dapat disetujui. Butir yang belum sesuai: %(points)s.") % {"points": "; ".join(map(str, open_points))})
