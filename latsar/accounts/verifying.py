"""Recompute the chain over the audit trail and say which row does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from latsar.accounts.sealing import FIELDS, LATE, LEAF_BYTES, START, Run, digest_of, gaps_between, leaf_of, merge, runs_of
from latsar.accounts.trail import AuditEntry, AuditSeal

BLOCKS_AT_ONCE = 50
ROWS_AT_ONCE = 2_000
GAPS_AT_ONCE = 50


@dataclass(slots=True)
class Verdict:
    """What a verification found; `head` is what an outsider keeps, `unsealed` rows only wait for the next seal."""

    broken: list[str] = field(default_factory=list)
    blocks: int = 0
    rows: int = 0
    unsealed: int = 0
    head: str = ""
    knows_anchor: bool = False


def verify(anchor: str = "") -> Verdict:
    """Recompute every block and compare every row; `anchor` is a head that was kept outside and must still be in the chain.

    Reads only, in pieces, so that ten million rows need no more memory than a thousand.
    """
    verdict = Verdict(head=START, knows_anchor=anchor in ("", START))
    runs: list[Run] = []
    settled: list[tuple[datetime, int]] = []
    for blocks in _together(AuditSeal.objects.order_by("number").iterator(chunk_size=BLOCKS_AT_ONCE)):
        rows = _rows_of(blocks)
        for block in blocks:
            verdict.broken += _block_problems(block, verdict)
            verdict.broken += _row_problems(block, rows)
            own = runs_of(block)
            runs += own
            settled.append((block.at, max((last for _first, last in own), default=0)))
            verdict.blocks, verdict.rows, verdict.head = verdict.blocks + 1, verdict.rows + block.rows, block.digest
            verdict.knows_anchor |= block.digest == anchor
    if not verdict.knows_anchor:
        verdict.broken.append(f"head {anchor}: not in the chain; blocks at its end were removed or replaced")
    runs = merge(runs)
    verdict.broken += _intruders(runs, settled)
    verdict.unsealed = AuditEntry.objects.filter(pk__gt=runs[-1][1] if runs else 0).count()
    return verdict


def _together(blocks: Iterable[AuditSeal]) -> Iterator[list[AuditSeal]]:
    """Take small blocks together, so that a quiet year of them costs no query each."""
    held: list[AuditSeal] = []
    for block in blocks:
        held.append(block)
        if sum(one.rows for one in held) >= ROWS_AT_ONCE or len(held) == BLOCKS_AT_ONCE:
            yield held
            held = []
    if held:
        yield held


def _is_whole(block: AuditSeal) -> bool:
    """Whether what a block says about its rows agrees with itself: what follows then needs no more memory than the rows."""
    runs = runs_of(block)
    covered = sum(last - first + 1 for first, last in runs)
    ends = (runs[0][0], runs[-1][1]) if runs else (0, 0)
    return covered == block.rows and len(block.leaves) == LEAF_BYTES * block.rows and ends == (block.first_id, block.last_id)


def _ids_of(block: AuditSeal) -> list[int]:
    return [pk for first, last in runs_of(block) for pk in range(first, last + 1)] if _is_whole(block) else []


def _rows_of(blocks: list[AuditSeal]) -> dict[int, Sequence[Any]]:
    ids = [pk for block in blocks for pk in _ids_of(block)]
    return {row[0]: row for row in AuditEntry.objects.filter(pk__in=ids).values_list(*FIELDS)}


def _block_problems(block: AuditSeal, verdict: Verdict) -> Iterator[str]:
    if block.number != verdict.blocks + 1 or block.previous != verdict.head:
        yield f"block {block.number}: does not follow the block before it; a block was removed or replaced"
        verdict.blocks = block.number - 1  # one report a break, not one for every block behind it
    leaves = bytes(block.leaves)
    expected = digest_of(number=block.number, previous=block.previous, at=block.at, runs=runs_of(block), leaves=leaves)
    if expected != block.digest or not _is_whole(block):
        yield f"block {block.number}: was changed after it was sealed"


def _row_problems(block: AuditSeal, rows: dict[int, Sequence[Any]]) -> Iterator[str]:
    """Name the rows that are gone or are not what was sealed."""
    leaves, before = bytes(block.leaves), bytes.fromhex(block.previous)
    for position, pk in enumerate(_ids_of(block)):
        sealed = leaves[position * LEAF_BYTES : (position + 1) * LEAF_BYTES]
        if pk not in rows:
            yield f"row {pk}: removed (block {block.number}, sealed {block.at:%Y-%m-%d})"
        elif leaf_of(before, rows[pk]) != sealed:
            yield f"row {pk}: changed (block {block.number}, sealed {block.at:%Y-%m-%d})"
        before = sealed


def _intruders(runs: list[Run], settled: list[tuple[datetime, int]]) -> Iterator[str]:
    """Name the rows that stand where nothing was when the chain passed."""
    if not settled:
        return
    newest = settled[-1][0]
    floor = max((last for at, last in settled if at < newest - LATE), default=0)
    holes = [(first, min(last, floor)) for first, last in gaps_between(runs, after=0) if first <= floor]
    for start in range(0, len(holes), GAPS_AT_ONCE):
        inside = reduce(or_, (Q(pk__range=hole) for hole in holes[start : start + GAPS_AT_ONCE]))
        for pk in AuditEntry.objects.filter(inside).order_by("pk").values_list("pk", flat=True):
            yield f"row {pk}: inserted between sealed rows"
