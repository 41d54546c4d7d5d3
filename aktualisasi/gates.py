"""When the habituasi may begin and when an aktualisasi is finished: the only places that read those stages."""

from __future__ import annotations

from django.db.models import Q

from aktualisasi.enums import RancanganStage
from aktualisasi.rancangan import Rancangan
from participants.enums import Stage
from participants.models import Participant


def is_plan_approved(rancangan: Rancangan) -> bool:
    """Say whether the rancangan has its final approval: the plan of the habituasi."""
    return rancangan.stage == RancanganStage.APPROVED


def plan_approved_q(prefix: str = "") -> Q:
    """The same answer as a condition on rows; `prefix` leads to the rancangan, such as "rancangan__"."""
    return Q(**{f"{prefix}stage": RancanganStage.APPROVED})


def is_finished(participant: Participant) -> bool:
    """Say whether this aktualisasi is finished, so that it may go into the library."""
    return participant.stage == Stage.GRADUATED


def finished_q(prefix: str = "participant__") -> Q:
    """The same answer as a condition on rows; `prefix` leads to the participant."""
    return Q(**{f"{prefix}stage": Stage.GRADUATED})
