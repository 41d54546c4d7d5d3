"""From raw scores to a result, every step kept. Pure: rules and marks in, a grade with its lines out.

Ref: PerLAN 12/2018 and PerLAN 1/2021 with KepLAN 13/K.1/PDP.07/2022, as far as the scheme's numbers say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from participants.scoring.enums import Outcome

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A component that is scored; `weight` in percent of the whole, `raters` whose scores are averaged."""

    key: int
    name: str
    weight: Decimal
    raters: int = 1
    minimum: Decimal | None = None
    is_late_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class GradeBand:
    name: str
    above: Decimal
    passes: bool


@dataclass(frozen=True, slots=True)
class GradingRules:
    """What a scheme says about grading; None switches a rule off."""

    scheme: str
    leaves: Sequence[Leaf]
    bands: Sequence[GradeBand]
    late_points_per_day: Decimal | None = None
    late_points_max: Decimal | None = None
    remedial_components: int | None = None
    remedial_from: Decimal | None = None
    remedial_cap: Decimal | None = None
    over_absence: Outcome = Outcome.DEFERRED


@dataclass(frozen=True, slots=True)
class Marks:
    """One person's raw scores: (leaf key, rater) -> 0 to 100; those of a remedial apart."""

    scores: Mapping[tuple[int, int], Decimal]
    remedial: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)
    late_days: Mapping[int, int] = field(default_factory=dict)
    is_over_absence: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One component: raw scores, their mean, what lateness took off, and what is left for the total."""

    key: int
    name: str
    weight: Decimal
    raw: Sequence[Decimal]
    mean: Decimal
    late_days: int
    deduction: Decimal
    counted: Decimal
    share: Decimal
    is_remedial: bool = False
    is_below_minimum: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """The total of 0 to 100 with two decimals, the band it reaches, and why the outcome is what it is."""

    lines: Sequence[Line]
    sum: Decimal
    total: Decimal
    qualification: str
    outcome: Outcome
    reasons: Sequence[str] = ()

    def as_json(self, scheme: str) -> dict[str, Any]:
        """Return the grade as plain data: the same grade always gives the same data."""
        return {
            "scheme": scheme,
            "lines": [
                {
                    "key": line.key,
                    "name": line.name,
                    "weight": str(line.weight),
                    "raw": [str(value) for value in line.raw],
                    "mean": str(line.mean),
                    "late_days": line.late_days,
                    "deduction": str(line.deduction),
                    "counted": str(line.counted),
                    "share": str(line.share),
                    "is_remedial": line.is_remedial,
                    "is_below_minimum": line.is_below_minimum,
                }
                for line in self.lines
            ],
            "sum": str(self.sum),
            "total": str(self.total),
            "qualification": self.qualification,
            "outcome": self.outcome.value,
            "reasons": list(self.reasons),
        }


def rounded(value: Decimal) -> Decimal:
    """Round half up to two decimals, as the printed lists do."""
    return value.quantize(CENT, ROUND_HALF_UP)


def missing(rules: GradingRules, marks: Marks) -> int:
    """Count the raw scores that are still empty."""
    return sum((leaf.key, rater) not in marks.scores for leaf in rules.leaves for rater in range(1, leaf.raters + 1))


def grade(rules: GradingRules, marks: Marks) -> Grade | None:
    """Compute a person's result; None while a raw score is missing.

    Each component is the mean of its examiners, rounded; lateness takes points off it; weight and sum give the total,
    which is rounded once. A total strictly above a band's limit reaches it. A remedial replaces its component, and the
    total of who needed one stays at the scheme's cap.
    """
    if missing(rules, marks):
        return None
    lines = [_line(rules, leaf, marks) for leaf in rules.leaves]
    total = rounded(sum((line.share for line in lines), ZERO))
    reasons = [f"below_minimum:{line.name}" for line in lines if line.is_below_minimum]
    whole, has_remedial = total, any(line.is_remedial for line in lines)
    if has_remedial and rules.remedial_cap is not None and total > rules.remedial_cap:
        total = rules.remedial_cap
        reasons.append("remedial_cap")
    band = band_of(rules.bands, total)
    outcome = _outcome(rules, band, total, lines, marks, reasons)
    return Grade(lines, whole, total, band.name, outcome, reasons)


def band_of(bands: Sequence[GradeBand], total: Decimal) -> GradeBand:
    """Return the highest band that a total is strictly above; the lowest band takes the rest."""
    ordered = sorted(bands, key=lambda band: band.above, reverse=True)
    if not ordered:
        return GradeBand("", ZERO, passes=False)
    return next((band for band in ordered if total > band.above), ordered[-1])


def _line(rules: GradingRules, leaf: Leaf, marks: Marks) -> Line:
    first = [marks.scores[leaf.key, rater] for rater in range(1, leaf.raters + 1)]
    redone = [marks.remedial.get((leaf.key, rater)) for rater in range(1, leaf.raters + 1)]
    is_remedial = any(value is not None for value in redone)
    raw = [again if again is not None else once for once, again in zip(first, redone, strict=True)]
    mean = rounded(sum(raw, ZERO) / leaf.raters)
    days = marks.late_days.get(leaf.key, 0) if leaf.is_late_sensitive and not is_remedial else 0
    deduction = _deduction(rules, days)
    counted = max(ZERO, mean - deduction)
    below = leaf.minimum is not None and counted < leaf.minimum
    return Line(leaf.key, leaf.name, leaf.weight, raw, mean, days, deduction, counted, counted * leaf.weight / HUNDRED, is_remedial, below)


def _deduction(rules: GradingRules, days: int) -> Decimal:
    if not days or rules.late_points_per_day is None:
        return ZERO
    points = days * rules.late_points_per_day
    return points if rules.late_points_max is None else min(points, rules.late_points_max)


def _outcome(rules: GradingRules, band: GradeBand, total: Decimal, lines: Sequence[Line], marks: Marks, reasons: list[str]) -> Outcome:
    if marks.is_over_absence:
        reasons.append("over_absence")
        return rules.over_absence
    if band.passes and not any(line.is_below_minimum for line in lines):
        return Outcome.PASSED
    if not band.passes:
        reasons.append("below_pass")
    if not rules.remedial_components:
        return Outcome.FAILED
    if sum(line.is_remedial for line in lines) >= rules.remedial_components:
        reasons.append("remedial_used")
        return Outcome.FAILED
    if rules.remedial_from is not None and total < rules.remedial_from:
        reasons.append("remedial_too_low")
        return Outcome.FAILED
    return Outcome.REMEDIAL


def ranks(totals: Mapping[int, Decimal]) -> dict[int, int]:
    """Rank by total, the highest first; equal totals share a rank and the next one is skipped."""
    ordered = sorted(totals.values(), reverse=True)
    return {key: ordered.index(total) + 1 for key, total in totals.items()}
