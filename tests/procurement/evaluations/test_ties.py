"""Equal points: what the published tie rule tells apart, and who shares a place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.evaluations import rules
from procurement.tenders.vocabulary import TieRule
from tests.factories.scorings import bid, marks, places, scoring, totals

D = Decimal


def tied(**prices: int | None) -> list[rules.ScoredBid]:
    """Four bids of 50 points each, from quantities and answers in other shares.

    1: 50 + 0 (£1.00)       2: 0 + 50 (nothing offered)
    3: 50 x 60/100 = 30 (£0.60), and 50 x (60% x 0 + 40% x 5/5) = 20       4: 0 + 50, as the second
    """
    return [
        bid(1, 100, marks(q1=0, q2=0), price=prices.get("p1")),
        bid(2, 0, marks(q1=5, q2=5), price=prices.get("p2")),
        bid(3, 60, marks(q1=0, q2=5), price=prices.get("p3")),
        bid(4, 0, marks(q1=5, q2=5), price=prices.get("p4")),
    ]


def test_the_four_are_tied():
    assert set(totals(rules.rank(scoring(), tied())).values()) == {D(50)}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (TieRule.SHARED, {1: 1, 2: 1, 3: 1, 4: 1}),
        # 50 points for answers of the second and fourth, 20 of the third, none of the first.
        (TieRule.ANSWERS, {2: 1, 4: 1, 3: 3, 1: 4}),
        # £1.00, £0.60, nothing twice.
        (TieRule.SOCIAL_VALUE, {1: 1, 3: 2, 2: 3, 4: 3}),
        # £7, £8 twice, and no price comes last.
        (TieRule.LOWER_PRICE, {4: 1, 1: 2, 3: 2, 2: 4}),
    ],
)
def test_tie_rules(rule, expected):
    rows = tied(p1=800, p2=None, p3=800, p4=700)
    assert places(rules.rank(scoring(tie_rule=rule), rows)) == expected


def test_a_price_of_nought_is_no_lower_price():
    rows = tied(p1=0, p2=1, p3=None, p4=2)
    found = places(rules.rank(scoring(tie_rule=TieRule.LOWER_PRICE), rows))
    assert found == {2: 1, 4: 2, 1: 3, 3: 3}


def test_a_tie_rule_tells_nobody_apart_who_is_not_tied():
    """25 + 46 = 71 and 50 + 10 = 60; the second has more social value and the lower price."""
    rows = [
        bid(1, 50, marks(q1=5, q2=4), price=900),
        bid(2, 100, marks(q1=1, q2=1), price=100),
    ]
    for rule in TieRule.values:
        scores = rules.rank(scoring(tie_rule=rule), rows)
        assert totals(scores) == {1: D(71), 2: D(60)}
        assert places(scores) == {1: 1, 2: 2}


def test_equal_totals_share_a_rank_and_the_next_is_skipped():
    best = marks(q1=5, q2=5)
    scores = rules.rank(scoring(), [bid(1, 50, best), bid(2, 100, best), bid(3, 100, best)])
    assert [(s.bid_id, s.rank) for s in scores] == [(2, 1), (3, 1), (1, 3)]


def test_a_millionth_of_a_point_is_a_difference():
    """£3,000,000.00 and one penny less: 50 and 50 x 299999999/300000000 = 49.9999998 -> 50.000000: tied as rounded.

    A millionth of 50 points is £0.06 of £3,000,000: six pence less is 49.999999.
    """
    best = marks(q1=5, q2=5)
    rows = [bid(1, 300_000_000, best), bid(2, 299_999_999, best), bid(3, 299_999_994, best)]
    scores = rules.rank(scoring(), rows)
    assert totals(scores) == {1: D(100), 2: D(100), 3: D("99.999999")}
    assert places(scores) == {1: 1, 2: 1, 3: 3}
