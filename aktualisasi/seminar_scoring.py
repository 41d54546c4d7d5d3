"""What the scheme of an angkatan lets be scored in a seminar, by whom, and what the scores mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from aktualisasi.models import Seminar, SeminarTurn
from latsar.accounts.models import User
from latsar.training.enums import Rater
from latsar.training.models import Batch, RubricBand, ScoreComponent
from latsar.training.weights import number
from mentoring.models import GroupCoach, MentorAssignment
from participants.scoring import reading

IN_SEMINARS = (Rater.EXAMINER, Rater.COACH, Rater.MENTOR)


def components_of(batch: Batch, kind: str) -> list[ScoreComponent]:
    """Return the components that a seminar of this kind scores, one query; nobody outside of seminars scores them there."""
    return [leaf for leaf in reading.tree_of(batch).leaves if leaf.seminar == kind and leaf.rated_by in IN_SEMINARS]


def scored_by(components: Iterable[ScoreComponent], rated_by: str, rater: int) -> list[ScoreComponent]:
    """Keep what one scorer scores; a component with fewer examiners than the seminar has is left to the first ones."""
    return [one for one in components if one.rated_by == rated_by and rater <= one.raters]


def examiners_wanted(batch: Batch, kind: str) -> int:
    """Return how many examiners the scheme asks for; at least one, for nobody defends before an empty table."""
    return max([one.raters for one in components_of(batch, kind) if one.rated_by == Rater.EXAMINER], default=1)


@dataclass(frozen=True, slots=True)
class Scorer:
    """Somebody who scores a turn: as what, in which column of the sheet."""

    user: User
    rated_by: str
    rater: int = 1

    @property
    def key(self) -> str:
        return f"{self.rated_by}-{self.rater}"


def scorers_of(turn: SeminarTurn, components: Sequence[ScoreComponent]) -> list[Scorer]:
    """Return who scores this turn by the scheme, examiners first; at most three queries."""
    kinds = {one.rated_by for one in components}
    found = [Scorer(row.user, Rater.EXAMINER, row.number) for row in turn.seminar.examiners.all()]
    found = [one for one in found if scored_by(components, one.rated_by, one.rater)]
    if Rater.COACH in kinds and (group := GroupCoach.objects.of_participant(turn.participant_id).select_related("coach").first()):
        found.append(Scorer(group.coach, Rater.COACH))
    if Rater.MENTOR in kinds:
        rows = MentorAssignment.objects.active().filter(participant_id=turn.participant_id).select_related("mentor__user")
        found += [Scorer(row.mentor.user, Rater.MENTOR) for row in rows]
    return found


@dataclass(frozen=True, slots=True)
class RubricChoice:
    """One band of a rubric: from `lowest` to `highest`, both included."""

    lowest: Decimal
    highest: Decimal
    words: str

    @property
    def span(self) -> str:
        """Write "91 sampai 100", or "70 ke bawah" for the lowest."""
        if self.lowest <= 0:
            return _("%(top)s ke bawah") % {"top": number(self.highest)}
        return _("%(low)s sampai %(top)s") % {"low": number(self.lowest), "top": number(self.highest)}


def rubric_of(seminar: Seminar) -> dict[str, list[RubricChoice]]:
    """Return the bands of each component code, best first; one query."""
    rows: dict[str, list[RubricBand]] = {}
    for row in RubricBand.objects.filter(scheme_id=seminar.batch.scheme_id).order_by("code", "-lowest"):
        rows.setdefault(row.code, []).append(row)
    found = {}
    for code, bands in rows.items():
        tops = [Decimal(100), *(band.lowest - 1 for band in bands)]
        found[code] = [RubricChoice(band.lowest, max(top, band.lowest), band.words) for band, top in zip(bands, tops, strict=False)]
    return found


def share(value: Decimal | None, weight: Decimal) -> Decimal | None:
    """Return what a score adds to the final score: 90 of a component of 5 is 4,50."""
    return None if value is None else (value * weight / 100).quantize(Decimal("0.01"))
