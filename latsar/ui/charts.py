"""Charts as inline SVG: shapes in percent without a viewBox, words in HTML, no script, no colour outside the tokens."""

import json
import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import words
from .components import EMPTY, LEVEL_ICONS, icon

GRID_FILE = Path(__file__).parent / "data" / "tilegrid38.json"
TILE, GAP = 50, 4
STEPS = 5
PLOT_TOP, PLOT_FLOOR, PLOT_LEFT = 6.0, 88.0, 12.0
SWATCH = '<span><svg aria-hidden="true"><rect class="{}" width="14" height="14" rx="3"/></svg>{}</span>'


@dataclass(frozen=True, slots=True)
class GridTile:
    code: str
    short: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One province on the map: its code of two digits, what is shown, where it leads, and its step from 1 to 5."""

    code: str
    value: str | int
    href: str
    step: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of flat bars; `level` gives the bar and an icon the colour of a state."""

    label: str
    value: int
    href: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    value: int
    kind: str  # ok, warn, bad, 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Group:
    """Two numbers of one moment, first against second; `name` is its full name in the table."""

    label: str
    first: int
    second: int
    name: str = ""


@lru_cache(maxsize=1)
def tile_grid() -> tuple[GridTile, ...]:
    """Read where the 38 provinces stand."""
    tiles = json.loads(GRID_FILE.read_text(encoding="utf-8"))["tiles"]
    return tuple(GridTile(tile["k"], tile["s"], tile["c"], tile["r"]) for tile in tiles)


@dataclass(frozen=True, slots=True)
class Scale:
    """Five steps for counts: zero alone, then four about equally full; `tops` holds the upper ends of steps 2 to 4."""

    tops: tuple[int, ...]
    highest: int

    def step(self, value: int) -> int:
        """Place a value on its step, 1 to 5."""
        return 1 if value <= 0 else 2 + bisect_left(self.tops, value)

    def legend(self) -> list[tuple[int, str]]:
        """Say in words what each step in use holds."""
        rows = [(1, "0")]
        low = 1
        for number, top in enumerate((*self.tops, self.highest), start=2):
            if low > self.highest:
                break
            is_last = number == STEPS and bool(self.tops)
            rows.append((number, _("di atas %(low)s") % {"low": words.thousands(low - 1)} if is_last else _between(low, top)))
            low = top + 1
        return rows


def five_steps(values: Iterable[int]) -> Scale:
    """Split counts into five steps at the quartiles of what is above zero."""
    positive = sorted(value for value in values if value > 0)
    if not positive:
        return Scale((), 0)
    tops: list[int] = []
    for quarter in (1, 2, 3):
        top = positive[math.ceil(len(positive) * quarter / 4) - 1]
        if top < positive[-1] and (not tops or top > tops[-1]):
            tops.append(top)
    return Scale(tuple(tops), positive[-1])


def _between(low: int, high: int) -> str:
    if low == high:
        return words.thousands(low)
    return _("%(low)s sampai %(high)s") % {"low": words.thousands(low), "high": words.thousands(high)}


def tilemap(tiles: Iterable[Tile], measure: str, *, labelled_by: str) -> SafeString:
    """Draw the 38 provinces as equal tiles that lead to their rows; a province without a tile is drawn empty.

    `measure` is read aloud after each number ("belum dapat kursi"), `labelled_by` is the id of the heading.
    """
    by_code = {tile.code: tile for tile in tiles}
    return format_html(
        '<svg class="tilemap" viewBox="0 0 756 432" role="group" aria-labelledby="{}">{}</svg>',
        labelled_by,
        format_html_join("\n", "{}", ((_tile(place, by_code.get(place.code), measure),) for place in tile_grid())),
    )


def _tile(place: GridTile, tile: Tile | None, measure: str) -> SafeString:
    x, y = place.column * (TILE + GAP) + 2, place.row * (TILE + GAP) + 2
    step = tile.step if tile else 1
    value = _shown(tile.value) if tile else "0"
    shape = format_html(
        '<rect class="q{0}" x="{1}" y="{2}" width="50" height="50" rx="8"/><text class="s {3}" x="{4}" y="{5}">{6}</text> '
        '<text class="v {3}" x="{4}" y="{7}">{8}</text>',
        step,
        x,
        y,
        "qb" if step > 3 else "qa",
        x + TILE // 2,
        y + 18,
        place.short,
        y + 36,
        value,
    )
    if tile is None or not tile.href:
        return format_html("<g>{}</g>", shape)
    spoken = f"{place.short} {value} {measure}" + (f", {tile.name}" if tile.name else "")
    return format_html('<a href="{}" aria-label="{}">{}</a>', tile.href, spoken, shape)


def _shown(value: str | int) -> str:
    return words.thousands(value) if isinstance(value, int) else value


def map_legend(scale: Scale) -> SafeString:
    """Explain the five colours in words."""
    return legend((f"q{step}", text) for step, text in scale.legend())


def tile_backdrop() -> SafeString:
    """Draw the country as a quiet pattern behind the sign-in page."""
    return format_html(
        '<svg class="tilemap" viewBox="0 0 14 8" aria-hidden="true">{}</svg>',
        format_html_join(
            "",
            '<rect class="b2" x="{}.05" y="{}.05" width=".9" height=".9" rx=".16"/>',
            ((place.column, place.row) for place in tile_grid()),
        ),
    )


def legend(items: Iterable[tuple[str, str]]) -> SafeString:
    """Name colours in words: pairs of a fill class (f-1, q3, hol) and its meaning."""
    return format_html('<div class="legend mt-3">{}</div>', format_html_join("", SWATCH, items))


def segments(parts: Sequence[Segment], total: int | None = None) -> SafeString:
    """Draw one bar of several parts; what is missing to `total` stays ground."""
    whole = total or sum(part.value for part in parts) or 1
    shapes, x = [], 0.0
    for part in parts:
        width = part.value * 100 / whole
        shapes.append((part.kind, _number(x), _number(width)))
        x += width
    return format_html(
        '<svg class="bar big" aria-hidden="true"><rect class="f-bg" width="100%"/>{}</svg>',
        format_html_join("", '<rect class="f-{}" x="{}%" width="{}%"/>', shapes),
    )


def bar(value: int, highest: int, kind: str = "1") -> SafeString:
    """Draw one flat bar against the highest of its table."""
    return segments((Segment(value, kind),), highest or 1)


def bars(rows: Sequence[Bar], *, caption: str, heads: tuple[str, str, str] | None = None, total: int | None = None) -> SafeString:
    """Draw a table of flat bars: label, bar, number; each label leads to its rows."""
    highest = total or max((row.value for row in rows), default=0)
    names = heads or (_("Keterangan"), _("Bagian"), _("Jumlah"))
    return format_html(
        '<table class="table bars"><caption class="visually-hidden">{}</caption><thead class="visually-hidden"><tr>{}</tr></thead><tbody>{}</tbody></table>',
        caption,
        format_html_join("", '<th scope="col">{}</th>', ((name,) for name in names)),
        format_html_join("\n", "{}", ((bar_row(row, highest),) for row in rows)),
    )


def bar_row(row: Bar, highest: int) -> SafeString:
    """Draw one row of a table of bars."""
    mark = format_html('<span class="is-{}">{}</span> ', row.level, icon(LEVEL_ICONS[row.level])) if row.level else EMPTY
    label = format_html('<a class="name" href="{}">{}</a>', row.href, row.label) if row.href else row.label
    return format_html(
        '<tr><th scope="row">{}{}</th><td>{}</td><td class="num"><b>{}</b></td></tr>',
        mark,
        label,
        bar(row.value, highest, row.level or "1"),
        words.thousands(row.value),
    )


def columns(groups: Sequence[Group], *, labelled_by: str, names: tuple[str, str], head: str, table_id: str) -> SafeString:
    """Draw two series over time with their difference under each group, and the same as a table to unfold.

    `names` are the series, first against second; `head` names the first column of the table.
    """
    top = _round_up(max((max(group.first, group.second) for group in groups), default=0))
    lines = format_html_join(
        "",
        '<line class="l-line" x1="44" x2="100%" y1="{0}%" y2="{0}%"/><text x="36" y="{0}%" dy="4" text-anchor="end">{1}</text>',
        ((_number(PLOT_FLOOR - (PLOT_FLOOR - PLOT_TOP) * part / 3), words.thousands(top * part // 3)) for part in range(4)),
    )
    pitch = (100 - PLOT_LEFT) / max(len(groups), 1)
    shapes = format_html_join("", "{}", ((_group(group, PLOT_LEFT + pitch * index, pitch, top),) for index, group in enumerate(groups)))
    return format_html(
        '<svg class="plot" role="img" aria-labelledby="{}" aria-describedby="{}">{}{}</svg>{}',
        labelled_by,
        table_id,
        lines,
        shapes,
        _columns_table(groups, names, head, table_id),
    )


def _group(group: Group, left: float, pitch: float, top: int) -> SafeString:
    width = min(5.0, pitch * 0.38)
    start = left + pitch / 2 - width - 0.3
    middle = _number(left + pitch / 2)
    shapes = []
    for kind, value, x in (("4", group.first, start), ("1", group.second, start + width + 0.6)):
        height = value * (PLOT_FLOOR - PLOT_TOP) / top
        shapes.append((kind, _number(x), _number(width), _number(PLOT_FLOOR - height), _number(height)))
    gap = group.second - group.first
    return format_html(
        '{}<text x="{}%" y="95%" text-anchor="middle">{}</text><text{} x="{}%" y="103%" text-anchor="middle">{}</text>',
        format_html_join("", '<rect class="f-{}" x="{}%" width="{}%" y="{}%" height="{}%" rx="2"/>', shapes),
        middle,
        group.label,
        format_html(' class="is-{}"', "bad" if gap < 0 else "ok") if gap else EMPTY,
        middle,
        words.signed(gap),
    )


def _columns_table(groups: Sequence[Group], names: tuple[str, str], head: str, table_id: str) -> SafeString:
    rows = (
        (group.name or group.label, words.thousands(group.first), words.thousands(group.second), words.signed(group.second - group.first))
        for group in groups
    )
    return format_html(
        '<details class="mt-2"><summary class="btn btn-quiet">{}</summary><table class="table" id="{}"><caption class="visually-hidden">{}</caption>'
        '<thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table></details>',
        _("Lihat sebagai tabel"),
        table_id,
        _("%(first)s terhadap %(second)s") % {"first": names[0], "second": names[1]},
        head,
        format_html_join("", '<th scope="col" class="num">{}</th>', ((name,) for name in (*names, _("Selisih")))),
        format_html_join("", '<tr><th scope="row">{}</th><td class="num">{}</td><td class="num">{}</td><td class="num">{}</td></tr>', rows),
    )


def _round_up(value: int) -> int:
    """Find a top for the axis that three equal steps divide."""
    if value <= 3:
        return 3
    unit = 10 ** (len(str(value)) - 1)
    for factor in (1.5, 3, 6, 9, 12):
        top = int(factor * unit)
        if top >= value and top % 3 == 0:
            return top
    return 15 * unit


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
