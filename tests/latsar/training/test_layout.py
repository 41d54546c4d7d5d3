from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from latsar.training.calendar import WorkCalendar, days
from latsar.training.clash import Finding, by_weight, free_days, overlap, runs, same_place, stops
from latsar.training.enums import DayCount
from latsar.training.layout import PhaseDates, PhasePlan, clashes, insert, lay_out, measure, move, shift

MONDAY = date(2026, 1, 26)
IMLEK = frozenset({date(2026, 2, 16), date(2026, 2, 17)})

starts = st.dates(date(2024, 1, 1), date(2027, 12, 31))
holidays = st.frozensets(st.dates(date(2024, 1, 1), date(2028, 12, 31)), max_size=60)
plans = st.lists(
    st.builds(
        PhasePlan,
        kind=st.just("mooc"),
        name=st.text("abc", min_size=1, max_size=3),
        length=st.integers(1, 40),
        day_count=st.sampled_from(DayCount.values),
        offset=st.integers(0, 5),
        is_parallel=st.booleans(),
    ),
    min_size=1,
    max_size=7,
)


def test_count_week_with_two_holidays_leaves_three_days():
    assert WorkCalendar(IMLEK).count(date(2026, 2, 16), date(2026, 2, 22)) == 3


def test_on_or_after_holiday_before_weekend_finds_monday():
    assert WorkCalendar(frozenset({date(2026, 4, 3)})).on_or_after(date(2026, 4, 3)) == date(2026, 4, 6)


def test_lay_out_working_days_skips_weekend_and_holidays():
    laid = lay_out([PhasePlan("elearning", "E-learning", 4)], date(2026, 2, 12), WorkCalendar(IMLEK))
    assert [(phase.starts_on, phase.ends_on) for phase in laid] == [(date(2026, 2, 12), date(2026, 2, 19))]


def test_lay_out_calendar_days_counts_every_day_and_starts_on_a_working_day():
    laid = lay_out([PhasePlan("mooc", "MOOC", 17, DayCount.CALENDAR)], date(2026, 1, 24), WorkCalendar())
    assert [(phase.starts_on, phase.ends_on) for phase in laid] == [(MONDAY, date(2026, 2, 11))]


def test_lay_out_parallel_phase_pushes_nothing():
    template = [
        PhasePlan("habituasi", "Habituasi", 10),
        PhasePlan("pktbt", "PKTBT", 20, offset=1, is_parallel=True),
        PhasePlan("seminar_hasil", "Seminar hasil", 2),
    ]
    laid = lay_out(template, MONDAY, WorkCalendar())
    assert [phase.starts_on for phase in laid] == [MONDAY, date(2026, 1, 27), date(2026, 2, 9)]


@given(plans, starts, holidays)
@settings(max_examples=150, deadline=None)
def test_lay_out_any_template_never_overlaps_and_keeps_order(template, start, free):
    calendar = WorkCalendar(free)
    laid = lay_out(template, start, calendar)
    assert clashes(laid) == []
    assert [phase.name for phase in laid] == [plan.name for plan in template]
    assert all(calendar.is_working(phase.starts_on) for phase in laid)
    for plan, phase in zip(template, laid, strict=True):
        if plan.day_count == DayCount.WORKING:
            assert calendar.is_working(phase.ends_on)
            assert calendar.count(phase.starts_on, phase.ends_on) == plan.length
        else:
            assert len(list(days(phase.starts_on, phase.ends_on))) == plan.length


@given(plans, starts, st.integers(1, 60), holidays)
@settings(max_examples=100, deadline=None)
def test_lay_out_later_start_moves_nothing_earlier(template, start, later, free):
    calendar = WorkCalendar(free)
    before = lay_out(template, start, calendar)
    after = lay_out(template, start + timedelta(days=later), calendar)
    assert all(new.starts_on >= old.starts_on and new.ends_on >= old.ends_on for old, new in zip(before, after, strict=True))


@given(plans, starts, holidays)
@settings(max_examples=100, deadline=None)
def test_measure_laid_out_template_gives_the_same_dates_again(template, start, free):
    calendar = WorkCalendar(free)
    laid = lay_out(template, start, calendar)
    assert lay_out(measure(laid, calendar), laid[0].starts_on, calendar) == laid


@given(plans, starts, holidays, st.integers(0, 30), st.data())
@settings(max_examples=100, deadline=None)
def test_move_one_phase_carries_followers_without_overlap(template, start, free, shift, data):
    calendar = WorkCalendar(free)
    laid = lay_out(template, start, calendar)
    index = data.draw(st.integers(0, len(laid) - 1))
    first = calendar.on_or_after(laid[index].starts_on + timedelta(days=shift))
    last = first + (laid[index].ends_on - laid[index].starts_on)
    moved = move(laid, index, first, last, calendar)
    assert moved[:index] == laid[:index]
    assert (moved[index].starts_on, moved[index].ends_on) == (first, last)
    assert clashes(moved) == []


def test_clashes_phase_starting_before_the_one_before_ended_names_both():
    first = PhaseDates("mooc", "MOOC", date(2026, 1, 26), date(2026, 2, 11))
    second = PhaseDates("elearning", "E-learning", date(2026, 2, 10), date(2026, 2, 20))
    assert [(clash.earlier.name, clash.later.name) for clash in clashes([first, second])] == [("MOOC", "E-learning")]


@given(plans, starts, holidays, st.integers(-30, 30))
@settings(max_examples=100, deadline=None)
def test_shift_any_schedule_keeps_lengths_and_gaps_and_comes_back(template, start, free, days):
    calendar = WorkCalendar(free)
    laid = lay_out(template, start, calendar)
    moved = shift(laid, days, calendar)
    assert clashes(moved) == []
    assert measure(moved, calendar) == measure(laid, calendar)
    assert shift(moved, -days, calendar) == laid


@given(plans, starts, holidays, st.data())
@settings(max_examples=100, deadline=None)
def test_insert_a_phase_anywhere_makes_room_and_keeps_the_order(template, start, free, data):
    calendar = WorkCalendar(free)
    laid = lay_out(template, start, calendar)
    index = data.draw(st.integers(0, len(laid)))
    made = insert(laid, index, PhasePlan("pktbt", "Baru", data.draw(st.integers(1, 20))), calendar)
    assert made[:index] == laid[:index]
    assert made[index].name == "Baru"
    assert [phase.name for phase in made[index + 1 :]] == [phase.name for phase in laid[index:]]
    assert clashes(made[: index + 1]) == []
    assert clashes([phase for phase in made if not phase.is_parallel]) == []


def test_clash_facts_are_read_from_days_alone():
    first = PhaseDates("klasikal", "Klasikal", date(2026, 2, 12), date(2026, 2, 20))
    second = PhaseDates("klasikal", "Klasikal", date(2026, 2, 20), date(2026, 2, 24))
    assert overlap(first, second) == (date(2026, 2, 20), date(2026, 2, 20))
    assert overlap(first, PhaseDates("mooc", "MOOC", date(2026, 2, 21), date(2026, 2, 22))) is None
    assert free_days(first, {*IMLEK, date(2026, 2, 15), date(2026, 3, 1)}) == sorted(IMLEK)
    assert runs([*IMLEK, date(2026, 2, 19)]) == [(date(2026, 2, 16), date(2026, 2, 17)), (date(2026, 2, 19), date(2026, 2, 19))]
    assert same_place(" Gedung  Diklat", "gedung diklat")
    assert not same_place("", "")
    found = [Finding("ok", "a"), Finding("bad", "b"), Finding("warn", "c"), Finding("bad", "d")]
    assert [finding.text for finding in by_weight(found)] == ["b", "d", "c", "a"]
    assert stops(found) == ["b", "d"]
