"""What the page of one person says: where the file stands, what can be done now, and its story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from latsar.accounts.models import DataView, User
from latsar.satker.models import SatkerKind
from latsar.training.models import BatchPhase
from latsar.ui import words
from latsar.ui.components import Step
from participants import policies
from participants.dossier.checklist import holding_back
from participants.enums import LEFT, REACHED, Stage
from participants.models import Participant, ParticipantStageChange, Placement
from participants.services.verification import FILE_ACTIONS
from participants.workflow import MOVES

STEP_LABELS = {
    Stage.REGISTERED: gettext_lazy("Terdaftar"),
    Stage.SUBMITTED: gettext_lazy("Diajukan"),
    Stage.VERIFIED: gettext_lazy("Diverifikasi"),
    Stage.APPROVED: gettext_lazy("Disetujui"),
    Stage.PLACED: gettext_lazy("Ditempatkan"),
    Stage.TRAINING: gettext_lazy("Latsar"),
    Stage.GRADUATED: gettext_lazy("Lulus"),
}
WAITS = {
    Stage.SUBMITTED: gettext_lazy("menunggu satker"),
    Stage.VERIFIED: gettext_lazy("menunggu provinsi"),
    Stage.APPROVED: gettext_lazy("menunggu PKSDM"),
    Stage.PLACED: gettext_lazy("menunggu kursi"),
}
ACTION_WORDS = {
    "submit": (gettext_lazy("Ajukan untuk verifikasi"), gettext_lazy("Sesudah diajukan, data terkunci sampai ada jawaban.")),
    "withdraw_submission": (gettext_lazy("Tarik pengajuan"), gettext_lazy("Data terbuka lagi untuk diperbaiki satker.")),
    "verify": (gettext_lazy("Verifikasi"), gettext_lazy("Data sudah dicocokkan dengan SK CPNS. PKSDM memeriksa berikutnya.")),
    "return": (gettext_lazy("Kembalikan ke satker"), gettext_lazy("Satker memperbaiki, lalu mengajukan lagi.")),
    "approve": (gettext_lazy("Setujui"), gettext_lazy("Sesudah disetujui, orang ini bisa mendapat kursi.")),
    "return_to_satker": (gettext_lazy("Kembalikan ke satker"), gettext_lazy("Satker memperbaiki, lalu mengajukan lagi.")),
}


@dataclass(frozen=True, slots=True)
class Action:
    name: str
    label: str
    text: str
    needs_note: bool
    is_primary: bool
    lacking: str = ""
    """The documents without which it would be refused."""


def actions_of(person: Participant, user: User) -> list[Action]:
    """Return the moves this person can make now; the first one without a reason is the main one."""
    names = [name for name in FILE_ACTIONS if policies.can_move(user, person, name)]
    main = next((name for name in names if not MOVES[name].needs_note and name != "withdraw_submission"), None)
    names.sort(key=lambda name: name != main)
    lacking = holding_back([person], timezone.localdate()).get(person.pk, "") if "submit" in names else ""
    return [
        Action(
            name,
            str(ACTION_WORDS[name][0]),
            str(ACTION_WORDS[name][1]),
            MOVES[name].needs_note,
            name == main,
            lacking if name == "submit" else "",
        )
        for name in names
    ]


def lock_reason(person: Participant, user: User) -> str:
    """Say to somebody who registers people why this file cannot be edited, or nothing."""
    if policies.can_edit(user, person) or not policies.is_registrar(user, person):
        return ""
    if person.stage == Stage.GRADUATED:
        return _("Sudah lulus, jadi datanya tetap.")
    if person.has_died:
        return _("Meninggal dunia, jadi datanya tetap.")
    if person.stage in LEFT:
        return _("Sudah berhenti, jadi datanya tetap. Bila kembali, usulkan pengaktifan kembali.")
    if person.stage == Stage.SUBMITTED:
        return _("Terkunci karena sudah diajukan. Tarik pengajuan untuk memperbaikinya.")
    return _("Terkunci karena sudah diverifikasi. Minta PKSDM memperbaiki atau mengembalikannya.")


def steps_of(person: Participant, changes: Sequence[ParticipantStageChange], phase: BatchPhase | None) -> list[Step]:
    """Say how far the file is: reached stages with their dates, then who is waited for.

    Whoever left stays where they got to.
    """
    reached = {change.new: change.at for change in reversed(changes)}
    if person.stage in LEFT:
        got_to = [stage for stage in REACHED if stage in reached or stage == Stage.REGISTERED]
        notes = {stage: words.day_and_month(timezone.localdate(reached[stage])) for stage in got_to if stage in reached}
        return [Step(str(STEP_LABELS[stage]), notes.get(stage, ""), "done" if stage in got_to else "todo") for stage in REACHED]
    position = _position(person)
    ongoing = position if person.stage == Stage.TRAINING else position + 1
    steps = []
    for number, stage in enumerate(REACHED):
        at = reached.get(stage) or (person.created_at if stage == Stage.REGISTERED else None)
        if number < ongoing or person.stage == Stage.GRADUATED:
            steps.append(Step(str(STEP_LABELS[stage]), words.day_and_month(timezone.localdate(at)) if at else "", "done"))
        elif number == ongoing:
            steps.append(Step(str(STEP_LABELS[stage]), _now_note(person, stage, phase), "now"))
        else:
            steps.append(Step(str(STEP_LABELS[stage])))
    return steps


def _position(person: Participant) -> int:
    if person.stage == Stage.DEFERRED:
        return REACHED.index(Stage.APPROVED)
    return 0 if person.stage == Stage.RETURNED else REACHED.index(Stage(person.stage))


def _now_note(person: Participant, stage: str, phase: BatchPhase | None) -> str:
    if person.stage == Stage.RETURNED:
        return _("diperbaiki satker")
    if person.stage == Stage.DEFERRED:
        return _("ditunda")
    if stage == Stage.TRAINING and person.batch is not None:
        if person.stage == Stage.PLACED:
            return _("mulai %(day)s") % {"day": words.day_and_month(person.batch.starts_on)}
        if phase is not None:
            return _("%(phase)s sampai %(day)s") % {"phase": phase.name, "day": words.day_and_month(phase.ends_on)}
        return _("sampai %(day)s") % {"day": words.day_and_month(person.batch.ends_on)}
    if stage == Stage.VERIFIED and person.province.kind == SatkerKind.SETJEN:
        return _("menunggu PKSDM")
    return str(WAITS.get(Stage(stage), ""))


def views_of(person: Participant) -> QuerySet[DataView]:
    """Return who looked at this person's data, newest first, for whoever may know."""
    return DataView.objects.about(person).select_related("viewer")


def pregnancy_text(person: Participant, today: date) -> str:
    """Say how many weeks today, and how many when training begins; nothing when the term is over."""
    weeks = person.pregnancy_weeks_on(today)
    if weeks is None:
        return ""
    text = ngettext("%(n)d minggu", "%(n)d minggu", weeks) % {"n": weeks}
    if person.batch is None or person.batch.starts_on <= today:
        return text
    then = person.pregnancy_weeks_on(person.batch.starts_on)
    return _("%(weeks)s, %(then)d minggu saat mulai Latsar") % {"weeks": text, "then": then} if then else text


def placement_of(person: Participant) -> Placement | None:
    if person.batch_id is None:
        return None
    return person.placements.active().select_related("seat").first()


def phase_today(phases: Iterable[BatchPhase], today: date) -> BatchPhase | None:
    """Return the phase that runs today, the main one when a parallel phase runs too."""
    running = [phase for phase in phases if phase.starts_on <= today <= phase.ends_on]
    return min(running, key=lambda phase: (phase.is_parallel, phase.order), default=None)
