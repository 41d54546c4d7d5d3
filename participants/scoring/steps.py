"""Where a score sheet stands, as a stepper with names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.training.models import Batch
from latsar.ui import words
from latsar.ui.components import Step
from participants.scoring.enums import SheetState
from participants.scoring.scores import ScoreSheet

ORDER = (SheetState.FILLING, SheetState.SUBMITTED, SheetState.CHECKED, SheetState.FINAL, SheetState.PUBLISHED)
NAMED = 2


def sheet_steps(sheet: ScoreSheet, entered: Mapping[int, str]) -> list[Step]:
    """Filled, checked, finalised, published: each with who did it and when, or who has to; `entered` is who wrote scores."""
    reached = ORDER.index(SheetState(sheet.state))
    by = _doers(sheet, list(entered.values()))
    due = _("paling lambat %(day)s") % {"day": words.day_and_month(sheet.due_on)} if sheet.due_on else _("orang yang tidak mengisi")
    notes = (
        (_("Diisi"), by.get("fill", "") or _("lembaga"), 0),
        (_("Diperiksa"), by.get("check", "") or _("orang lain di lembaga"), 1),
        (_("Difinalkan"), by.get("finalise", "") or due, 2),
        (_("Diumumkan"), by.get("publish", "") or _("oleh PKSDM"), 3),
    )
    return [
        Step(label, note, "done" if reached > n or reached == len(ORDER) - 1 else "now" if reached == n else "todo")
        for label, note, n in notes
    ]


def _doers(sheet: ScoreSheet, names: Sequence[str]) -> dict[str, str]:
    if sheet.pk is None:
        return {}
    found = {}
    if names:
        found["fill"] = "; ".join(names[:NAMED]) + (_(" dan lainnya") if len(names) > NAMED else "")
    for change in sheet.changes.select_related("by").order_by("at", "pk"):
        when = words.day_and_month(timezone.localdate(change.at))
        found[change.action] = f"{change.by.full_name}, {when}"
        if change.action in ("return", "reopen", "take_back"):
            found = {name: text for name, text in found.items() if name in ("fill", change.action)}
    return found


def who_finalises(batch: Batch, entered: Mapping[int, str]) -> str:
    """Name the colleagues of the institute who entered nothing and so may check and finalise; empty when there is none."""
    grants = RoleGrant.objects.valid().filter(role=Role.LEMBAGA, institute_id=batch.institute_id)
    rows = User.objects.filter(is_active=True, grants__in=grants).exclude(pk__in=list(entered)).distinct()
    names = list(rows.order_by("full_name").values_list("full_name", flat=True)[:3])
    return _("%(first)s atau %(last)s") % {"first": "; ".join(names[:-1]), "last": names[-1]} if len(names) > 1 else "".join(names)
