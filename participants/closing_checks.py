"""What an angkatan must have settled before it closes, said as a list and enforced as a refusal."""

from __future__ import annotations

from collections import Counter

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.training.clash import Finding
from latsar.training.enums import SessionMode
from latsar.training.models import Batch, BatchPhase, TrainingSession
from participants.enums import ProgressState, Stage
from participants.models import Objection, Participant, PhaseProgress, Result, ScoreSheet, Sttp
from participants.scoring.enums import ObjectionState, Outcome, SheetState

EXPLAINED = (Outcome.REMEDIAL, Outcome.DEFERRED, Outcome.FAILED)
"""Results that say why somebody has not graduated."""


def closing_findings(batch: Batch) -> list[Finding]:
    """Check results, scores, objections, phases and STTP of everybody in the angkatan; what is bad keeps it from closing.

    Seven queries.
    """
    stages = Counter(Participant.objects.filter(batch=batch).order_by().values_list("stage", flat=True))
    return [
        *_people(batch, stages),
        *_scores(batch),
        *_phases(batch, stages),
        *_sessions(batch),
        *_sttp(batch, stages),
    ]


def _people(batch: Batch, stages: Counter[str]) -> list[Finding]:
    left, done = stages[Stage.TRAINING], stages[Stage.GRADUATED]
    url, action = reverse("batch_graduate", args=[batch.pk]), _("Catat kelulusan")
    if not left:
        return [Finding("ok", _("Semua %(n)d peserta sudah dinyatakan lulus.") % {"n": done})] if done else []
    outcomes = Result.objects.filter(batch=batch, participant__stage=Stage.TRAINING, outcome__in=EXPLAINED).order_by()
    found = Counter(outcomes.values_list("outcome", flat=True))
    lines = [
        Finding("warn", f"{n} {Outcome(outcome).label.lower()}.", reverse("batch_results", args=[batch.pk]), _("Lihat hasil"))
        for outcome, n in sorted(found.items())
    ]
    unsaid = left - sum(found.values())
    if unsaid > 0:
        text = ngettext(
            "%(n)d peserta belum lulus tanpa hasil yang menjelaskannya.",
            "%(n)d peserta belum lulus tanpa hasil yang menjelaskannya.",
            unsaid,
        )
        lines.insert(0, Finding("warn", f"{text % {'n': unsaid}} {_('Tulis sebabnya saat menutup.')}", url, action))
    return lines


def _scores(batch: Batch) -> list[Finding]:
    sheet = ScoreSheet.objects.filter(batch=batch).first()
    if sheet is None:
        return []
    url = reverse("score_sheet", args=[batch.pk])
    if sheet.state != SheetState.PUBLISHED:
        text = _("Nilai belum diumumkan: %(state)s.") % {"state": str(sheet.get_state_display()).lower()}
        return [Finding("bad", text, url, _("Buka nilai"))]
    filed = Objection.objects.filter(batch=batch, state=ObjectionState.FILED).count()
    if filed:
        text = ngettext("%(n)d sanggahan belum dijawab.", "%(n)d sanggahan belum dijawab.", filed) % {"n": filed}
        return [Finding("bad", text, reverse("objection_list", args=[batch.pk]), _("Jawab"))]
    return [Finding("ok", _("Nilai sudah diumumkan, tidak ada sanggahan terbuka."))]


def _phases(batch: Batch, stages: Counter[str]) -> list[Finding]:
    people = stages[Stage.TRAINING] + stages[Stage.GRADUATED]
    if not people:
        return []
    done = Counter(
        PhaseProgress.objects.filter(phase__batch=batch, state=ProgressState.DONE, participant__batch=batch).values_list(
            "phase_id", flat=True
        )
    )
    open_phases = [phase for phase in BatchPhase.objects.filter(batch=batch).order_by("order") if done[phase.pk] < people]
    if not open_phases:
        return [Finding("ok", _("Semua fase ditandai selesai."))]
    text = _("Belum semua ditandai selesai: %(phases)s.") % {"phases": ", ".join(phase.name for phase in open_phases)}
    return [Finding("warn", text, f"{batch.get_absolute_url()}?fase={open_phases[0].order}#peserta", _("Tandai"))]


def _sessions(batch: Batch) -> list[Finding]:
    left = TrainingSession.objects.filter(batch=batch, closed_at=None).exclude(mode=SessionMode.ASYNC).count()
    if not left:
        return []
    text = ngettext("Kehadiran %(n)d sesi belum ditutup.", "Kehadiran %(n)d sesi belum ditutup.", left) % {"n": left}
    return [Finding("warn", text, reverse("batch_attendance", args=[batch.pk]), _("Buka kehadiran"))]


def _sttp(batch: Batch, stages: Counter[str]) -> list[Finding]:
    if not stages[Stage.GRADUATED]:
        return []
    lacking = stages[Stage.GRADUATED] - Sttp.objects.filter(batch=batch, participant__stage=Stage.GRADUATED).count()
    if lacking <= 0:
        return [Finding("ok", _("STTP semua lulusan sudah dicatat."))]
    text = ngettext("STTP %(n)d lulusan belum dicatat.", "STTP %(n)d lulusan belum dicatat.", lacking) % {"n": lacking}
    return [Finding("warn", text, reverse("sttp_list", args=[batch.pk]), _("Catat STTP"))]
