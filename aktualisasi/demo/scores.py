"""Score sheets of the story: one half filled in, with examiners apart and a late one, and the old ones complete."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from aktualisasi.demo.accounts import Cast
from latsar.training.enums import BatchStage
from latsar.training.models import Batch
from participants.enums import Stage
from participants.models import Participant
from participants.scoring import reading
from participants.scoring.enums import SheetState
from participants.scoring.reading import CellKey
from participants.scoring.results import Result
from participants.scoring.scores import ScoreSheet
from participants.services.results import compute_results
from participants.services.scoring import Entry, remark_score, save_scores

FILLED_SHARE = 0.8
TOP = Decimal(98)


def record(cast: Cast) -> None:
    """Fill the sheet of Angkatan I of NTT nearly, and that of the finished batches of 2019 wholly."""
    operator, pksdm = cast.users["lembaga.ntt"], cast.users["pksdm"]
    first = Batch.objects.filter(institute__code="bpsdm-ntt", stage=BatchStage.RUNNING).order_by("number").first()
    if first is not None:
        entries = _entries(first, share=FILLED_SHARE)
        save_scores(batch_id=first.pk, entries=entries, by=operator)
        _remarks(first, cast)
    for batch in Batch.objects.filter(institute__code="kkp-sukamandi", stage=BatchStage.CLOSED).order_by("number"):
        save_scores(batch_id=batch.pk, entries=_entries(batch, share=1), by=pksdm)
        compute_results(batch=batch, by=pksdm)
        ScoreSheet.objects.filter(batch=batch).update(state=SheetState.PUBLISHED)
        reached = dict(Result.objects.filter(batch=batch).values_list("participant_id", "qualification"))
        graduates = list(Participant.objects.filter(pk__in=reached))
        for person in graduates:
            person.qualification = reached[person.pk]
        Participant.objects.bulk_update(graduates, ["qualification"])


def _entries(batch: Batch, *, share: float) -> list[Entry]:
    rng = Random(batch.number)  # noqa: S311
    people = (
        Participant.objects.filter(batch=batch, stage__in=[Stage.TRAINING, Stage.GRADUATED]).order_by("nip").values_list("pk", flat=True)
    )
    found = []
    for person in people:
        talent = rng.uniform(74, 92)
        for leaf in reading.tree_of(batch).leaves:
            for rater in range(1, leaf.raters + 1):
                value = min(TOP, Decimal(str(round(talent + rng.uniform(-4, 5), 2))))
                if rng.random() < share:
                    found.append(Entry(CellKey(person, leaf.pk, rater), value, 0))
    return found


def _remarks(batch: Batch, cast: Cast) -> None:
    leaf = next((leaf for leaf in reading.tree_of(batch).leaves if leaf.raters > 1), None)
    people = list(Participant.objects.filter(batch=batch, stage=Stage.TRAINING).order_by("nip").values_list("pk", flat=True)[:2])
    if leaf is None or len(people) < 2:
        return
    note = "Dibahas bersama kedua penguji, nilai masing-masing dipertahankan."
    remark_score(
        batch_id=batch.pk, participant_id=people[0], component_id=leaf.pk, note=note, late_days=0, seen=0, by=cast.users["lembaga.ntt"]
    )
    remark_score(
        batch_id=batch.pk, participant_id=people[1], component_id=leaf.pk, note="", late_days=2, seen=0, by=cast.users["lembaga.ntt"]
    )
