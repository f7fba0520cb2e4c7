"""What must come before a signature, and on which days it may be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from procurement.awards.rules import Gate, SigningFacts, check_signature, gates
from socialvalue.core.errors import RuleBroken

AWARDED = date(2026, 5, 1)
LAST = date(2026, 5, 13)
DAY = timedelta(days=1)


def facts(**more) -> SigningFacts:
    whole = {
        "awarded_on": AWARDED,
        "needs_summaries": True,
        "needs_standstill": True,
        "issued_on": AWARDED,
        "standstill_ends_on": LAST,
    }
    return SigningFacts(**{**whole, **more})


FREE = {
    "needs_summaries": False,
    "needs_standstill": False,
    "issued_on": None,
    "standstill_ends_on": None,
}


def test_refused_on_the_last_day_and_allowed_the_day_after():
    with pytest.raises(RuleBroken, match="from 14 May 2026"):
        check_signature(facts(), LAST, today=LAST)
    with pytest.raises(RuleBroken, match="from 14 May 2026"):
        check_signature(facts(), LAST, today=LAST + DAY)
    assert check_signature(facts(), LAST + DAY, today=LAST + DAY) is None


def test_refused_for_a_day_to_come():
    with pytest.raises(RuleBroken, match="today or in the past"):
        check_signature(facts(), LAST + 2 * DAY, today=LAST + DAY)


def test_refused_without_what_the_law_asks_for():
    late = LAST + 30 * DAY
    with pytest.raises(RuleBroken, match="assessment summaries"):
        check_signature(facts(issued_on=None), late, today=late)
    with pytest.raises(RuleBroken, match="standstill"):
        check_signature(facts(standstill_ends_on=None), late, today=late)


def test_where_the_law_asks_for_nothing_it_may_follow_at_once_but_not_before_the_award():
    assert check_signature(facts(**FREE), AWARDED, today=AWARDED) is None
    with pytest.raises(RuleBroken, match="1 May 2026"):
        check_signature(facts(**FREE), AWARDED - DAY, today=AWARDED)


def test_signed_after_the_summaries_even_where_no_standstill_is_asked_for():
    """Light touch: every bidder must be told, nobody must wait."""
    light = facts(needs_standstill=False, standstill_ends_on=None, issued_on=AWARDED + 3 * DAY)
    with pytest.raises(RuleBroken, match="issued on 4 May 2026"):
        check_signature(light, AWARDED + 2 * DAY, today=LAST)
    assert check_signature(light, AWARDED + 3 * DAY, today=LAST) is None


def test_a_voluntary_standstill_binds_all_the_same():
    voluntary = facts(needs_summaries=False, needs_standstill=False, issued_on=None)
    with pytest.raises(RuleBroken):
        check_signature(voluntary, LAST, today=LAST)
    assert check_signature(voluntary, LAST + DAY, today=LAST + DAY) is None


@pytest.mark.parametrize(
    ("more", "today", "left"),
    [
        ({"issued_on": None, "standstill_ends_on": None}, AWARDED, ["summaries", "standstill"]),
        ({"standstill_ends_on": None}, AWARDED, ["standstill"]),
        ({}, LAST, ["wait"]),
        ({}, LAST + DAY, []),
        (FREE, AWARDED, []),
    ],
)
def test_what_is_left(more, today, left):
    assert gates(facts(**more), today) == [*map(Gate, left), Gate.SIGNATURE]
