"""How far people are in each phase of their angkatan."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, BatchPhase
from participants import seating_policies as policies
from participants.enums import ProgressState, Stage
from participants.models import Participant, PhaseProgress


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
    wanted = set(participant_ids)
    others = Participant.objects.visible_to(by).exclude(user_id=by.pk)
    people = list(others.filter(pk__in=wanted, batch=batch, stage=Stage.TRAINING).order_by("pk"))
    if not wanted or len(people) != len(wanted):
        raise Refused(_("Sebagian peserta yang dipilih tidak sedang mengikuti angkatan ini. Muat ulang daftarnya."))
    return _mark(people, phase, state, by)


def _mark(people: list[Participant], phase: BatchPhase, state: str, by: User) -> int:
    rows = PhaseProgress.objects.select_for_update(of=("self",)).filter(phase=phase, participant__in=people)
    old = dict(rows.values_list("participant_id", "state"))
    changed = [person for person in people if old.get(person.pk, ProgressState.WAITING) != state]
    now = timezone.now()
    PhaseProgress.objects.bulk_create(
        [PhaseProgress(participant=person, phase=phase, state=state, marked_at=now, marked_by=by) for person in changed],
        update_conflicts=True,
        unique_fields=["participant", "phase"],
        update_fields=["state", "marked_at", "marked_by"],
    )
    audit.record_many(
        audit.entry(
            verb="mark_progress",
            obj=person,
            by=by,
            changes={phase.name: [old.get(person.pk, ProgressState.WAITING.value), state]},
        )
        for person in changed
    )
    return len(changed)
