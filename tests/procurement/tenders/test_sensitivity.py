"""What a point costs and where the winner changes, against the closed form."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from procurement.tenders.rules import (
    ExampleBid,
    TriedBid,
    crossing,
    scored_examples,
    sensitivity,
    usual_examples,
)

D = Decimal


def bid(name: str, price: int, social: int, quality: int = 0) -> ExampleBid:
    return ExampleBid(name, D(price), D(social), D(quality))


def test_two_bids_change_places_where_their_lines_cross():
    # Price only besides: R is 100 for the cheap bid and 100 x 900/1000 = 90 for the dear one.
    # Cheap: S 40, R 100. Dear: S 100, R 90. Equal at 100 x (100 - 90) / ((100 - 40) + (100 - 90)) = 14.2857...
    found = sensitivity(
        [bid("Cheap", 900, 40), bid("Dear", 1000, 100)], weighting=D(10), price_share=D(100)
    )
    assert found.crossings == (D("14.29"),)
    assert found.leaders == ("Cheap",)
    assert [(row.first, row.last, row.winners) for row in found.stretches] == [
        (D("5.00"), D("14.29"), ("Cheap",)),
        (D("14.29"), D("30.00"), ("Dear",)),
    ]


def test_the_price_gap_of_a_point_by_hand():
    # At 20% social value and price only besides, price counts 80%. One point of S is 0.2 of the award, which is
    # 0.25 of the price score: 100 x 900/99.75 - 900 = 2.26 more for the cheapest.
    found = sensitivity([bid("Cheap", 900, 40)], weighting=D(20), price_share=D(100))
    assert (found.gaps[0].gap, found.gaps[0].points) == (D("2.26"), D("88.00"))


def test_where_price_counts_half_of_the_rest_a_point_buys_twice_as_much():
    whole = sensitivity([bid("A", 100_000, 0)], weighting=D(20), price_share=D(100)).gaps[0].gap
    half = sensitivity([bid("A", 100_000, 0)], weighting=D(20), price_share=D(50)).gaps[0].gap
    assert whole is not None
    assert half is not None
    # 100,000 x 0.25/99.75 and 100,000 x 0.5/99.5
    assert (whole, half) == (D("250.63"), D("502.51"))


@pytest.mark.parametrize(("weighting", "share"), [(20, 0), (100, 100)])
def test_where_price_counts_nothing_no_price_loses_the_point(weighting, share):
    found = sensitivity([bid("A", 100, 0)], weighting=D(weighting), price_share=D(share))
    assert found.gaps[0].gap is None


def test_the_same_bid_twice_wins_together_all_the_way():
    found = sensitivity([bid("A", 100, 50), bid("B", 100, 50)], weighting=D(10), price_share=D(60))
    assert [row.winners for row in found.stretches] == [("A", "B")]
    assert found.crossings == ()


def test_three_bids_take_turns():
    # R: 100, 95, 80. S: 0, 60, 100.
    found = sensitivity(
        [bid("Low", 760, 0),
         bid("Middle", 800, 60), bid("High", 950, 100)],
        weighting=D(10), price_share=D(100),
    )  # fmt: skip
    # 100 x 5/65 = 7.69 and 100 x 15/55 = 27.27
    assert found.crossings == (D("7.69"), D("27.27"))
    assert [row.winners for row in found.stretches] == [("Low",), ("Middle",), ("High",)]


@pytest.mark.parametrize(
    "bids",
    [
        [],
        [ExampleBid("A", D(0), D(1))],
        [ExampleBid("A", D(1), D(101))],
        [ExampleBid("A", D(1), D(1)), ExampleBid("A", D(2), D(2))],
    ],
)
def test_what_cannot_be_tried(bids):
    with pytest.raises(ValueError, match=r"\w"):
        sensitivity(bids, weighting=D(10), price_share=D(60))


SCORE = st.decimals(0, 100, places=2)
BID = st.tuples(st.decimals("0.01", "1000000", places=2), SCORE, SCORE)


@given(st.lists(BID, min_size=1, max_size=5), SCORE, st.randoms())
def test_who_wins_does_not_depend_on_the_order(rows, share, random):
    bids = [ExampleBid(str(n), *row) for n, row in enumerate(rows)]
    mixed = bids[:]
    random.shuffle(mixed)
    one = sensitivity(bids, weighting=D(10), price_share=share)
    other = sensitivity(mixed, weighting=D(10), price_share=share)
    assert one.stretches == other.stretches
    assert (one.stretches[0].first, one.stretches[-1].last) == (D("5.00"), D("30.00"))


@given(st.lists(BID, min_size=2, max_size=4), SCORE, st.decimals(5, 30, places=3))
def test_at_any_weighting_the_winner_has_the_most_points(rows, share, weighting):
    """Worked out anew, bid by bid, at a weighting that is not at a crossing."""
    bids = [ExampleBid(str(n), *row) for n, row in enumerate(rows)]
    found = sensitivity(bids, weighting=weighting, price_share=share)
    near = [row for row in found.stretches if row.first < weighting < row.last]
    assume(len(near) == 1)
    lowest = min(Fraction(row.price) for row in bids)
    totals = {}
    for row in bids:
        rest = Fraction(share) * (100 * lowest / Fraction(row.price)) / 100
        rest += (100 - Fraction(share)) * Fraction(row.quality_score) / 100
        totals[row.name] = (
            Fraction(weighting) * Fraction(row.social_value_score)
            + (100 - Fraction(weighting)) * rest
        ) / 100
    best = max(totals.values())
    assert set(near[0].winners) <= {name for name, total in totals.items() if total == best}


def test_parallel_lines_never_cross():
    assert crossing((Fraction(10), Fraction(10)), (Fraction(20), Fraction(20))) is None


# --- the tender's own scoring ---------------------------------------------------------------------


def test_examples_are_scored_by_the_tenders_formula_and_split():
    # Half of 100 points for quantity: 50 and 25. Answers 5 and 3 of 5 of the other half: 50 and 30.
    tried = [
        TriedBid("A", D(1000), D(200), D(5), D(70)),
        TriedBid("B", D(900), D(100), D(3), D(60)),
    ]
    found = scored_examples(
        tried, quantitative_percent=D(50), formula="share_of_highest", target_value=None
    )
    assert [row.social_value_score for row in found] == [D(100), D(55)]
    assert [row.quality_score for row in found] == [D(70), D(60)]
    by_target = scored_examples(
        tried, quantitative_percent=D(50), formula="target", target_value=D(400)
    )
    assert [row.social_value_score for row in by_target] == [D(75), D("42.5")]


@pytest.mark.parametrize("estimate", [D("0.01"), D(75_000), D(10**9)])
def test_there_is_always_something_to_begin_with(estimate):
    usual = usual_examples(estimate)
    found = scored_examples(
        usual, quantitative_percent=D(60), formula="share_of_price", target_value=None
    )
    assert sensitivity(found, weighting=D(10), price_share=D(60)).stretches
