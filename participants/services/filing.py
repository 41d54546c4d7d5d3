"""Under which unit an import is kept once it is saved; who may see and undo it follows from that."""

from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.satker.models import Satker
from participants.imports import ParticipantImport


def file_import(upload: ParticipantImport, *, by: User) -> None:
    """Set satker and province of an import that is about to be saved, by the rows that wait in it; does not save it.

    An Admin Satker's file about that one satker goes to the satker and its province, any other file about one province to
    the province alone. What PKSDM uploads, and what concerns several provinces, is for PKSDM and its uploader.
    """
    upload.satker_id = upload.province_id = None
    if by.has_role(Role.PKSDM):
        return
    waiting = upload.rows.waiting().order_by()  # type: ignore[attr-defined]
    units = set(
        Satker.objects.filter(pk__in=set(waiting.values_list("data__satker", flat=True).distinct())).values_list("pk", "province_id")
    )
    satker_ids, province_ids = ({unit[place] for unit in units} for place in (0, 1))
    if len(satker_ids) == 1 and satker_ids <= by.scope.satker_ids:
        upload.satker_id = satker_ids.pop()
    if len(province_ids) == 1:
        upload.province_id = province_ids.pop()
