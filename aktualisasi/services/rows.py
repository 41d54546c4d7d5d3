"""Rows of the rancangan: added, moved up and down, taken away and brought back. The rancangan is locked meanwhile."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core import serializers
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import policies
from aktualisasi.enums import MAX_CAUSES, MAX_ISSUES, MAX_KEGIATAN, MAX_TAHAPAN, Bone
from aktualisasi.models import Cause, Issue, IssueCorrection, Kegiatan, KegiatanAgenda, KegiatanValue, Rancangan, RemovedRow, Tahapan
from aktualisasi.plan import PARKED
from aktualisasi.services.fields import open_plan, settle_choice, touch
from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.ui.typed import seen_text

MODELS: dict[str, type[Any]] = {"issue": Issue, "cause": Cause, "kegiatan": Kegiatan, "tahapan": Tahapan}
OWNERS = {"issue": "rancangan", "cause": "issue__rancangan", "kegiatan": "rancangan", "tahapan": "kegiatan__rancangan"}
LIMITS = {"issue": MAX_ISSUES, "cause": MAX_CAUSES, "kegiatan": MAX_KEGIATAN, "tahapan": MAX_TAHAPAN}


@transaction.atomic
def add_row(*, participant_id: int, kind: str, parent: int = 0, bone: str = "", by: User) -> Any:
    """Add an empty row at the end. `parent` is the issue of a cause or the kegiatan of a tahapan. Raises Refused at the limit."""
    rancangan = open_plan(participant_id=participant_id, by=by)
    place = _place(rancangan, kind, parent, bone)
    peers = MODELS[kind].objects.filter(**place)
    count = peers.count()
    if count >= LIMITS[kind]:
        raise Refused(_("Paling banyak %(limit)s baris. Gabungkan atau hapus satu dahulu.") % {"limit": LIMITS[kind]}, code="limit")
    row = MODELS[kind].objects.create(**place, order=count + 1)
    touch(rancangan)
    audit.record(verb="add_row", obj=rancangan, by=by, changes={f"{kind}.{row.pk}": [None, row.order]})
    return row


@transaction.atomic
def move_row(*, participant_id: int, kind: str, row_id: int, up: bool, by: User) -> Any:
    """Let a row change places with its neighbour; at the end of the list nothing happens."""
    rancangan = open_plan(participant_id=participant_id, by=by)
    row = _own(rancangan, kind, row_id)
    neighbour = _peers(row, kind).filter(order=row.order + (-1 if up else 1)).first()
    if neighbour is None:
        return row
    here, there = row.order, neighbour.order
    for moved, order in ((row, PARKED), (neighbour, here), (row, there)):
        moved.order = order
        moved.save(update_fields=["order"])
    touch(rancangan)
    audit.record(verb="move_row", obj=rancangan, by=by, changes={f"{kind}.{row.pk}": [here, there]})
    return row


@transaction.atomic
def remove_row(*, participant_id: int, kind: str, row_id: int, by: User) -> RemovedRow:
    """Take a row away with what hangs on it, kept whole for `restore_row`. Raises Refused when the habituasi already stands on it."""
    rancangan = open_plan(participant_id=participant_id, by=by)
    row = _own(rancangan, kind, row_id)
    kept = RemovedRow.objects.create(rancangan=rancangan, kind=kind, label=_label(row)[:120], rows=_pack(row), removed_by=by)
    peers, order = _peers(row, kind), row.order
    try:
        row.delete()
    except ProtectedError as standing:
        raise Refused(
            _("Baris ini sudah dipakai dalam habituasi, jadi tidak dapat dihapus. Ajukan perubahan rencana."), code="used"
        ) from standing
    for later in peers.filter(order__gt=order).order_by("order"):
        later.order -= 1
        later.save(update_fields=["order"])
    rancangan.refresh_from_db(fields=["chosen_issue"])
    changes: dict[str, list[Any]] = {f"{kind}.{row_id}": [kept.label, None]}
    if kind == "issue":
        changes |= settle_choice(rancangan)
    touch(rancangan)
    audit.record(verb="remove_row", obj=rancangan, by=by, changes=changes)
    return kept


@transaction.atomic
def restore_row(*, participant_id: int, removed_id: int, by: User) -> RemovedRow:
    """Bring a removed row back where it stood, under its own number, with what hung on it. Done once; a second call changes nothing."""
    rancangan = open_plan(participant_id=participant_id, by=by)
    kept = RemovedRow.objects.filter(rancangan=rancangan, pk=removed_id).first()
    if kept is None:
        raise NotAllowed
    if kept.restored_at is not None:
        return kept
    first, *others = serializers.deserialize("python", kept.rows["rows"])
    row: Any = first.object
    _check_parent(kept.kind, row)
    peers = _peers(row, kept.kind)
    count = peers.count()
    if count >= LIMITS[kept.kind]:
        raise Refused(_("Paling banyak %(limit)s baris. Gabungkan atau hapus satu dahulu.") % {"limit": LIMITS[kept.kind]}, code="limit")
    row.order = min(row.order, count + 1)
    for later in peers.filter(order__gte=row.order).order_by("-order"):
        later.order += 1
        later.save(update_fields=["order"])
    _check_cause(row)
    for item in (row, *(other.object for other in others)):
        item.save(force_insert=True)
    _tie_again(rancangan, kept)
    kept.restored_at = timezone.now()
    kept.save(update_fields=["restored_at"])
    changes: dict[str, list[Any]] = {f"{kept.kind}.{row.pk}": [None, kept.label]}
    if kept.kind == "issue":
        changes |= settle_choice(rancangan)
    touch(rancangan)
    audit.record(verb="restore_row", obj=rancangan, by=by, changes=changes)
    return kept


@transaction.atomic
def record_correction(
    *, rancangan_id: int, issue_id: int | None, superior_name: str, superior_jabatan: str, corrected_on: date, text: str, by: User
) -> IssueCorrection:
    """Write down what the participant's superior corrected; it stays for good. Raises NotAllowed, Refused for a day to come."""
    rancangan = Rancangan.objects.select_for_update(of=("self",)).select_related("participant").filter(pk=rancangan_id).first()
    if rancangan is None or not policies.can_record_correction(by, rancangan):
        raise NotAllowed
    if corrected_on > timezone.localdate():
        raise Refused(_("Tanggal koreksi belum tiba. Tulis hari saat atasan memberi koreksi."), code="corrected_on")
    issue = Issue.objects.filter(pk=issue_id, rancangan=rancangan).first() if issue_id else None
    if issue_id and issue is None:
        raise Refused(_("Isu itu sudah tidak ada. Pilih isu yang lain."), code="issue")
    row = IssueCorrection.objects.create(
        rancangan=rancangan,
        issue=issue,
        superior_name=superior_name,
        superior_jabatan=superior_jabatan,
        corrected_on=corrected_on,
        text=seen_text(text),
        recorded_by=by,
    )
    audit.record(verb="record_correction", obj=rancangan, by=by, changes={"correction": [None, row.text]})
    return row


def _place(rancangan: Rancangan, kind: str, parent: int, bone: str) -> dict[str, Any]:
    if kind in ("issue", "kegiatan"):
        return {"rancangan": rancangan}
    if kind == "cause":
        issue = Issue.objects.filter(pk=parent, rancangan=rancangan).first()
        if issue is not None and bone in Bone.values:
            return {"issue": issue, "bone": bone}
    if kind == "tahapan":
        kegiatan = Kegiatan.objects.filter(pk=parent, rancangan=rancangan).first()
        if kegiatan is not None:
            return {"kegiatan": kegiatan}
    raise NotAllowed


def _own(rancangan: Rancangan, kind: str, row_id: int) -> Any:
    if kind not in MODELS:
        raise NotAllowed
    row = MODELS[kind].objects.filter(pk=row_id, **{OWNERS[kind]: rancangan}).first()
    if row is None:
        raise Refused(_("Baris ini sudah tidak ada. Muat ulang halaman ini."), code="gone")
    return row


def _peers(row: Any, kind: str) -> models.QuerySet[Any]:
    place = {"rancangan": row.rancangan_id} if kind in ("issue", "kegiatan") else {}
    if kind == "cause":
        place = {"issue": row.issue_id, "bone": row.bone}
    elif kind == "tahapan":
        place = {"kegiatan": row.kegiatan_id}
    return MODELS[kind].objects.filter(**place)


def _label(row: Any) -> str:
    return str(row) or str(row._meta.verbose_name)


def _pack(row: Any) -> dict[str, Any]:
    """Return the row with its own rows, and who pointed at it: chosen issue, corrections, kegiatan that answer a cause."""
    rows: list[Any] = [row]
    causes: list[Cause] = []
    if isinstance(row, Issue):
        causes = list(row.causes.all())
        rows += causes
    elif isinstance(row, Kegiatan):
        rows += [*KegiatanValue.objects.filter(kegiatan=row), *KegiatanAgenda.objects.filter(kegiatan=row), *row.tahapan.all()]
    elif isinstance(row, Cause):
        causes = [row]
    answers = list(Kegiatan.objects.filter(cause__in=causes).values_list("pk", "cause_id")) if causes else []
    is_chosen = isinstance(row, Issue) and row.rancangan.chosen_issue_id == row.pk
    corrections = list(row.corrections.values_list("pk", flat=True)) if isinstance(row, Issue) else []
    return {"rows": serializers.serialize("python", rows), "answers": answers, "chosen": is_chosen, "corrections": corrections}


def _tie_again(rancangan: Rancangan, kept: RemovedRow) -> None:
    pk = kept.rows["rows"][0]["pk"]
    for kegiatan, cause in kept.rows["answers"]:
        Kegiatan.objects.filter(pk=kegiatan, rancangan=rancangan, cause=None).update(cause=cause)
    if kept.rows["corrections"]:
        IssueCorrection.objects.filter(pk__in=kept.rows["corrections"], rancangan=rancangan).update(issue=pk)
    if kept.rows["chosen"]:
        Rancangan.objects.filter(pk=rancangan.pk, chosen_issue=None).update(chosen_issue=pk)
        rancangan.refresh_from_db(fields=["chosen_issue"])


def _check_parent(kind: str, row: Any) -> None:
    gone = (kind == "cause" and not Issue.objects.filter(pk=row.issue_id).exists()) or (
        kind == "tahapan" and not Kegiatan.objects.filter(pk=row.kegiatan_id).exists()
    )
    if gone:
        raise Refused(_("Baris ini bagian dari baris lain yang juga dihapus. Kembalikan yang itu dahulu."), code="gone")


def _check_cause(row: Any) -> None:
    """A kegiatan that comes back may find its cause gone meanwhile."""
    if isinstance(row, Kegiatan) and row.cause_id and not Cause.objects.filter(pk=row.cause_id).exists():
        row.cause_id = None
