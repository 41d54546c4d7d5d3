"""Groups of people that a number counts and the list can show: what stands behind the doors of the dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.clock import bucket_q
from participants.enums import ENDED, REACHED, UNSEATED, Stage
from participants.levels import CLOCK_LEVELS
from participants.reachable import earliest_ends


@dataclass(frozen=True, slots=True)
class StageGroup:
    """Several stages under one word; `key` is its value of the filter `tahap`."""

    key: str
    label: str | Promise
    stages: frozenset[str]


def _since(stage: Stage) -> frozenset[str]:
    return frozenset(REACHED[REACHED.index(stage) :])


STAGE_GROUPS = (
    StageGroup("berjalan", _("Belum lulus"), frozenset(set(Stage.values) - set(ENDED))),
    StageGroup("belum-kursi", _("Belum dapat kursi"), frozenset(UNSEATED)),
    StageGroup("sudah-diverifikasi", _("Sudah diverifikasi"), _since(Stage.VERIFIED)),
    StageGroup("sudah-disetujui", _("Sudah disetujui"), _since(Stage.APPROVED)),
    StageGroup("sudah-ditempatkan", _("Sudah ditempatkan"), _since(Stage.PLACED)),
    StageGroup("sudah-mulai", _("Sudah mulai Latsar"), _since(Stage.TRAINING)),
)
_STAGES = {group.key: group.stages for group in STAGE_GROUPS}

_LEVELS = {level.key: level for level in CLOCK_LEVELS}


def stages_of(key: str) -> frozenset[str]:
    """Return the stages that a value of the filter `tahap` stands for."""
    return _STAGES.get(key, frozenset({key}))


def stage_q(key: str) -> Q:
    """Rows of a group of stages or of one stage; an unknown key selects nothing."""
    return Q(stage__in=stages_of(key))


def clock_q(key: str, today: date) -> Q:
    """Rows of a bucket of deadlines or of a level of the clock; an unknown key selects nothing."""
    level = _LEVELS.get(key)
    return level.q(today, earliest_ends(today)) if level else bucket_q(key, today)


def people_url(**filters: str | int) -> str:
    """Return the address of the list with these filters, under the names that the list reads."""
    query = urlencode({name: value for name, value in filters.items() if value})
    return reverse("participant_list") + (f"?{query}" if query else "")
