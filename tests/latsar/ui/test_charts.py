import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latsar.ui import charts, strip


def test_tile_grid_holds_38_provinces_once_each() -> None:
    grid = charts.tile_grid()
    assert len(grid) == 38
    assert len({tile.code for tile in grid}) == 38
    assert len({(tile.column, tile.row) for tile in grid}) == 38


def test_tilemap_draws_links_for_known_and_ground_for_others() -> None:
    html = charts.tilemap([charts.Tile("53", 1115, "/dasbor/53/", 5, "Nusa <Tenggara> Timur")], "belum dapat kursi", labelled_by="h")
    assert html.count("<rect") == 38
    assert html.count("<a ") == 1
    assert 'aria-label="NTT 1.115 belum dapat kursi, Nusa &lt;Tenggara&gt; Timur"' in html
    assert 'class="q5" x="434" y="380"' in html
    assert 'class="v qb"' in html
    assert "style=" not in html


def test_five_steps_splits_at_the_quartiles_of_what_is_above_zero() -> None:
    scale = charts.five_steps([0, 0, *range(1, 41)])
    assert scale.tops == (10, 20, 30)
    assert [scale.step(value) for value in (0, 1, 10, 11, 20, 21, 30, 31, 40)] == [1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert scale.legend() == [(1, "0"), (2, "1 sampai 10"), (3, "11 sampai 20"), (4, "21 sampai 30"), (5, "di atas 30")]


@pytest.mark.parametrize(
    ("values", "legend"), [([], [(1, "0")]), ([0, 0], [(1, "0")]), ([7, 7], [(1, "0"), (2, "1 sampai 7")]), ([1], [(1, "0"), (2, "1")])]
)
def test_five_steps_of_little_data_shows_only_steps_in_use(values: list[int], legend: list[tuple[int, str]]) -> None:
    assert charts.five_steps(values).legend() == legend


@given(st.lists(st.integers(min_value=0, max_value=10_000), max_size=38))
def test_five_steps_never_places_more_lower_than_less(values: list[int]) -> None:
    scale = charts.five_steps(values)
    steps = [scale.step(value) for value in sorted(values)]
    assert steps == sorted(steps)
    assert set(steps) <= {step for step, _ in scale.legend()}


def test_segments_share_the_whole() -> None:
    html = charts.segments([charts.Segment(1, "bad"), charts.Segment(3, "ok")])
    assert '<rect class="f-bad" x="0%" width="25%"/><rect class="f-ok" x="25%" width="75%"/>' in html


def test_segments_of_nothing_show_the_ground() -> None:
    assert 'width="0%"' in charts.segments([charts.Segment(0, "ok")])


def test_bars_measure_against_the_highest_and_link() -> None:
    html = charts.bars([charts.Bar("Terdaftar", 200, "/a/"), charts.Bar("<i>", 50, level="bad")], caption="Corong")
    assert '<a class="name" href="/a/">Terdaftar</a>' in html
    assert '<rect class="f-1" x="0%" width="100%"/>' in html
    assert '<rect class="f-bad" x="0%" width="25%"/>' in html
    assert "&lt;i&gt;" in html


def test_columns_show_the_difference_and_repeat_it_as_table() -> None:
    html = charts.columns(
        [charts.Group("1 Mei", 1095, 1168), charts.Group("1 Jul", 2895, 2588)],
        labelled_by="h",
        names=("Butuh", "Kursi"),
        head="Batas",
        table_id="t",
    )
    assert html.count(">+73<") == 2
    assert html.count(">−307<") == 2
    assert '<table class="table" id="t">' in html
    assert ">3.000</text>" in html
    heights = [float(height) for height in re.findall(r'height="([\d.]+)%"', html)]
    assert max(heights) <= 82
    assert len(heights) == 4


@pytest.mark.parametrize("count", [0, 1, 12])
def test_columns_of_any_number_of_groups_stay_inside(count: int) -> None:
    html = charts.columns([charts.Group(str(n), 0, n) for n in range(count)], labelled_by="h", names=("a", "b"), head="c", table_id="t")
    assert all(12 <= float(x) <= 100 for x in re.findall(r'<rect class="f-\d" x="([\d.]+)%"', html))


def test_timeline_strip_draws_free_days_once_and_today_on_each_row() -> None:
    phases = [
        strip.Phase("MOOC", date(2026, 1, 26), date(2026, 2, 1)),
        strip.Phase("Habituasi", date(2026, 2, 2), date(2026, 2, 8), 3, "libur 1"),
    ]
    html = strip.timeline_strip(phases, today=date(2026, 2, 3), holidays={date(2026, 2, 4)}, strip_id="s")
    assert html.count('<g id="s">') == 1
    assert html.count('<use href="#s"/>') == 1
    assert html.count('class="wk"') == 2
    assert html.count('class="hol"') == 1
    assert html.count("stroke-dasharray") == 2
    assert '<rect class="f-3" rx="4" y="25%" height="50%" x="50%" width="50%"/>' in html
    assert "2 Feb sampai 8 Feb, libur 1" in html


def test_timeline_strip_outside_its_days_has_no_today() -> None:
    phases = [strip.Phase("MOOC", date(2026, 1, 26), date(2026, 2, 1))]
    assert "stroke-dasharray" not in strip.timeline_strip(phases, today=date(2027, 1, 1))
    assert strip.timeline_strip([], today=date(2027, 1, 1)) == ""
