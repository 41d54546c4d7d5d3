from __future__ import annotations

from collections.abc import Iterator

from latsar.accounts.verifying import verify


def broken() -> Iterator[str]:
    """Yield each audit row or block that is not what was sealed."""
    yield from verify().broken
