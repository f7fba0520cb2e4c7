"""Points for quantity by each formula, worked by hand for four bids; and what holds for every bid."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.tenders.rules import Offered, quantity_points, rounded
from procurement.tenders.vocabulary import Formula

D = Decimal
# Social value and price of four bids, in pence.
FOUR = {
    1: Offered(20_000_000, 100_000_000),
    2: Offered(15_000_000, 60_000_000),
    3: Offered(5_000_000, 50_000_000),
    4: Offered(0, 40_000_000),
}


def test_share_of_the_highest_by_hand():
    # 60 x 200,000/200,000; 60 x 150/200; 60 x 50/200; 60 x 0
    found = quantity_points(FOUR, share=D(60))
    assert found == {1: D("60.000000"), 2: D("45.000000"), 3: D("15.000000"), 4: D("0.000000")}


def test_share_of_price_by_hand():
    # 20%, 25%, 10% and 0% of the price; the highest is 25%.
    found = quantity_points(FOUR, share=D(60), formula=Formula.SHARE_OF_PRICE)
    assert found == {1: D("48.000000"), 2: D("60.000000"), 3: D("24.000000"), 4: D("0.000000")}


@pytest.mark.parametrize(
    ("target", "points"),
    [
        (16_000_000, ["60.000000", "56.250000", "18.750000", "0.000000"]),
        (20_000_000, ["60.000000", "45.000000", "15.000000", "0.000000"]),
        (15_000_000, ["60.000000", "60.000000", "20.000000", "0.000000"]),
        (40_000_000, ["30.000000", "22.500000", "7.500000", "0.000000"]),
    ],
)
def test_a_target_by_hand(target, points):
    """Beyond the target nothing more is earned; below it the share of it."""
    found = quantity_points(FOUR, share=D(60), formula=Formula.TARGET, target_pence=target)
    assert [str(found[bid]) for bid in (1, 2, 3, 4)] == points


@pytest.mark.parametrize("formula", [Formula.SHARE_OF_HIGHEST, Formula.SHARE_OF_PRICE])
def test_nobody_gets_points_where_nobody_offers_anything(formula):
    none = {1: Offered(0, 100), 2: Offered(0, None)}
    assert set(quantity_points(none, share=D(60), formula=formula).values()) == {D("0.000000")}


@pytest.mark.parametrize("price", [None, 0])
def test_without_a_price_there_is_nothing_to_divide_by(price):
    bids = {1: Offered(90_000_000, price), 2: Offered(100, 1_000), 3: Offered(50, 1_000)}
    found = quantity_points(bids, share=D(60), formula=Formula.SHARE_OF_PRICE)
    assert found == {1: D("0.000000"), 2: D("60.000000"), 3: D("30.000000")}


def test_a_tie_is_a_tie():
    found = quantity_points({1: Offered(7), 2: Offered(7)}, share=D(60))
    assert found[1] == found[2] == D("60.000000")


def test_who_is_left_out_does_not_set_the_highest():
    without = {bid: offer for bid, offer in FOUR.items() if bid != 1}
    assert quantity_points(without, share=D(60))[2] == D("60.000000")


def test_nobody_bids():
    assert quantity_points({}, share=D(60)) == {}


@pytest.mark.parametrize(
    ("offers", "how"),
    [
        ({1: Offered(-1)}, {}),
        (FOUR, {"formula": "lucky_dip"}),
        (FOUR, {"formula": Formula.TARGET}),
        (FOUR, {"formula": Formula.TARGET, "target_pence": 0}),
    ],
)
def test_what_cannot_be_scored(offers, how):
    with pytest.raises(ValueError, match=r"\w"):
        quantity_points(offers, share=D(60), **how)


OFFERS = st.dictionaries(
    st.integers(1, 9),
    st.builds(
        Offered, st.integers(0, 10**12), st.one_of(st.none(), st.integers(0, 10**12))
    ),
    max_size=6,
)  # fmt: skip
FORMULAS = st.sampled_from([(f, None) for f in Formula if f != Formula.TARGET]) | st.tuples(
    st.just(Formula.TARGET), st.integers(1, 10**12)
)


@given(OFFERS, FORMULAS, st.integers(0, 100))
def test_points_lie_between_nought_and_the_share_and_order_makes_no_difference(offers, how, share):
    formula, target = how
    found = quantity_points(offers, share=D(share), formula=formula, target_pence=target)
    assert set(found) == set(offers)
    assert all(0 <= points <= share for points in found.values())
    backwards = dict(reversed(offers.items()))
    assert quantity_points(backwards, share=D(share), formula=formula, target_pence=target) == found


@given(OFFERS, FORMULAS, st.integers(1, 10**9))
def test_offering_more_never_earns_less(offers, how, more):
    formula, target = how
    for bid, offer in offers.items():
        better = offers | {bid: Offered(offer.value_pence + more, offer.price_pence)}
        before = quantity_points(offers, share=D(60), formula=formula, target_pence=target)
        after = quantity_points(better, share=D(60), formula=formula, target_pence=target)
        assert after[bid] >= before[bid]
        assert all(after[other] <= before[other] for other in offers if other != bid)


@pytest.mark.parametrize(
    ("exact", "step", "text"),
    [
        (Fraction(1, 3), "0.000001", "0.333333"),
        (Fraction(2, 3), "0.000001", "0.666667"),
        (Fraction(1, 2_000_000), "0.000001", "0.000001"),
        (Fraction(999_999, 2_000_000_000_000), "0.000001", "0.000000"),
        (Fraction(-5, 1000), "0.01", "-0.01"),
        (Fraction(5, 1000), "0.01", "0.01"),
    ],
)
def test_half_a_step_goes_up(exact, step, text):
    assert str(rounded(exact, D(step))) == text
