"""A stored preview against the portal as it is now: whether it still holds, and judging its rows again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.ui.words import thousands
from participants.enums import RowOutcome
from participants.imports import PREVIEW_KEPT, ImportRow, ParticipantImport
from participants.lookups import importable_satker, satker_index
from participants.people import Participant
from participants.services.judging import STATE_CODES, JudgedRow, Judgement, as_typed, judge_results
from participants.workbook.cells import CellError, RawRow
from participants.workbook.validation import validate_row


class StalePreview(Refused):
    """What was previewed is no longer what saving would do."""


def explain_stale(upload: ParticipantImport, *, by: User) -> str:
    """Say why a preview no longer holds, or "": too old, another right or a closed satker, people written since."""
    if timezone.now() > upload.kept_until:
        return _("Pemeriksaan ini sudah lebih dari %(days)d hari.") % {"days": PREVIEW_KEPT.days}
    waiting = upload.rows.waiting().order_by()  # type: ignore[attr-defined]
    units = set(waiting.values_list("data__satker", flat=True).distinct())
    if units - {unit.pk for unit in importable_satker(by)}:
        return _("Sejak diperiksa, satker di berkas ini ditutup atau wewenang Anda atasnya berubah.")
    same_nip = Participant.objects.filter(nip=OuterRef("nip"))
    moved = (
        waiting.filter(outcome=RowOutcome.NEW).filter(Exists(same_nip)).count()
        + waiting.filter(outcome=RowOutcome.CHANGED).exclude(Exists(same_nip.filter(version=OuterRef("base_version")))).count()
    )
    if not moved:
        return ""
    return _("Data %(count)s orang di berkas ini berubah sejak diperiksa.") % {"count": thousands(moved)}


def judge_stored(*, rows: Sequence[ImportRow], by: User) -> Judgement:
    """Judge the rows of a preview again; what was wrong in a cell stays wrong until another file comes."""
    lookups, today = satker_index(by), timezone.localdate()
    standing = {row.number: _standing(row) for row in rows if row.outcome == RowOutcome.ERROR and not _is_about_portal(row)}
    results = [validate_row(_raw(row), lookups=lookups, today=today) for row in rows if row.number not in standing]
    judged = {row.raw.number: row for row in judge_results(results, by=by).rows}
    return Judgement([standing.get(row.number) or judged[row.number] for row in rows])


def _is_about_portal(row: ImportRow) -> bool:
    return all(error["code"] in STATE_CODES for error in row.errors)


def _standing(row: ImportRow) -> JudgedRow:
    raw, errors = RawRow.from_texts(row.number, row.raw), [CellError(**error) for error in row.errors]
    return JudgedRow(raw, RowOutcome.ERROR, label=row.label, errors=errors)


def _raw(row: ImportRow) -> RawRow:
    return RawRow.from_texts(row.number, row.raw if row.outcome == RowOutcome.ERROR else as_typed(row.nip, row.data))
