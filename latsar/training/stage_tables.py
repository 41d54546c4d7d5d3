"""Rows of the tahapan pemilu, ready for their page and their workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.training import policies
from latsar.training.enums import StageScope
from latsar.training.models import ElectionStage
from latsar.ui import words

PAST, WITHDRAWN = "lewat", "ditarik"


@dataclass(frozen=True, slots=True)
class StageRow:
    stage: ElectionStage
    days: str
    unit: str
    is_over: bool
    can_edit: bool


def stages(user: User, choices: Mapping[str, str], today: date) -> QuerySet[ElectionStage]:
    """Stages the person may see, what comes next on top; `tampil` shows what is over or withdrawn instead."""
    rows = ElectionStage.objects.visible_to(user).search(choices.get("q", "")).select_related("satker")
    shown = choices.get("tampil", "")
    rows = rows.filter(withdrawn_at__isnull=False) if shown == WITHDRAWN else rows.valid()
    if shown == PAST:
        rows = rows.filter(ends_on__lt=today)
    elif shown != WITHDRAWN:
        rows = rows.filter(ends_on__gte=today)
    if choices.get("untuk") in StageScope.values:
        rows = rows.filter(scope=choices["untuk"])
    return rows.order_by("starts_on", "name", "pk")


def stage_row(user: User, stage: ElectionStage, today: date) -> StageRow:
    return StageRow(
        stage=stage,
        days=words.date_range(stage.starts_on, stage.ends_on),
        unit=stage.satker.name if stage.satker else _("Seluruh satker"),
        is_over=stage.ends_on < today,
        can_edit=policies.can_edit_stage(user, scope=stage.scope, satker_id=stage.satker_id, province_id=stage.province_id),
    )
