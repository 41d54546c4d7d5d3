"""The chain over the audit trail: rows are written without a lock, and sealed a little later in blocks (ADR 0014)."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from django.db import IntegrityError, transaction
from django.utils import timezone

from latsar.accounts.trail import DIGEST_LETTERS, AuditEntry, AuditSeal

log = logging.getLogger(__name__)

Run: TypeAlias = tuple[int, int]
"""Ids without a gap, first and last."""

START = "0" * DIGEST_LETTERS
BLOCK_ROWS = 1_000
LEAF_BYTES = 32
LATE = timedelta(hours=1)
"""How long a transaction may have been open when a row of it turns up below rows that are sealed already."""
SETTLED_BLOCKS = 100
"""How many blocks of late rows alone could follow each other in that hour, amply: a round is five minutes."""
FIELDS = (
    "pk",
    "at",
    "actor_id",
    "verb",
    "model",
    "object_id",
    "object_label",
    "changes",
    "note",
    "satker_id",
    "province_id",
    "request_id",
    "client_ip",
)


@dataclass(frozen=True, slots=True)
class Cover:
    """What the chain covers: ids up to `floor` were settled when they were sealed, so no row can still come in below it."""

    runs: Sequence[Run]
    floor: int
    last: int


def canonical(row: Sequence[Any]) -> bytes:
    """Write the values of FIELDS as bytes that only these values give."""
    pk, at, *rest = row
    return json.dumps([pk, _moment(at), *rest], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def leaf_of(before: bytes, row: Sequence[Any]) -> bytes:
    """Return the SHA-256 over the leaf before and the row."""
    return hashlib.sha256(before + canonical(row)).digest()


def digest_of(*, number: int, previous: str, at: datetime, runs: Iterable[Sequence[int]], leaves: bytes) -> str:
    """Return the digest of a block; everything that the block says is in it."""
    head = json.dumps([number, previous, _moment(at), [list(run) for run in runs]], separators=(",", ":"))
    return hashlib.sha256(head.encode() + leaves).hexdigest()


def seal_audit() -> int:
    """Seal every row that no block covers yet; return how many. Safe to run twice or ten times at once."""
    sealed = 0
    while rows := _seal_block():
        sealed += rows
    return sealed


def log_head() -> str:
    """Write the newest digest to the log, which leaves this machine; return it."""
    head = AuditSeal.objects.head()
    if head is None:
        return ""
    log.info("audit head: block %d, rows up to %d, digest %s", head.number, _end(head), head.digest)
    return head.digest


def cover_of_recent() -> Cover:
    """Return what the blocks of the last hour before the head cover: enough to know what is not sealed yet."""
    head = AuditSeal.objects.head()
    if head is None:
        return Cover((), 0, 0)
    before, chain = head.at - LATE, AuditSeal.objects.defer("leaves")
    floor = max((_end(block) for block in chain.filter(at__lt=before).order_by("-number")[:SETTLED_BLOCKS]), default=0)
    runs = merge(run for block in chain.filter(at__gte=before) for run in runs_of(block))
    return Cover(runs, floor, max(floor, runs[-1][1] if runs else 0))


def runs_of(block: AuditSeal) -> list[Run]:
    """Return the sealed ids of a block from what its digest covers; nothing when it is not a list of pairs any more."""
    try:
        return [(int(first), int(last)) for first, last in block.runs]
    except (TypeError, ValueError):
        return []


def _end(block: AuditSeal) -> int:
    """Return the last sealed id; the column `last_id` only repeats it for people."""
    return max((last for _first, last in runs_of(block)), default=0)


def merge(runs: Iterable[Run]) -> list[Run]:
    """Put runs in order and join those that touch."""
    merged: list[Run] = []
    for first, last in sorted(runs):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def gaps_between(runs: Sequence[Run], *, after: int) -> Iterator[Run]:
    """Yield the ids above `after` that lie before or between the runs."""
    position = after
    for first, last in runs:
        if first > position + 1:
            yield (position + 1, first - 1)
        position = max(position, last)


@transaction.atomic
def _seal_block() -> int:
    """Write one block over the lowest rows that are not sealed.

    Two sealers take turns at the newest block where rows can be locked; where they cannot, and at the very first block,
    the unique constraint on the digest before lets only one of them win. Nobody who writes an audit row waits for this.
    """
    head = AuditSeal.objects.select_for_update().order_by("-number").first()
    rows = _unsealed(cover_of_recent())
    if not rows:
        return 0
    number, previous = (head.number + 1, head.digest) if head else (1, START)
    leaf, leaves = bytes.fromhex(previous), bytearray()
    for row in rows:
        leaf = leaf_of(leaf, row)
        leaves += leaf
    runs = merge((row[0], row[0]) for row in rows)
    at = timezone.now()
    digest = digest_of(number=number, previous=previous, at=at, runs=runs, leaves=bytes(leaves))
    block = AuditSeal(
        number=number, previous=previous, digest=digest, first_id=rows[0][0], last_id=rows[-1][0], rows=len(rows), runs=runs, leaves=bytes(leaves), at=at
    )  # fmt: skip
    try:
        with transaction.atomic():
            block.save(force_insert=True)
    except IntegrityError:
        log.info("audit block %d was sealed by somebody else", number)
        return 0
    return len(rows)


def _unsealed(cover: Cover) -> list[Sequence[Any]]:
    """Return the lowest rows without a seal, late ones first, at most a block."""
    found: list[Sequence[Any]] = []
    ordered = AuditEntry.objects.order_by("pk")
    for first, last in gaps_between(cover.runs, after=cover.floor):
        found += ordered.filter(pk__range=(first, last)).values_list(*FIELDS)[: BLOCK_ROWS - len(found)]
        if len(found) == BLOCK_ROWS:
            return found
    return found + list(ordered.filter(pk__gt=cover.last).values_list(*FIELDS)[: BLOCK_ROWS - len(found)])


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
