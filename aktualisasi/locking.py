"""The one order in which the rows of an aktualisasi are locked."""

from __future__ import annotations

from aktualisasi.models import Paper, Rancangan
from participants.models import Participant


def locked_paper(paper_id: int) -> Paper | None:
    """Lock the participant, the rancangan, then the paper: an approval, a re-submission and a field being saved must not cross."""
    Participant.objects.select_for_update(of=("self",)).filter(rancangan__papers=paper_id).values_list("pk").first()
    Rancangan.objects.select_for_update(of=("self",)).filter(papers=paper_id).values_list("pk").first()
    rows = Paper.objects.select_for_update(of=("self",)).select_related(
        "rancangan__participant__user", "rancangan__participant__batch__scheme"
    )
    return rows.filter(pk=paper_id).first()
