"""Hand-computed cases and properties of the grading; the sums stand beside each case."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.scoring.enums import Outcome
from participants.scoring.grading import GradeBand, GradingRules, Leaf, Marks, band_of, grade, missing, ranks

BANDS = (
    GradeBand("Sangat memuaskan", Decimal(90), True),
    GradeBand("Memuaskan", Decimal(80), True),
    GradeBand("Cukup memuaskan", Decimal(70), True),
    GradeBand("Kurang memuaskan", Decimal(60), False),
    GradeBand("Tidak memuaskan", Decimal(-1), False),
)
OLD = (Leaf(1, "Sikap perilaku", Decimal(10)), Leaf(2, "Akademik", Decimal(20)), Leaf(3, "Rancangan", Decimal(20), 2, is_late_sensitive=True), Leaf(4, "Pelaksanaan", Decimal(30)), Leaf(5, "PKTBT", Decimal(20)))  # fmt: skip
NEW = (
    Leaf(1, "Sikap perilaku", Decimal(10)),
    Leaf(2, "MOOC", Decimal(10)),
    Leaf(3, "E-learning", Decimal(10)),
    Leaf(4, "Rancangan", Decimal(20), 2, is_late_sensitive=True),
    Leaf(5, "Capaian", Decimal(5)),
    Leaf(6, "Kemanfaatan", Decimal(20)),
    Leaf(7, "Teknik komunikasi", Decimal(5)),
    Leaf(8, "PKTBT", Decimal(20)),
)


def rules(leaves=OLD, **changes):
    return GradingRules("contoh", leaves, BANDS, **changes)


def marks(*values, **changes):
    return Marks({key: Decimal(value) for key, value in values}, **changes)


SUKAMANDI = marks(((1, 1), "88"), ((2, 1), "82.50"), ((3, 1), "84"), ((3, 2), "86.50"), ((4, 1), "87.40"), ((5, 1), "80"))
NTT = marks(
    ((1, 1), "90"), ((2, 1), "88.50"), ((3, 1), "86"), ((4, 1), "87.25"), ((4, 2), "87.26"), ((5, 1), "88"), ((6, 1), "89.50"), ((7, 1), "85"), ((8, 1), "85"),
)  # fmt: skip


def test_grade_on_off_campus_2019_is_as_computed_by_hand():
    # 8,80 + 16,50 + 20 % of (84 + 86,50) / 2 = 17,05 + 26,22 + 16,00 = 84,57
    result = grade(rules(), SUKAMANDI)
    assert [line.share for line in result.lines] == [
        Decimal("8.800"),
        Decimal("16.500"),
        Decimal("17.050"),
        Decimal("26.220"),
        Decimal("16.000"),
    ]
    assert (result.total, result.qualification, result.outcome) == (Decimal("84.57"), "Memuaskan", Outcome.PASSED)


def test_grade_blended_ntt_2026_is_as_computed_by_hand():
    # rancangan (87,25 + 87,26) / 2 = 87,255, rounded half up 87,26; 9 + 8,85 + 8,60 + 17,452 + 4,40 + 17,90 + 4,25 + 17 = 87,452
    result = grade(rules(NEW), NTT)
    assert result.lines[3].mean == Decimal("87.26")
    assert (result.total, result.qualification, result.outcome) == (Decimal("87.45"), "Memuaskan", Outcome.PASSED)


def test_grade_lateness_takes_points_off_the_component_up_to_its_limit():
    late = Marks(SUKAMANDI.scores, late_days={3: 4, 4: 4})
    result = grade(rules(late_points_per_day=Decimal("1.5"), late_points_max=Decimal(5)), late)
    # 4 days at 1,5 would be 6, the limit is 5: 85,25 - 5 = 80,25, 1,00 less in the total; pelaksanaan is not concerned
    assert (result.lines[2].deduction, result.lines[2].counted, result.lines[3].deduction) == (Decimal(5), Decimal("80.25"), Decimal(0))
    assert result.total == Decimal("83.57")
    assert grade(rules(), late).total == Decimal("84.57")


@pytest.mark.parametrize(
    ("total", "name"),
    [
        ("90.01", "Sangat memuaskan"),
        ("90", "Memuaskan"),
        ("80", "Cukup memuaskan"),
        ("70.00", "Kurang memuaskan"),
        ("0", "Tidak memuaskan"),
    ],
)
def test_band_is_reached_strictly_above_its_limit(total, name):
    assert band_of(BANDS, Decimal(total)).name == name


WEAK = marks(((1, 1), "60"), ((2, 1), "60"), ((3, 1), "60"), ((3, 2), "60"), ((4, 1), "60"), ((5, 1), "60"))


@pytest.mark.parametrize(
    ("changes", "given", "outcome", "reasons"),
    [
        ({}, WEAK, Outcome.FAILED, ["below_pass"]),
        ({"remedial_components": 1}, WEAK, Outcome.REMEDIAL, ["below_pass"]),
        ({"remedial_components": 1, "remedial_from": Decimal(65)}, WEAK, Outcome.FAILED, ["below_pass", "remedial_too_low"]),
        ({"remedial_components": 1}, Marks(WEAK.scores, {(4, 1): Decimal(70)}), Outcome.FAILED, ["below_pass", "remedial_used"]),
        ({"remedial_components": 1}, Marks(WEAK.scores, {(4, 1): Decimal(100)}), Outcome.PASSED, []),
        (
            {"remedial_components": 1, "remedial_cap": Decimal(71)},
            Marks(WEAK.scores, {(4, 1): Decimal(100)}),
            Outcome.PASSED,
            ["remedial_cap"],
        ),
        ({}, Marks(SUKAMANDI.scores, is_over_absence=True), Outcome.DEFERRED, ["over_absence"]),
        ({"over_absence": Outcome.FAILED}, Marks(SUKAMANDI.scores, is_over_absence=True), Outcome.FAILED, ["over_absence"]),
    ],
)
def test_grade_outcome_follows_the_rules_of_the_scheme(changes, given, outcome, reasons):
    result = grade(rules(**changes), given)
    assert (result.outcome, result.reasons) == (outcome, reasons)


def test_grade_component_below_its_minimum_does_not_pass():
    leaves = [*OLD[:3], Leaf(4, "Pelaksanaan", Decimal(30), minimum=Decimal(88)), OLD[4]]
    result = grade(rules(leaves), SUKAMANDI)
    assert (result.total, result.outcome, result.reasons) == (Decimal("84.57"), Outcome.FAILED, ["below_minimum:Pelaksanaan"])


def test_grade_with_an_empty_score_is_no_grade():
    given = Marks({key: value for key, value in SUKAMANDI.scores.items() if key != (3, 2)})
    assert (grade(rules(), given), missing(rules(), given)) == (None, 1)


def test_ranks_equal_totals_share_a_place():
    assert ranks({1: Decimal("80.00"), 2: Decimal(90), 3: Decimal(80), 4: Decimal(70)}) == {2: 1, 1: 2, 3: 2, 4: 4}


scores = st.decimals(0, 100, places=2)


@given(st.lists(scores, min_size=6, max_size=6), scores)
def test_grade_never_leaves_the_scale_and_never_falls_when_a_score_rises(values, better):
    keys = [(1, 1), (2, 1), (3, 1), (3, 2), (4, 1), (5, 1)]
    given = Marks(dict(zip(keys, values, strict=True)))
    first = grade(rules(), given)
    assert min(values) - Decimal("0.01") <= first.total <= max(values) + Decimal("0.01")
    risen = Marks({**given.scores, (4, 1): max(better, given.scores[4, 1])})
    assert grade(rules(), risen).total >= first.total
