"""When the habituasi may begin and when an aktualisasi is finished: the only places that read those stages."""

from __future__ import annotations

from django.db.models import Q

from aktualisasi.enums import PaperKind, PaperStage
from aktualisasi.papers import Paper, PaperQuerySet
from aktualisasi.rancangan import Rancangan
from participants.enums import Stage
from participants.models import Participant


def is_plan_approved(rancangan: Rancangan) -> bool:
    """Say whether the rancangan has its final approval: the plan of the habituasi."""
    paper = rancangan.paper(PaperKind.RANCANGAN)
    return paper is not None and paper.stage == PaperStage.APPROVED


def plan_approved_q(prefix: str = "") -> Q:
    """The same answer as a condition on rows; `prefix` leads to the rancangan, such as "rancangan__"."""
    approved = Paper.objects.filter(kind=PaperKind.RANCANGAN, stage=PaperStage.APPROVED)
    return Q(**{f"{prefix}pk__in": approved.values("rancangan_id")})


def is_finished(participant: Participant) -> bool:
    """Say whether this aktualisasi is finished, so that it may go into the library: graduated, or the laporan approved."""
    return participant.stage == Stage.GRADUATED or _reported().filter(rancangan__participant=participant).exists()


def finished_q(prefix: str = "participant__") -> Q:
    """The same answer as a condition on rows; `prefix` leads to the participant."""
    graduated = Q(**{f"{prefix}stage": Stage.GRADUATED})
    return graduated | Q(**{f"{prefix}pk__in": _reported().values("rancangan__participant_id")})


def _reported() -> PaperQuerySet:
    return Paper.objects.filter(kind=PaperKind.LAPORAN, stage=PaperStage.APPROVED)
