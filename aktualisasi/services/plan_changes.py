"""A change of the approved plan: asked by the participant, answered by the mentor, applied in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import habituasi_notices
from aktualisasi import habituasi_policies as policies
from aktualisasi.enums import MAX_TAHAPAN, SENTENCE
from aktualisasi.habituasi import Evidence, PlanChange, TahapanWork
from aktualisasi.habituasi_enums import REASON, ChangeKind
from aktualisasi.habituasi_workflow import CHANGE_MOVES
from aktualisasi.plan import Kegiatan, Tahapan
from aktualisasi.rancangan import Rancangan
from aktualisasi.report_weeks import habituasi_of, weeks_of
from aktualisasi.services.recording import FieldWork, enter_field, last_week, number_of
from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NoReason, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from participants.models import Participant

FACTS = ("text", "output", "weeks")


@transaction.atomic
def ask_change(
    *,
    participant_id: int,
    kind: str,
    reason: str,
    by: User,
    tahapan_id: int | None = None,
    kegiatan_id: int | None = None,
    text: str = "",
    output: str = "",
    weeks: Sequence[int] = (),
) -> PlanChange:
    """Ask the mentor to change, add or drop a tahapan. A change that leaves output or weeks empty keeps them.

    Raises NotAllowed, Refused with messages for the fields, and for a tahapan that waits for an answer already.
    """
    field = enter_field(participant_id=participant_id, by=by)
    if not reason.strip():
        raise NoReason({"reason": _("Tulis alasannya, supaya mentor dapat menjawab.")})
    change = PlanChange(rancangan=field.rancangan, kind=ChangeKind(kind), reason=reason.strip()[:REASON], asked_by=by)
    numbers = _weeks(weeks, field)
    if kind == ChangeKind.ADD:
        kegiatan = Kegiatan.objects.filter(pk=kegiatan_id or 0, rancangan=field.rancangan).first()
        if kegiatan is None:
            raise Refused({"kegiatan": _("Pilih kegiatan tempat tahapan baru ini.")})
        _check_count(kegiatan)
        change.kegiatan = kegiatan
        change.new = _new_facts(text, output, numbers or kegiatan.weeks) | {"number": f"{kegiatan.order}.{_next_order(kegiatan)}"}
    else:
        tahapan = _own(tahapan_id, field.rancangan)
        change.tahapan, change.kegiatan = tahapan, tahapan.kegiatan
        change.old = facts_of(tahapan) | {"number": number_of(tahapan)}
        if kind == ChangeKind.DROP:
            _check_droppable(tahapan)
        else:
            change.new = _new_facts(text, output or tahapan.output, numbers or change.old["weeks"])
            if all(change.new[name] == change.old[name] for name in FACTS):
                raise Refused({"text": _("Belum ada yang berubah. Tulis tahapan, output, atau minggu yang baru.")})
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError as waiting:
        raise Refused({"tahapan": _("Tahapan ini masih menunggu jawaban mentor. Tarik dahulu pengajuan itu.")}) from waiting
    audit.record(verb="ask_change", obj=field.participant, by=by, changes=_written(change), note=f"{change}: {change.reason}"[:500])
    habituasi_notices.change_moved(change, "ask")
    return change


@transaction.atomic
def move_change(*, change_id: int, action: str, by: User, note: str = "") -> PlanChange:
    """Withdraw, approve or refuse. An approval is applied to the plan here; what was before stays in `old`.

    Locks the participant, then the change. Raises NotAllowed, IllegalMove, NoReason, StaleVersion when the tahapan is no
    longer what the change was asked for, Refused when it cannot be applied.
    """
    Participant.objects.select_for_update(of=("self",)).filter(rancangan__plan_changes=change_id).values_list("pk").first()
    rows = PlanChange.objects.select_for_update(of=("self",)).select_related("rancangan__participant__user", "kegiatan", "tahapan")
    change, move = rows.filter(pk=change_id).first(), CHANGE_MOVES.get(action)
    if change is None or move is None or not policies.is_change_actor(by, change, move.actor):
        raise NotAllowed
    if change.stage not in move.sources:
        raise IllegalMove(_("Pengajuan ini sudah dijawab: %(stage)s.") % {"stage": change.get_stage_display()})
    note = note.strip()[:REASON]
    if move.needs_note and not note:
        raise NoReason({"note": _("Tulis alasannya, supaya peserta tahu apa yang sebaiknya dilakukan.")})
    if action == "approve":
        _APPLY[change.kind](change)
        Rancangan.objects.filter(pk=change.rancangan_id).update(version=F("version") + 1)
    change.stage, change.note, change.closed_at, change.closed_by = move.target, note, timezone.now(), by
    change.save(update_fields=["stage", "note", "closed_at", "closed_by", "tahapan", "old", "new"])
    said = f"{change}: {note}" if note else str(change)
    changes = _written(change) if action == "approve" else {}
    audit.record(verb=f"{action}_change", obj=change.rancangan.participant, by=by, changes=changes, note=said[:500])
    habituasi_notices.change_moved(change, action)
    return change


def facts_of(tahapan: Tahapan) -> dict[str, Any]:
    """Return what a change of plan can change about a tahapan."""
    work = TahapanWork.objects.filter(tahapan=tahapan).first()
    weeks = work.weeks if work and work.weeks else tahapan.kegiatan.weeks
    return {"text": tahapan.text, "output": tahapan.output, "weeks": list(weeks)}


def _apply_change(change: PlanChange) -> None:
    tahapan = _unchanged(change)
    tahapan.text, tahapan.output = change.new["text"], change.new["output"]
    tahapan.save(update_fields=["text", "output"])
    if change.new["weeks"] != change.old["weeks"]:
        _move_weeks(tahapan, change.new["weeks"])


def _apply_add(change: PlanChange) -> None:
    kegiatan = change.kegiatan
    if kegiatan is None:
        raise StaleVersion(_("Kegiatannya sudah tidak ada di rencana. Minta peserta mengajukan lagi."))
    _check_count(kegiatan)
    order = _next_order(kegiatan)
    tahapan = Tahapan.objects.create(kegiatan=kegiatan, order=order, text=change.new["text"], output=change.new["output"])
    TahapanWork.objects.create(tahapan=tahapan, due_week=last_week(kegiatan.weeks))
    change.tahapan, change.new = tahapan, change.new | {"number": number_of(tahapan)}
    if change.new["weeks"] != kegiatan.weeks:
        _move_weeks(tahapan, change.new["weeks"])


def _apply_drop(change: PlanChange) -> None:
    tahapan = _unchanged(change)
    _check_droppable(tahapan)
    Evidence.objects.filter(tahapan=tahapan).update(tahapan=None)  # only removed ones are left
    change.tahapan = None
    PlanChange.objects.filter(tahapan=tahapan).update(tahapan=None)
    tahapan.delete()


_APPLY: dict[str, Callable[[PlanChange], None]] = {
    ChangeKind.CHANGE: _apply_change,
    ChangeKind.ADD: _apply_add,
    ChangeKind.DROP: _apply_drop,
}


def _move_weeks(tahapan: Tahapan, weeks: list[int]) -> None:
    """Give a tahapan weeks of its own, and let its kegiatan span them too."""
    work, _made = TahapanWork.objects.get_or_create(tahapan=tahapan)
    work.weeks, work.due_week, work.version = weeks, last_week(weeks), work.version + 1
    phase = habituasi_of(tahapan.kegiatan.rancangan.participant)
    inside = any(work.planned_on in week for week in weeks_of(phase) if week.number in weeks) if work.planned_on else True
    if not inside:
        work.planned_on = None
    work.save(update_fields=["weeks", "due_week", "planned_on", "version", "updated_at"])
    kegiatan = Kegiatan.objects.select_for_update(of=("self",)).get(pk=tahapan.kegiatan_id)
    kegiatan.weeks = sorted({*kegiatan.weeks, *weeks})
    kegiatan.save(update_fields=["weeks"])


def _unchanged(change: PlanChange) -> Tahapan:
    """Return the tahapan, locked, when it is still what the change was asked for. Raises StaleVersion."""
    rows = Tahapan.objects.select_for_update(of=("self",)).select_related("kegiatan__rancangan__participant")
    tahapan = rows.filter(pk=change.tahapan_id or 0).first()
    if tahapan is None or any(facts_of(tahapan)[name] != change.old.get(name) for name in FACTS):
        raise StaleVersion(_("Tahapan ini sudah berubah sejak pengajuan dibuat. Minta peserta menarik dan mengajukannya lagi."))
    return tahapan


def _own(tahapan_id: int | None, rancangan: Rancangan) -> Tahapan:
    tahapan = Tahapan.objects.select_related("kegiatan").filter(pk=tahapan_id or 0, kegiatan__rancangan=rancangan).first()
    if tahapan is None:
        raise Refused({"tahapan": _("Pilih tahapan yang ingin diubah.")})
    return tahapan


def _new_facts(text: str, output: str, weeks: Sequence[int]) -> dict[str, Any]:
    if not text.strip():
        raise Refused({"text": _("Tulis tahapan yang baru.")})
    return {"text": text.strip()[:SENTENCE], "output": output.strip()[:SENTENCE], "weeks": list(weeks)}


def _weeks(weeks: Sequence[int], field: FieldWork) -> list[int]:
    known = {week.number for week in field.weeks}
    if not set(weeks) <= known:
        raise Refused({"weeks": _("Minggu habituasi ini 1 sampai %(n)d.") % {"n": len(known)}})
    return sorted(set(weeks))


def _check_count(kegiatan: Kegiatan) -> None:
    if kegiatan.tahapan.count() >= MAX_TAHAPAN or _next_order(kegiatan) > MAX_TAHAPAN:
        raise Refused({"kegiatan": _("Kegiatan ini sudah berisi %(n)d tahapan, paling banyak yang ada.") % {"n": MAX_TAHAPAN}})


def _next_order(kegiatan: Kegiatan) -> int:
    return (kegiatan.tahapan.aggregate(last=Max("order"))["last"] or 0) + 1


def _check_droppable(tahapan: Tahapan) -> None:
    if Evidence.objects.filter(tahapan=tahapan).current().exists():
        raise Refused({"tahapan": _("Tahapan ini sudah berbukti. Pindahkan buktinya ke tahapan lain, lalu hapus tahapannya.")})
    if tahapan.kegiatan.tahapan.count() == 1:
        raise Refused({"tahapan": _("Ini satu-satunya tahapan kegiatan itu. Ubah isinya, jangan dihapus.")})


def _written(change: PlanChange) -> dict[str, Any]:
    names = {*change.old, *change.new} - {"number"}
    return {name: [change.old.get(name), change.new.get(name)] for name in sorted(names) if change.old.get(name) != change.new.get(name)}
