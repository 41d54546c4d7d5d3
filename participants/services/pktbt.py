"""PKTBT as the satker plans and reports it: activities per person, and the progress of the phase that follows from them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.documents.intake.names import display_name
from latsar.training.enums import BatchStage, PhaseKind
from latsar.training.models import BatchPhase
from participants import attendance_policies as policies
from participants.enums import ProgressSource, ProgressState, Stage
from participants.models import Participant, PktbtActivity
from participants.services.dossier import SUFFIXES, Judged, judge_file
from participants.services.progress import Reached, record_progress

MOST_ACTIVITIES = 40


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    topic: str
    form: str
    starts_on: date
    ends_on: date
    hours: int
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    content: bytes
    name: str


def reportable(*, participant_id: int, phase_id: int, by: User) -> tuple[Participant, BatchPhase]:
    """Lock a person of one's units in a PKTBT phase of their batch. Raises NotAllowed."""
    people = (
        Participant.objects.administered_by(by).exclude(user_id=by.pk).filter(pk=participant_id, stage__in=[Stage.PLACED, Stage.TRAINING])
    )
    person = people.select_for_update(of=("self",)).first()
    phase = BatchPhase.objects.filter(pk=phase_id, kind=PhaseKind.PKTBT).select_related("batch").first()
    if person is None or phase is None or phase.batch_id != person.batch_id or not policies.can_report_pktbt(by, phase.batch):
        raise NotAllowed
    return person, phase


def save_activity(
    *,
    participant_id: int,
    phase_id: int,
    facts: ActivityFacts,
    by: User,
    activity_id: int | None = None,
    version: int = 0,
    evidence: Evidence | None = None,
) -> PktbtActivity:
    """Plan an activity, or change one, with what was done of it; the progress of the phase follows.

    The evidence is judged in a process of its own before any row is locked. Raises NotAllowed, StaleVersion, Refused with
    what is wrong, the evidence included.
    """
    judged = _judged(evidence) if evidence is not None else None
    with transaction.atomic():
        return _save(participant_id, phase_id, facts, by, activity_id=activity_id, version=version, evidence=evidence, judged=judged)


def _save(
    participant_id: int,
    phase_id: int,
    facts: ActivityFacts,
    by: User,
    *,
    activity_id: int | None,
    version: int,
    evidence: Evidence | None,
    judged: Judged | None,
) -> PktbtActivity:
    person, phase = reportable(participant_id=participant_id, phase_id=phase_id, by=by)
    activity = PktbtActivity(participant=person, phase=phase, created_by=by)
    if activity_id is not None:
        found = PktbtActivity.objects.filter(pk=activity_id, participant=person, phase=phase).first()
        if found is None:
            raise NotAllowed
        if found.version != version:
            raise StaleVersion(_("Kegiatan ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi perubahan Anda."))
        activity = found
    elif PktbtActivity.objects.filter(participant=person, phase=phase).count() >= MOST_ACTIVITIES:
        raise Refused(_("Paling banyak %(n)d kegiatan per orang.") % {"n": MOST_ACTIVITIES})
    if facts.ends_on < facts.starts_on:
        raise Refused({"ends_on": _("Selesai harus sesudah mulai.")})
    if facts.done_on is not None and facts.done_on > timezone.localdate():
        raise Refused({"done_on": _("Tanggal ini belum tiba. Isi sesudah dilaksanakan.")})
    names = ("topic", "form", "starts_on", "ends_on", "hours", "done_on")
    before = audit.snapshot(activity, names) if activity.pk else dict.fromkeys(names)
    for name in names:
        setattr(activity, name, getattr(facts, name))
    if evidence is not None and judged is not None:
        activity.evidence_name = display_name(evidence.name)[:150]
        activity.evidence.save(f"{secrets.token_hex(20)}.{SUFFIXES[judged.kind]}", ContentFile(judged.data), save=False)
    activity.version += 1 if activity.pk else 0
    activity.save()
    changes = audit.difference(before, audit.snapshot(activity, names))
    audit.record(verb="report_pktbt", obj=person, by=by, changes=changes, note=activity.topic)
    _follow(person, phase, by)
    return activity


@transaction.atomic
def remove_activity(*, activity_id: int, by: User) -> PktbtActivity:
    """Take an activity out again. Raises NotAllowed."""
    found = PktbtActivity.objects.visible_to(by).filter(pk=activity_id).first()
    if found is None:
        raise NotAllowed
    person, phase = reportable(participant_id=found.participant_id, phase_id=found.phase_id, by=by)
    if found.evidence:
        name, storage = found.evidence.name or "", found.evidence.storage
        transaction.on_commit(lambda: storage.delete(name))
    key = found.pk
    found.delete()
    found.pk = key
    audit.record(verb="remove_pktbt", obj=person, by=by, note=found.topic)
    _follow(person, phase, by)
    return found


def _judged(evidence: Evidence) -> Judged:
    try:
        return judge_file(evidence.content, evidence.name)
    except Refused as refused:
        raise Refused({"evidence": list(refused.messages)}) from refused


def _follow(person: Participant, phase: BatchPhase, by: User) -> None:
    """Write the progress of the phase: JP done of those planned, while the batch runs."""
    if phase.batch.stage != BatchStage.RUNNING or person.stage != Stage.TRAINING:
        return
    rows = list(PktbtActivity.objects.filter(participant=person, phase=phase).values_list("hours", "done_on"))
    planned, done = sum(hours for hours, _day in rows), sum(hours for hours, day in rows if day)
    if not planned:
        reached = Reached(ProgressState.WAITING.value)
    else:
        state = ProgressState.DONE if done == planned else ProgressState.RUNNING if done else ProgressState.WAITING
        reached = Reached(state.value, done * 100 // planned, _("%(done)d dari %(planned)d JP") % {"done": done, "planned": planned})
    record_progress(batch=phase.batch, phase=phase, reached={person.pk: reached}, source=ProgressSource.UNIT, by=by)
