"""The list of imports under the upload: one's own, or those of everybody in one's area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from participants.enums import ImportState
from participants.imports import ParticipantImport, ParticipantImportQuerySet

WHOSE_PARAM, AREA = "milik", "wilayah"
STATE_FACES = {
    ImportState.PREVIEW: ("warn", "hourglass-split"),
    ImportState.COMMITTING: ("info", "play-fill"),
    ImportState.COMMITTED: ("ok", "check-lg"),
    ImportState.DISCARDED: ("", "x-lg"),
    ImportState.UNDOING: ("info", "play-fill"),
    ImportState.UNDONE: ("", "arrow-counterclockwise"),
}


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One former import: what it was, how it stands, and which doors are still open."""

    upload: ParticipantImport
    face: tuple[str, str]
    has_errors: bool
    can_undo: bool


def sees_area(user: User) -> bool:
    """Whether there may be imports of others: a province and PKSDM have offices below, a satker has what a colleague saved."""
    return user.has_role(Role.PKSDM, Role.ADMIN_PROVINSI) or ParticipantImport.objects.of_others(user).exists()


def imports_of(user: User, *, whole_area: bool, q: str = "", state: str = "") -> ParticipantImportQuerySet:
    """Return one's own imports, or all that one sees, the newest first."""
    rows = ParticipantImport.objects.visible_to(user) if whole_area else ParticipantImport.objects.own(user)
    if q:
        rows = rows.search(q)
    if state:
        rows = rows.filter(state=state)
    return rows.select_related("uploaded_by", "satker", "province").order_by("-uploaded_at", "-pk")


def lines_of(uploads: Iterable[ParticipantImport], user: User) -> list[ImportLine]:
    """Tell of each import its state and whether its error workbook and its undoing are still to be had by this person."""
    return [
        ImportLine(
            upload,
            STATE_FACES[ImportState(upload.state)],
            has_errors=bool(upload.error_count) and upload.state != ImportState.DISCARDED and upload.uploaded_by_id == user.pk,
            can_undo=upload.state == ImportState.COMMITTED and bool(upload.ready_count),
        )
        for upload in uploads
    ]
