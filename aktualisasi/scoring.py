"""Ranking of the issues by APKL and USG. Pure: knows rows, not the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aktualisasi.plan import Issue

APKL = ("aktual", "problematik", "kekhalayakan", "layak")
USG = ("urgency", "seriousness", "growth")


@dataclass(frozen=True)
class Standing:
    """Where one issue stands: `rank` 1 is the highest, None while it is not ranked; `failed` names the APKL answered with no."""

    issue: Issue
    total: int | None
    rank: int | None
    failed: tuple[str, ...]
    is_top: bool
    is_tied: bool


def standings(issues: Sequence[Issue]) -> list[Standing]:
    """Return every issue with its place, in the order of the rows. Equal sums share a place."""
    totals = sorted((total for total in (issue.total for issue in issues) if total is not None), reverse=True)
    top = totals[0] if totals else None
    return [
        Standing(
            issue=issue,
            total=issue.total,
            rank=totals.index(issue.total) + 1 if issue.total is not None else None,
            failed=tuple(str(issue._meta.get_field(name).verbose_name) for name in APKL if getattr(issue, name) is False),  # type: ignore[union-attr]
            is_top=issue.total is not None and issue.total == top,
            is_tied=issue.total is not None and totals.count(issue.total) > 1,
        )
        for issue in issues
    ]


def top_issues(issues: Sequence[Issue]) -> list[Issue]:
    """Return who shares the highest sum: none, one, or the tied ones among which the participant chooses."""
    return [standing.issue for standing in standings(issues) if standing.is_top]
