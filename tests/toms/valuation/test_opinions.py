"""Two valuations side by side: differences only of what is in pounds on both sides, sums of what was rounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toms.valuation.rules import Compared, Totals, totals

pence = st.one_of(st.none(), st.integers(-(10**12), 10**12))
rows = st.lists(st.builds(Compared, pence, pence), max_size=30)


@pytest.mark.parametrize(
    ("value", "other", "difference"),
    [
        (100, 150, 50),
        (150, 100, -50),
        (0, 0, 0),
        (None, 5, None),
        (5, None, None),
        (None, None, None),
    ],
)
def test_a_difference_needs_pounds_on_both_sides(value, other, difference):
    found = Compared(value, other)
    assert found.difference_pence == difference
    assert found.is_comparable == (difference is not None)


def test_what_has_no_value_there_is_no_zero():
    found = totals([Compared(1000, None, "No counterpart"), Compared(300, 450), Compared(None, 70)])
    assert found == Totals(3, 1, 1300, 300, 450, 70, 1)
    assert (found.difference_pence, found.there_pence) == (150, 520)
    assert not totals([Compared(1000, None)]).is_any_there
    assert totals([Compared(1000, 0)]).is_any_there


@given(rows)
def test_sums_are_sums_of_the_rounded_rows(found):
    sums = totals(found)
    assert sums.value_pence == sum(row.value_pence or 0 for row in found)
    assert sums.there_pence == sum(row.other_pence or 0 for row in found)
    assert sums.difference_pence == sum(row.difference_pence or 0 for row in found)
    assert sums.rows == len(found)


@given(rows, rows)
def test_sums_of_parts_are_the_sum_of_the_whole(one, other):
    assert totals(one) + totals(other) == totals([*one, *other])


@given(st.lists(st.integers(0, 10**9), max_size=20))
def test_the_same_figures_differ_by_nothing(values):
    assert totals(Compared(value, value) for value in values).difference_pence == 0
