"""Trading places: what a large plan gains after its packing.

Two people may trade seats whenever each is at home in the other's, as the prices of the first goals tell. Nobody loses by it:
the first goals stay as good as they can be. Whole satker are moved against whatever fits into their place.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass

Place = int | None
Amounts = MutableMapping[tuple[int, Place], int]
SPLIT = 1_000_000  # more than any sum of journeys of one trade


@dataclass(frozen=True, slots=True)
class Unit:
    """A group as the trade sees it: where its people may sit, and how far each place is."""

    satker: int
    province: int
    kilometres: Mapping[Place, int]


class Trading:
    """Amounts with the counts that tell at once what a trade is worth."""

    def __init__(
        self,
        units: Sequence[Unit],
        amounts: Amounts,
        seats: Mapping[int, int],
        full: frozenset[int],
        opened: frozenset[tuple[str, int, int]],
    ) -> None:
        self.units, self.amounts, self.seats, self.full = units, amounts, seats, full
        self.at: dict[Place, dict[int, Counter[int]]] = defaultdict(dict)
        self.taken: Counter[Place] = Counter()
        self.sits: Counter[tuple[str, int, Place]] = Counter()
        self.spread: Counter[tuple[str, int]] = Counter()
        for kind, number, place in opened:
            self._sit(kind, number, place, 1)
        for (number, key), count in list(amounts.items()):
            if count:
                self._put(number, key, count)

    def run(self, until: float) -> None:
        """Trade until nothing is gained any more or the time is over."""
        improved = True
        while improved:
            improved = False
            pairs = [(satker, place) for place, offices in self.at.items() for satker, members in offices.items() if members]
            pairs.sort(key=lambda pair: (sum(self.at[pair[1]][pair[0]].values()), pair[0], pair[1] or 0))
            for satker, place in pairs:
                if time.monotonic() >= until:
                    return
                if self.at[place].get(satker) and self._move(satker, place):
                    improved = True

    def _move(self, satker: int, source: Place) -> bool:
        """Try to bring the people of a satker from one place to another where they or their province already are."""
        block = self.at[source][satker]
        sample = next(iter(block))
        province = self.units[sample].province
        targets = [place for place in self.units[sample].kilometres if place != source and self._is_known(satker, province, place)]
        targets.sort(key=lambda place: (-self.sits["satker", satker, place], -self.sits["province", province, place], place or 0))
        return any(self._trade(satker, source, target) for target in targets)

    def _is_known(self, satker: int, province: int, place: Place) -> bool:
        known = self.sits["satker", satker, place] or self.sits["province", province, place]
        return bool(known) or any(self.units[number].kilometres.get(place) == 0 for number in self.at[place].get(satker, ()))

    def _trade(self, satker: int, source: Place, target: Place) -> bool:
        block = list(self.at[source][satker].items())
        if any(target not in self.units[number].kilometres for number, _count in block):
            return False
        size = sum(count for _number, count in block)
        room = size if target is None else max(0, self.seats[target] - self.taken[target])
        back = self._counterpart(satker, source, target, size if source in self.full else size - min(room, size))
        if back is None:
            return False
        steps = [(number, count, source, target) for number, count in block] + [(number, count, target, source) for number, count in back]
        gained = sum(self._step(*step) for step in steps)
        if gained < 0:
            return True
        for number, count, left, entered in reversed(steps):
            self._step(number, count, entered, left)
        return False

    def _counterpart(self, satker: int, source: Place, target: Place, need: int) -> list[tuple[int, int]] | None:
        """Choose who goes the other way: offices that are already over there first, whole offices before parts."""
        if not need:
            return []
        offers = []
        for other, members in self.at[target].items():
            able = [(number, count) for number, count in members.items() if source in self.units[number].kilometres]
            movable = sum(count for _number, count in able)
            if other == satker or not movable:
                continue
            is_there, is_whole = self.sits["satker", other, source] > 0, movable == sum(members.values()) <= need
            offers.append((1 - is_there - is_whole + (not is_there and not is_whole), -movable, other, able))
        chosen: list[tuple[int, int]] = []
        for _worth, _movable, _other, able in sorted(offers, key=lambda one: one[:3]):
            for number, count in able:
                part = min(count, need)
                if part:
                    chosen.append((number, part))
                    need -= part
        return None if need else chosen

    def _step(self, number: int, count: int, source: Place, target: Place) -> int:
        """Move people; return what it costs."""
        unit = self.units[number]
        before = self._splits(unit)
        self._put(number, source, -count)
        self._put(number, target, count)
        return (self._splits(unit) - before) * SPLIT + (unit.kilometres[target] - unit.kilometres[source]) * count

    def _splits(self, unit: Unit) -> int:
        return max(0, self.spread["satker", unit.satker] - 1) + max(0, self.spread["province", unit.province] - 1)

    def _put(self, number: int, place: Place, count: int) -> None:
        unit = self.units[number]
        members = self.at[place].setdefault(unit.satker, Counter())
        members[number] += count
        if not members[number]:
            del members[number]
        self.amounts[number, place] = members[number]
        self.taken[place] += count
        self._sit("satker", unit.satker, place, count)
        self._sit("province", unit.province, place, count)

    def _sit(self, kind: str, number: int, place: Place, count: int) -> None:
        """Count who sits where; no seat is no place to be split over."""
        before = self.sits[kind, number, place]
        self.sits[kind, number, place] = before + count
        if place is not None:
            self.spread[kind, number] += (before + count > 0) - (before > 0)
