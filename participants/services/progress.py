"""How far people are in each phase of their angkatan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, BatchPhase
from participants import seating_policies as policies
from participants.enums import ProgressSource, ProgressState, Stage
from participants.models import Participant, PhaseProgress


@dataclass(frozen=True, slots=True)
class Reached:
    """How far one person is: the state, and what the source counts."""

    state: str
    percent: int | None = None
    detail: str = ""


@transaction.atomic
def mark_progress(*, batch_id: int, phase_id: int, participant_ids: Iterable[int], state: str, by: User) -> int:
    """Set the state of a phase for these people of a running angkatan; returns for how many it changed.

    The institute and PKSDM mark everybody, units their own people only; nobody marks themselves.
    """
    batch = Batch.objects.visible_to(by).filter(pk=batch_id).first()
    phase = BatchPhase.objects.filter(pk=phase_id, batch_id=batch_id).first()
    if batch is None or phase is None or not policies.can_mark_progress(by, batch):
        raise NotAllowed
    if batch.stage != BatchStage.RUNNING:
        raise Refused(_("Kemajuan dicatat selama angkatan berjalan. Sekarang: %(stage)s.") % {"stage": batch.get_stage_display()})
    if state not in ProgressState.values:
        raise Refused(_("Pilih keadaan fase: belum mulai, berjalan, atau selesai."))
    wanted = {pk: Reached(state) for pk in participant_ids}
    unit_only = not (by.has_role(Role.PKSDM) or batch.institute_id in by.scope.institute_ids)
    return record_progress(
        batch=batch, phase=phase, reached=wanted, source=ProgressSource.UNIT if unit_only else ProgressSource.FORM, by=by
    )


def record_progress(*, batch: Batch, phase: BatchPhase, reached: Mapping[int, Reached], source: str, by: User) -> int:
    """Write how far these people are in a phase, inside the caller's transaction; returns for how many something changed.

    Whoever calls has checked who may. Raises Refused when somebody is not in training in this batch, or is oneself.
    """
    if batch.stage != BatchStage.RUNNING:
        raise Refused(_("Kemajuan dicatat selama angkatan berjalan. Sekarang: %(stage)s.") % {"stage": batch.get_stage_display()})
    wanted = dict(reached)
    others = Participant.objects.visible_to(by).exclude(user_id=by.pk)
    people = list(others.filter(pk__in=wanted, batch=batch, stage=Stage.TRAINING).order_by("pk"))
    if not wanted or len(people) != len(wanted):
        raise Refused(_("Sebagian peserta yang dipilih tidak sedang mengikuti angkatan ini. Muat ulang daftarnya."))
    return _mark(people, phase, wanted, source, by)


def _mark(people: list[Participant], phase: BatchPhase, wanted: Mapping[int, Reached], source: str, by: User) -> int:
    rows = PhaseProgress.objects.select_for_update(of=("self",)).filter(phase=phase, participant__in=people)
    old = {row.participant_id: row for row in rows}
    now = timezone.now()
    made = [_row(old.get(person.pk), person, phase, wanted[person.pk], source) for person in people]
    changed = [row for row in made if _facts(row) != _facts(old.get(row.participant_id))]
    before = {row.participant_id: _said(old.get(row.participant_id)) for row in changed}
    for row in changed:
        row.marked_at, row.marked_by = now, by
    PhaseProgress.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["participant", "phase"],
        update_fields=["state", "percent", "detail", "source", "marked_at", "marked_by"],
    )
    by_id = {person.pk: person for person in people}
    audit.record_many(
        audit.entry(
            verb="mark_progress",
            obj=by_id[row.participant_id],
            by=by,
            changes={phase.name: [before[row.participant_id], _said(row)]},
            note=str(ProgressSource(source).label) if source != ProgressSource.FORM else "",
        )
        for row in changed
    )
    return len(changed)


def _row(old: PhaseProgress | None, person: Participant, phase: BatchPhase, reached: Reached, source: str) -> PhaseProgress:
    """Build the row anew. A bare state keeps what was counted before, unless it contradicts it."""
    percent, detail = reached.percent, reached.detail
    if percent is None and not detail and old is not None and reached.state == old.state:
        return PhaseProgress(participant=person, phase=phase, state=old.state, percent=old.percent, detail=old.detail, source=old.source)
    return PhaseProgress(participant=person, phase=phase, state=reached.state, percent=percent, detail=detail[:80], source=source)


def _facts(row: PhaseProgress | None) -> tuple[Any, ...]:
    return (row.state, row.percent, row.detail) if row else (ProgressState.WAITING, None, "")


def _said(row: PhaseProgress | None) -> str:
    """Write a state for the trail: bare while nothing is counted, as it always was."""
    if row is None:
        return str(ProgressState.WAITING.value)
    counted = row.detail or (f"{row.percent}%" if row.percent is not None else "")
    return f"{row.state}, {counted}" if counted else str(row.state)
