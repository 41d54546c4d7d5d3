"""Rules and raw scores out of the database, in the shapes that grading and the pages want."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from latsar.training.enums import ShortAttendance
from latsar.training.models import Batch, ScoreComponent
from latsar.training.weights import ComponentTree, tree_for
from participants.scoring.enums import Outcome
from participants.scoring.grading import GradeBand, GradingRules, Leaf, Marks
from participants.scoring.results import GraduationRecord
from participants.scoring.scores import Score, ScoreRemark, ScoreSheet

OVER = {ShortAttendance.DEFERRED: Outcome.DEFERRED, ShortAttendance.FAILED: Outcome.FAILED}


@dataclass(frozen=True, slots=True)
class CellKey:
    """One field of the sheet: a person, a component, an examiner."""

    participant_id: int
    component_id: int
    rater: int = 1

    def __str__(self) -> str:
        return f"{self.participant_id}-{self.component_id}-{self.rater}"


def tree_of(batch: Batch) -> ComponentTree:
    """Return the components that count for the batch's method, one query."""
    return tree_for(ScoreComponent.objects.filter(scheme_id=batch.scheme_id), batch.method)


def rules_of(batch: Batch, tree: ComponentTree | None = None) -> GradingRules:
    """Read what the frozen scheme of the batch says about grading."""
    scheme = batch.scheme
    return GradingRules(
        scheme=scheme.code,
        leaves=[
            Leaf(leaf.pk, leaf.name, leaf.weight, leaf.raters, leaf.minimum, leaf.is_late_sensitive)
            for leaf in (tree or tree_of(batch)).leaves
        ],
        bands=[GradeBand(band.name, band.above, band.passes) for band in scheme.bands.all()],
        late_points_per_day=scheme.late_points_per_day,
        late_points_max=scheme.late_points_max,
        remedial_components=scheme.remedial_components,
        remedial_from=scheme.remedial_from,
        remedial_cap=scheme.remedial_cap,
        over_absence=OVER[ShortAttendance(scheme.over_absence)],
    )


def marks_of(batch: Batch, participant_ids: Collection[int], over_absence: Collection[int] = ()) -> dict[int, Marks]:
    """Read the raw scores of these people, two queries; `over_absence` names who missed more than the scheme allows."""
    scores = Score.objects.filter(batch=batch, participant_id__in=participant_ids)
    remarks = ScoreRemark.objects.filter(batch=batch, participant_id__in=participant_ids)
    return marks_from(participant_ids, scores, remarks, over_absence)


def marks_from(
    participant_ids: Iterable[int], scores: Iterable[Score], remarks: Iterable[ScoreRemark], over_absence: Collection[int] = ()
) -> dict[int, Marks]:
    """Sort rows that were read already by person."""
    first: dict[int, dict[tuple[int, int], Decimal]] = {pk: {} for pk in participant_ids}
    again: dict[int, dict[tuple[int, int], Decimal]] = {pk: {} for pk in first}
    late: dict[int, dict[int, int]] = {pk: {} for pk in first}
    for row in scores:
        if row.value is not None:
            (again if row.is_remedial else first)[row.participant_id][row.component_id, row.rater] = row.value
    for remark in remarks:
        if remark.late_days:
            late[remark.participant_id][remark.component_id] = remark.late_days
    return {pk: Marks(first[pk], again[pk], late[pk], pk in over_absence) for pk in first}


def sheet_of(batch: Batch) -> ScoreSheet:
    """Return the sheet of the batch; an unsaved one where nothing was entered yet."""
    return ScoreSheet.objects.select_related("batch").filter(batch=batch).first() or ScoreSheet(batch=batch)


def record_of(batch: Batch) -> GraduationRecord | None:
    """Return the facts of the berita acara, where somebody wrote them down."""
    return GraduationRecord.objects.filter(batch=batch).first()


def differing(values: Collection[Decimal], tolerance: Decimal | None) -> Decimal | None:
    """Return how far the examiners are apart when that is more than the tolerance."""
    if tolerance is None or len(values) < 2:
        return None
    apart = max(values) - min(values)
    return apart if apart > tolerance else None
