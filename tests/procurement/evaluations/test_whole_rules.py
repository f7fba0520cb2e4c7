"""The whole award by hand: points, places, crossings against the closed form."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.evaluations import rules
from procurement.tenders.rules import crossing
from socialvalue.core.errors import RuleBroken

D = Decimal
WEIGHTS = rules.Weights(D(20), D(50), D(30))


def four() -> list[rules.WholeBid]:
    """Social value, price and quality scores out of 100.

    20/50/30:  1: 17.2 + 30 + 21 = 68.2          2: 17.5 + 45 + 15 = 77.5
               3: 5.7 + 50 + 18 = 73.7           4: 3.6 + 37.5 + 27 = 68.1
    """
    return [
        rules.WholeBid(1, D(86), D(60), D(70)),
        rules.WholeBid(2, D("87.5"), D(90), D(50)),
        rules.WholeBid(3, D("28.5"), D(100), D(60)),
        rules.WholeBid(4, D(18), D(75), D(90)),
    ]


def test_four_bids_by_hand():
    assert [(row.bid_id, row.points, row.rank) for row in rules.whole_scores(WEIGHTS, four())] == [
        (2, D("77.5"), 1),
        (3, D("73.7"), 2),
        (1, D("68.2"), 3),
        (4, D("68.1"), 4),
    ]


def test_pass_or_fail_leaves_price_and_quality():
    """70/30:  1: 42 + 21 = 63;  2: 63 + 15 = 78;  3: 70 + 18 = 88;  4: 52.5 + 27 = 79.5."""
    scores = rules.whole_scores(rules.Weights(None, D(70), D(30)), four())
    assert {row.bid_id: row.points for row in scores} == {
        1: D(63),
        2: D(78),
        3: D(88),
        4: D("79.5"),
    }
    assert rules.whole_stretches(rules.Weights(None, D(70), D(30)), four()) == ()


def test_equal_points_share_a_place():
    rows = [rules.WholeBid(n, D(50), D(50), D(50)) for n in (1, 2)]
    rows.append(rules.WholeBid(3, D(0), D(0), D(0)))
    assert [(row.bid_id, row.rank) for row in rules.whole_scores(WEIGHTS, rows)] == [
        (1, 1),
        (2, 1),
        (3, 3),
    ]


def test_nothing_while_a_score_is_missing():
    rows = [*four(), rules.WholeBid(5, D(50), D(50), None)]
    assert rules.whole_scores(WEIGHTS, rows) == []
    assert rules.whole_stretches(WEIGHTS, rows) == ()
    assert rules.whole_scores(WEIGHTS, []) == []


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (rules.Weights(D(20), D(50), D(30)), ""),
        (
            rules.Weights(D(20), D(50), D("29.99")),
            "Social value, price and quality must add to 100%. They add to 99.99%: 0.01% is missing",
        ),
        (
            rules.Weights(D(20), D(50), D("30.01")),
            "Social value, price and quality must add to 100%. They add to 100.01%: that is 0.01% too much",
        ),
        (
            rules.Weights(None, D(50), D(30)),
            "Price and quality must add to 100%. They add to 80%: 20% is missing",
        ),
        (rules.Weights(None, D(100), D(0)), ""),
    ],
)
def test_what_is_missing_to_a_hundred(weights, said):
    assert rules.weights_missing(weights) == said
    if said:
        with pytest.raises(RuleBroken) as caught:
            rules.check_weights(weights)
        assert caught.value.message == said
    else:
        rules.check_weights(weights)


@pytest.mark.parametrize("weights", [(D(-1), D(81)), (D(101), D(-21))])
def test_weights_stay_from_nought_to_a_hundred(weights):
    with pytest.raises(RuleBroken, match="from 0 to 100"):
        rules.check_weights(rules.Weights(D(20), *weights))


def test_the_usual_price_score():
    """Lowest £400: 40, 66.666667, 100, 50. No price and a price of nought have none and do not set the lowest."""
    prices = {1: D(1000), 2: D(600), 3: D(400), 4: D(800), 5: None, 6: D(0)}
    assert rules.usual_price_scores(prices) == {
        1: D(40),
        2: D("66.666667"),
        3: D(100),
        4: D(50),
    }
    assert rules.usual_price_scores({1: None}) == {}


def test_who_wins_from_5_to_30_percent():
    """Price and quality 50:30, so R = 5/8 x price + 3/8 x quality: 63.75, 75, 85, 80.625.

    At 5% the third leads: 0.05 x 28.5 + 0.95 x 85 = 82.175. It crosses the second where
    w = 100 x (75 - 85) / ((28.5 - 87.5) + (75 - 85)) = 100 x 10/69 = 14.49 (two places).
    """
    found = rules.whole_stretches(WEIGHTS, four())
    assert [(row.first, row.last, row.winners) for row in found] == [
        (D(5), D("14.49"), ("3",)),
        (D("14.49"), D(30), ("2",)),
    ]
    at = crossing((Fraction(57, 2), Fraction(85)), (Fraction(175, 2), Fraction(75)))
    assert at == Fraction(1000, 69)


def test_points_at_another_weighting():
    """At 10%: 0.1 x 87.5 + 0.9 x 75 = 76.25; at 20%, its own: 17.5 + 60 = 77.5."""
    second = four()[1]
    assert rules.points_at(WEIGHTS, second, D(10)) == D("76.25")
    assert rules.points_at(WEIGHTS, second, D(20)) == D("77.5")


def test_social_value_alone_decides():
    weights = rules.Weights(D(100), D(0), D(0))
    assert [row.bid_id for row in rules.whole_scores(weights, four())] == [2, 1, 3, 4]
    assert rules.whole_stretches(weights, four()) == ()


scores = st.decimals(0, 100, places=2)


@settings(deadline=None)
@given(st.lists(st.tuples(scores, scores, scores), min_size=1, max_size=6), st.integers(1, 99))
def test_for_any_scores(rows, price):
    bids = [rules.WholeBid(n, *row) for n, row in enumerate(rows, 1)]
    weights = rules.Weights(D(20), D(80) * price / 100, D(80) - D(80) * price / 100)
    found = rules.whole_scores(weights, bids)
    assert all(0 <= row.points <= 100 for row in found)
    assert [row.rank for row in found] == [
        1 + sum(other.points > row.points for other in found) for row in found
    ]
    stretches = rules.whole_stretches(weights, bids)
    assert (stretches[0].first, stretches[-1].last) == (D(5), D(30))
    assert [row.last for row in stretches[:-1]] == [row.first for row in stretches[1:]]
    for stretch in stretches:
        if stretch.last - stretch.first < D("0.05"):
            continue  # its ends are rounded to two places, so its middle may lie outside it
        middle = Fraction(stretch.first + stretch.last) / 2
        points = {
            str(row.bid_id): middle * Fraction(row.social_value)
            + (100 - middle)
            * (
                Fraction(weights.price) * Fraction(row.price)
                + Fraction(weights.quality) * Fraction(row.quality)
            )
            / 80
            for row in bids
        }
        highest = max(points.values())
        assert stretch.winners == tuple(sorted(n for n, own in points.items() if own == highest))
