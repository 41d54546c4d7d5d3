from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from aktualisasi import policies
from aktualisasi.enums import ReviewPoint
from aktualisasi.models import Rancangan, RancanganFile, ReviewAnswer, ReviewNote
from aktualisasi.services.moving import move_rancangan
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User


@transaction.atomic
def save_review(
    *, rancangan_id: int, seen_file_id: int, answers: Mapping[str, bool], by: User, page: int | None = None, text: str = ""
) -> RancanganFile:
    """Keep the mentor's checklist and, when there is text, one more note in preparation. The participant sees neither yet."""
    rancangan = Rancangan.objects.select_for_update(of=("self",)).select_related("participant").filter(pk=rancangan_id).first()
    if rancangan is None or not policies.can_review(by, rancangan):
        raise NotAllowed
    newest = rancangan.latest_file
    if newest is None or newest.pk != seen_file_id:
        raise StaleVersion(_("Peserta sudah mengunggah versi yang lebih baru. Baca versi itu lebih dahulu."))
    for point, is_ok in answers.items():
        ReviewAnswer.objects.update_or_create(file=newest, point=ReviewPoint(point), defaults={"is_ok": is_ok, "by": by})
    if text.strip():
        if page is not None and not 1 <= page <= newest.pages:
            raise Refused(_("Halaman %(page)s tidak ada; dokumen ini %(pages)s halaman.") % {"page": page, "pages": newest.pages})
        ReviewNote.objects.create(file=newest, page=page, text=text.strip()[:1000], by=by)
    return newest


@transaction.atomic
def review_rancangan(
    *, rancangan_id: int, seen_file_id: int, action: str, answers: Mapping[str, bool], by: User, page: int | None = None, text: str = ""
) -> Rancangan:
    """Save the review and decide: `return` with the notes, or `approve` when every point of the checklist is in order."""
    newest = save_review(rancangan_id=rancangan_id, seen_file_id=seen_file_id, answers=answers, by=by, page=page, text=text)
    if action == "approve":
        in_order = set(newest.answers.filter(is_ok=True).values_list("point", flat=True))
        open_points = [point.label for point in ReviewPoint if point.value not in in_order]
        if open_points:
            raise Refused(_("Belum dapat disetujui. Butir yang belum sesuai: %(points)s.") % {"points": "; ".join(map(str, open_points))})
    return move_rancangan(rancangan_id=rancangan_id, action=action, by=by, seen_file_id=seen_file_id)


@transaction.atomic
def drop_note(*, note_id: int, by: User) -> Rancangan:
    """Take back a note that was not sent yet."""
    note = ReviewNote.objects.drafts().select_related("file__rancangan__participant").filter(pk=note_id, by=by).first()
    if note is None or not policies.can_review(by, note.file.rancangan):
        raise NotAllowed
    note.delete()
    return note.file.rancangan
