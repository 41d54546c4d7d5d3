"""What came late, left with the scores: the scheme says how many points that costs."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from latsar.accounts import audit
from latsar.accounts.models import User
from latsar.training.models import ScoreComponent
from participants.people import Participant
from participants.scoring import reading
from participants.scoring.enums import SheetState
from participants.scoring.scores import ScoreRemark, ScoreSheet


@transaction.atomic
def note_late(*, participant_id: int, seminar: str, days: int, by: User) -> list[ScoreRemark]:
    """Remark on the components of this seminar that lateness touches; what an institute has already remarked stays.

    `days` are working days. Does nothing once the sheet has left the hands of who fills it: then only a correction may.
    """
    person = Participant.objects.select_related("batch__scheme").get(pk=participant_id)
    if person.batch is None or days < 1:
        return []
    ScoreSheet.objects.get_or_create(batch=person.batch)
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).get(batch=person.batch)
    if sheet.state != SheetState.FILLING:
        return []
    return [row for leaf in _touched(person, seminar) if (row := _remark(sheet, person, leaf, days, by))]


def _touched(person: Participant, seminar: str) -> list[ScoreComponent]:
    assert person.batch is not None
    keys = [leaf.pk for leaf in reading.tree_of(person.batch).leaves]
    return list(ScoreComponent.objects.filter(pk__in=keys, is_late_sensitive=True, seminar=seminar).order_by("order"))


def _remark(sheet: ScoreSheet, person: Participant, component: ScoreComponent, days: int, by: User) -> ScoreRemark | None:
    where = {"batch": person.batch, "participant": person, "component": component}
    row = ScoreRemark.objects.filter(**where).first() or ScoreRemark(**where, version=0)
    if row.late_days:
        return None
    row.late_days, row.by, row.at, row.version = days, by, timezone.now(), row.version + 1
    row.save()
    note = f"{person.nip} {component.name}"
    audit.record(verb="remark_score", obj=sheet, by=by, changes={"late_days": [0, days]}, note=note)
    return row
