"""What import rows may point to, held in memory: built once per import from what the importer can see."""

from collections.abc import Iterable


class SatkerIndex:
    """Find a satker by any of its codes among the visible ones, and suggest the nearest of those.

    `units` are (codes, name, object): the first code is the one shown, the others (DIPA) only find.
    What lies outside the scope is not in the index, so it cannot be told from what does not exist.
    `closed` are (code, name) of units that may be named but not pointed to.
    """

    def __init__(self, units: Iterable[tuple[Iterable[str], str, object]], closed: Iterable[tuple[str, str]] = ()) -> None:
        self._closed = dict(closed)
        self._by_code: dict[str, object] = {}
        self._labels: dict[str, str] = {}
        self._suggested: dict[str, str | None] = {}
        for codes, name, unit in units:
            known = [code for code in codes if code]
            self._by_code.update(dict.fromkeys(known, unit))
            if known:
                self._labels[known[0]] = f"{known[0]}, {name}"

    def satker_by_code(self, code: str) -> object | None:
        return self._by_code.get(code)

    def closed_satker(self, code: str) -> str | None:
        return self._closed.get(code)

    def suggest_satker(self, code: str) -> str | None:
        if code not in self._suggested:
            self._suggested[code] = self._nearest(code)
        return self._suggested[code]

    def _nearest(self, code: str) -> str | None:
        wanted = _digits(code)
        if not wanted or not self._labels:
            return None
        ranked = [(-_common_prefix(wanted, _digits(known)), _distance(wanted, _digits(known)), known) for known in self._labels]
        shared, _apart, nearest = min(ranked)
        return self._labels[nearest] if shared <= -2 or len(ranked) == 1 else None


def _digits(code: str) -> str:
    return "".join(letter for letter in code if letter.isascii() and letter.isdigit())


def _common_prefix(one: str, other: str) -> int:
    return next((index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other)))


def _distance(one: str, other: str) -> int:
    return abs(int(one.ljust(6, "0")) - int((other or "0").ljust(6, "0")))
