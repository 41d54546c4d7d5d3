"""Who coaches whom, for many people at once."""

from __future__ import annotations

from collections.abc import Collection

from latsar.accounts.models import User
from mentoring.models import GroupCoach
from participants.models import Placement


def coaches_of(participant_ids: Collection[int]) -> dict[int, User]:
    """Return the coach of each person's present group; two queries whatever their number."""
    seats = Placement.objects.active().filter(participant_id__in=participant_ids, group__isnull=False)
    groups = {row[0]: (row[1], row[2]) for row in seats.values_list("participant_id", "seat__batch_id", "group")}
    rows = GroupCoach.objects.filter(batch_id__in={batch for batch, _group in groups.values()}).select_related("coach")
    coaches = {(row.batch_id, row.group): row.coach for row in rows}
    return {person: coaches[key] for person, key in groups.items() if key in coaches}
