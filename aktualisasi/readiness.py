"""What a seminar needs to know of a participant's paper. The one place that reads how far it is and what it is called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from aktualisasi.enums import RancanganStage
from aktualisasi.models import Rancangan


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper that is defended: its title, where it is read, and whether the mentor let it go to the seminar."""

    title: str
    url: str
    is_approved: bool


def papers_of(participant_ids: Collection[int]) -> dict[int, Paper]:
    """Return the papers of these people, one query; who has written nothing is missing."""
    rows = Rancangan.objects.filter(participant_id__in=participant_ids)
    return {row.participant_id: Paper(row.title, row.get_absolute_url(), is_approved(row)) for row in rows}


def is_approved(rancangan: Rancangan) -> bool:
    """Say whether a rancangan may go to the seminar."""
    return rancangan.stage == RancanganStage.APPROVED
