"""Weights are a whole or they are named: over any split of 100 into components and their parts."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from latsar.training.models import ScoreComponent
from latsar.training.weights import tree_for, weight_problems

CENT = Decimal("0.01")


@st.composite
def split(draw, whole=10_000, most=5):
    """Cut a whole (in hundredths of a percent) into one to five pieces."""
    cuts = sorted(draw(st.sets(st.integers(1, whole - 1), max_size=most - 1)))
    return [b - a for a, b in zip([0, *cuts], [*cuts, whole], strict=True)]


@st.composite
def schemes(draw):
    """Draw components of one scheme: tops that make 100, each perhaps with parts that make the top."""
    rows, number = [], 0
    for weight in draw(split()):
        number += 1
        top = ScoreComponent(pk=number, order=number, code=f"k{number}", name=f"K{number}", weight=weight * CENT)
        rows.append(top)
        if weight > 1 and draw(st.booleans()):
            for part in draw(split(whole=weight, most=3)):
                number += 1
                rows.append(
                    ScoreComponent(pk=number, order=number, parent_id=top.pk, code=f"k{number}", name=f"K{number}", weight=part * CENT)
                )
    return rows


@given(schemes())
def test_weights_that_make_a_whole_have_no_problem_and_leaves_carry_all_of_it(rows):
    tree = tree_for(rows, "blended")
    assert weight_problems(tree) == []
    assert sum(leaf.weight for leaf in tree.leaves) == 100


@given(schemes(), st.data())
def test_weights_one_of_them_changed_is_named(rows, data):
    changed = data.draw(st.sampled_from(rows))
    changed.weight += CENT
    problems = weight_problems(tree_for(rows, "blended"))
    parts = any(row.parent_id == changed.pk for row in rows)
    assert len(problems) == (2 if changed.parent_id is None and parts else 1)


@given(schemes())
def test_weights_of_another_method_do_not_count(rows):
    for row in rows:
        row.method = "klasikal"
    assert weight_problems(tree_for(rows, "blended")) == ["Jumlah bobot 0%, seharusnya 100%."]
    assert weight_problems(tree_for(rows, "klasikal")) == []
