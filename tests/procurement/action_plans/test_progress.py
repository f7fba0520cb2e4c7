"""Where a commitment stands, where it ends at this pace, and what would put it right: by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.action_plans.rules.forecast import forecast, forecast_sentence, put_right
from procurement.action_plans.rules.progress import Track, standing, worst

D = Decimal
END = date(2028, 3, 31)


@pytest.mark.parametrize(
    ("verified", "planned", "promised", "is_over", "expected"),
    [
        ("0", "0", "100", False, Track.NOT_DUE),
        ("44.999", "50", "100", False, Track.AT_RISK),
        ("45", "50", "100", False, Track.ON_TRACK),
        ("29.999", "50", "100", False, Track.BEHIND),
        ("30", "50", "100", False, Track.AT_RISK),
        ("99.999", "100", "100", False, Track.ON_TRACK),
        ("99.999", "100", "100", True, Track.MISSED),
        ("100", "50", "100", False, Track.COMPLETE),
        ("100", "100", "100", True, Track.COMPLETE),
        ("0", "0", "0", True, Track.NOT_DUE),
    ],
)
def test_standing_uses_unrounded_numbers(verified, planned, promised, is_over, expected):
    found = standing(D(verified), D(planned), D(promised), is_over=is_over, adds_up=True)
    assert found == expected


def test_a_rate_is_complete_only_when_the_contract_is_over():
    rate = {"verified": D(90), "planned": D(85), "promised": D(85), "adds_up": False}
    assert standing(**rate, is_over=False) == Track.ON_TRACK
    assert standing(**rate, is_over=True) == Track.COMPLETE


def test_more_of_one_does_not_make_up_for_another():
    assert worst([Track.COMPLETE, Track.ON_TRACK, Track.BEHIND]) == Track.BEHIND
    assert worst([Track.MISSED, Track.BEHIND]) == Track.MISSED
    assert worst([Track.COMPLETE, Track.NOT_DUE]) == Track.COMPLETE


def test_the_pace_goes_on():
    """10, 5, 9 in three quarters, five left: 24 + 5 x 8 = 64, between 24 + 25 and 24 + 50."""
    found = forecast(
        promised=D(80), verified=D(24), by_quarter=[D(10), D(5), D(9)], quarters_left=5
    )
    assert (found.expected, found.low, found.high) == (64, 49, 74)
    assert (found.pace, found.short_by, found.warns) == (8, 16, True)
    assert forecast_sentence(found, "hours", END) == (
        "At the pace so far it ends at 64 hours of 80 hours on 31 March 2028, "
        "between 49 hours and 74 hours: 16 hours short."
    )


def test_only_the_last_four_quarters_are_the_pace():
    found = forecast(
        promised=D(80),
        verified=D(108),
        by_quarter=[D(100), D(2), D(2), D(2), D(2)],
        quarters_left=1,
    )
    assert (found.pace, found.expected, found.warns) == (2, 110, False)


def test_one_quarter_gives_a_pace_and_no_range():
    found = forecast(promised=D(80), verified=D(10), by_quarter=[D(10)], quarters_left=7)
    assert (found.expected, found.has_range) == (80, False)
    assert forecast_sentence(found, "hours", END).endswith("on 31 March 2028.")


def test_what_is_verified_early_is_there_already():
    found = forecast(promised=D(80), verified=D(30), by_quarter=[D(0)], quarters_left=1)
    assert found.expected == 30


def test_nothing_is_foretold_before_a_quarter_is_over():
    assert forecast(promised=D(80), verified=D(3), by_quarter=[], quarters_left=8) is None
    assert forecast(promised=D(0), verified=D(0), by_quarter=[D(0)], quarters_left=8) is None


def test_what_would_put_it_right():
    facts = {"promised": D(80), "unit": "hours", "ends_on": END}
    assert put_right(verified=D(24), quarters_left=3, pace=D(8), **facts) == (
        "Deliver 18.667 hours in each of the 3 quarters left to reach 80 hours by 31 March 2028. "
        "It was 8 hours a quarter so far."
    )
    assert put_right(verified=D(24), quarters_left=1, pace=None, **facts) == (
        "Deliver 56 hours in the quarter that is left to reach 80 hours by 31 March 2028."
    )
    assert put_right(verified=D(80), quarters_left=1, pace=None, **facts) == ""
    assert put_right(verified=D(79), quarters_left=0, pace=None, **facts).startswith(
        "The contract is over and 1 hour less than promised is verified."
    )


numbers = st.decimals(0, 10**6, places=3)


@given(st.lists(numbers, min_size=1, max_size=12), st.integers(0, 12), numbers)
def test_the_expected_end_lies_in_the_range(quarters, left, promised):
    verified = sum(quarters, D(0))
    found = forecast(
        promised=promised + 1, verified=verified, by_quarter=quarters, quarters_left=left
    )
    assert verified <= found.low <= found.expected <= found.high
    if left == 0:
        assert found.low == found.high == verified


@given(numbers, numbers, st.integers(1, 12))
def test_delivering_what_it_says_is_enough(promised, verified, left):
    said = put_right(
        promised=promised,
        verified=verified,
        quarters_left=left,
        pace=None,
        unit="",
        ends_on=END,
    )
    if promised <= verified:
        assert said == ""
        return
    rate = D(said.removeprefix("Deliver ").split(" ", 1)[0].replace(",", ""))
    assert verified + rate * left >= promised
