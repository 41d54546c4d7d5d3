"""What a seminar needs to know of a participant's paper. The one place that reads how far it is and what it is called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from aktualisasi.enums import PaperStage
from aktualisasi.models import Paper, Rancangan
from aktualisasi.papers import SEMINAR_OF


@dataclass(frozen=True, slots=True)
class Defended:
    """The paper that is defended: its title, where it is read, and whether both readers let it go to the seminar."""

    title: str
    url: str
    is_approved: bool


def papers_of(participant_ids: Collection[int], seminar: str) -> dict[int, Defended]:
    """Return the papers that these people defend in this kind of seminar, one query; who has begun none is missing."""
    kinds = [kind for kind, phase in SEMINAR_OF.items() if phase == seminar]
    rows = Paper.objects.filter(rancangan__participant_id__in=participant_ids, kind__in=kinds).select_related("rancangan")
    return {row.participant_id: Defended(row.rancangan.title, row.get_absolute_url(), row.stage == PaperStage.APPROVED) for row in rows}


def titles_of(participant_ids: Collection[int]) -> dict[int, str]:
    """Return the titles of these people's aktualisasi, one query."""
    return dict(Rancangan.objects.filter(participant_id__in=participant_ids).values_list("participant_id", "title"))
