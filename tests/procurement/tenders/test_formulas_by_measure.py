"""Points where each measure has a weight, worked by hand for four bids; what lies above a cap; what always holds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.tenders.rules import Offered, capped, quantity_points
from procurement.tenders.vocabulary import Formula

D = Decimal
# Of measure 7 in pounds, of measure 8 in people: 60% and 40% of 50 points.
WEIGHTS = {7: D(60), 8: D(40)}
POUNDS = {1: 200_000, 2: 150_000, 3: 50_000, 4: 0}
PEOPLE = {1: 10, 2: 20, 3: 5, 4: 0}
PRICE = {1: 1_000_000, 2: 600_000, 3: 500_000, 4: 400_000}


def four(most_people=None, **prices):
    return {
        bid: Offered(
            POUNDS[bid] * 100,
            prices.get(f"price_{bid}", PRICE[bid] * 100),
            {7: D(POUNDS[bid]), 8: capped(D(PEOPLE[bid]), most_people)},
        )
        for bid in POUNDS
    }


def texts(found):
    return [str(found[bid]) for bid in sorted(found)]


def points(offers, formula=Formula.SHARE_OF_HIGHEST, weights=WEIGHTS, **more):
    return quantity_points(offers, share=D(50), formula=formula, weights=weights, **more)


def test_share_of_the_highest_of_each_measure_by_hand():
    # 50 x (60% x 1 + 40% x 10/20); 50 x (60% x 150/200 + 40% x 1); 50 x (60% x 1/4 + 40% x 1/4); nothing
    assert texts(points(four())) == ["40.000000", "42.500000", "12.500000", "0.000000"]


def test_share_of_price_of_each_measure_by_hand():
    # £ for a £ of price: 0.2, 0.25, 0.1; people for £1m: 10, 33 1/3, 10. So 0.8 and 0.3; 1 and 1; 0.4 and 0.3.
    found = points(four(), Formula.SHARE_OF_PRICE)
    assert texts(found) == ["30.000000", "50.000000", "18.000000", "0.000000"]


def test_a_cap_on_one_measure_by_hand():
    # At most 10 people are scored: the highest is 10.
    assert texts(points(four(D(10)))) == ["50.000000", "42.500000", "17.500000", "0.000000"]


@pytest.mark.parametrize(
    ("formula", "target", "expected"),
    [
        (Formula.SHARE_OF_HIGHEST, None, ["60.000000", "60.000000", "30.000000", "0.000000"]),
        (Formula.SHARE_OF_PRICE, None, ["36.000000", "60.000000", "36.000000", "0.000000"]),
        (Formula.TARGET, 8_000_000, ["60.000000", "60.000000", "37.500000", "0.000000"]),
    ],
)
def test_a_cap_without_weights_by_hand(formula, target, expected):
    """20, 15, 5 and 0 people at £10,000 each, at most 10 scored: £100,000, £100,000, £50,000 and nothing."""
    offers = {
        bid: Offered(int(capped(D(people), D(10)) * 1_000_000), PRICE[bid] * 100)
        for bid, people in {1: 20, 2: 15, 3: 5, 4: 0}.items()
    }
    found = quantity_points(offers, share=D(60), formula=formula, target_pence=target)
    assert texts(found) == expected


@pytest.mark.parametrize(
    ("quantity", "maximum", "counts"),
    [("9.999", "10", "9.999"), ("10", "10", "10"), ("10.001", "10", "10"), ("7", None, "7"), ("0", "10", "0")],
)  # fmt: skip
def test_what_is_scored_of_a_quantity(quantity, maximum, counts):
    assert capped(D(quantity), None if maximum is None else D(maximum)) == D(counts)


def test_a_measure_that_nobody_offers_is_lost_and_others_do_not_get_its_points():
    none = {bid: Offered(row.value_pence, None, {7: row.amounts[7]}) for bid, row in four().items()}
    assert texts(points(none)) == ["30.000000", "22.500000", "7.500000", "0.000000"]


@pytest.mark.parametrize("formula", [Formula.SHARE_OF_HIGHEST, Formula.SHARE_OF_PRICE])
def test_nobody_offers_anything(formula):
    nothing = {1: Offered(0, 100, {7: D(0), 8: D(0)}), 2: Offered(0, 100), 3: Offered(0)}
    assert set(points(nothing, formula).values()) == {D("0.000000")}


@pytest.mark.parametrize("price", [None, 0])
def test_without_a_price_nothing_is_earned_and_no_highest_is_set(price):
    found = points(four(price_2=price), Formula.SHARE_OF_PRICE)
    # Without bid 2: 0.2 and 0.1 of the price, 10 and 10 people for £1m.
    assert texts(found) == ["50.000000", "0.000000", "35.000000", "0.000000"]


def test_who_is_left_out_sets_no_highest():
    rest = {bid: row for bid, row in four().items() if bid != 2}
    assert texts(points(rest)) == ["50.000000", "17.500000", "0.000000"]


def test_what_has_no_weight_earns_nothing():
    more = {bid: Offered(0, None, {**row.amounts, 99: D(1000)}) for bid, row in four().items()}
    assert points(more) == points(four())


def test_a_third_each_is_rounded_once():
    weights = {1: D("33.33"), 2: D("33.33"), 3: D("33.34")}
    offers = {1: Offered(0, None, {1: D(1), 2: D(1), 3: D(1)}), 2: Offered(0, None, {1: D(3)})}
    # 50 x (33.33% x 1/3 + 33.33% + 33.34%) = 38.89 exactly; rounding each part first would be off.
    assert points(offers, weights=weights) == {1: D("38.890000"), 2: D("16.665000")}


@pytest.mark.parametrize(
    ("offers", "how"),
    [
        ({1: Offered(0, None, {7: D("-0.001")})}, {}),
        ({1: Offered(-1)}, {}),
        ({1: Offered(1, -1)}, {}),
        (four(), {"weights": {7: D(60), 8: D("39.99")}}),
        (four(), {"weights": {7: D(60), 8: D("40.01")}}),
        (four(), {"weights": {7: D(110), 8: D(-10)}}),
        (four(), {"formula": Formula.TARGET, "target_pence": 100}),
        (four(), {"formula": "lucky_dip"}),
    ],
)
def test_what_cannot_be_scored(offers, how):
    with pytest.raises(ValueError, match=r"\w"):
        points(offers, **how)


AMOUNTS = st.dictionaries(st.integers(1, 3), st.decimals(0, 10**6, places=3), max_size=3)
OFFERS = st.dictionaries(
    st.integers(1, 9),
    st.builds(
        Offered, st.integers(0, 10**9), st.one_of(st.none(), st.integers(0, 10**9)), AMOUNTS
    ),
    max_size=5,
)  # fmt: skip
HOW = st.sampled_from([Formula.SHARE_OF_HIGHEST, Formula.SHARE_OF_PRICE])
SHARED_OUT = st.sampled_from(
    [{1: D(100)}, {1: D("33.33"), 2: D("66.67")}, {1: D(20), 2: D("30.5"), 3: D("49.5")}]
)


@given(OFFERS, HOW, SHARED_OUT, st.integers(0, 100))
def test_points_lie_between_nought_and_the_share_and_order_makes_no_difference(
    offers, formula, weights, share
):
    how = {"share": D(share), "formula": formula}
    found = quantity_points(offers, **how, weights=weights)
    assert set(found) == set(offers)
    assert all(0 <= own <= share for own in found.values())
    backwards = quantity_points(
        dict(reversed(offers.items())), **how, weights=dict(reversed(weights.items()))
    )
    assert backwards == found


@given(OFFERS, HOW, SHARED_OUT, st.integers(1, 3), st.decimals("0.001", 10**6, places=3))
def test_offering_more_of_a_measure_never_earns_less_nor_gives_others_more(
    offers, formula, weights, measure, more
):
    before = points(offers, formula, weights)
    for bid, row in offers.items():
        amounts = {**row.amounts, measure: row.amounts.get(measure, D(0)) + more}
        better = offers | {bid: Offered(row.value_pence, row.price_pence, amounts)}
        after = points(better, formula, weights)
        assert after[bid] >= before[bid]
        assert all(after[other] <= before[other] for other in offers if other != bid)


@given(OFFERS, HOW, SHARED_OUT, st.decimals("0.001", 10**6, places=3))
def test_a_cap_never_raises_what_it_takes_from(offers, formula, weights, most):
    """One bid held to a cap earns no more than without it."""
    before = points(offers, formula, weights)
    for bid, row in offers.items():
        held = {key: capped(amount, most) for key, amount in row.amounts.items()}
        alone = offers | {bid: Offered(row.value_pence, row.price_pence, held)}
        assert points(alone, formula, weights)[bid] <= before[bid]


@given(st.decimals(0, 10**6, places=3), st.decimals("0.001", 10**6, places=3))
def test_a_cap_takes_what_is_above_and_nothing_else(quantity, most):
    assert capped(quantity, most) <= min(quantity, most)
    assert capped(capped(quantity, most), most) == capped(quantity, most)
    assert capped(quantity, None) == quantity


@given(OFFERS, HOW)
def test_with_one_measure_weights_change_nothing(offers, formula):
    """All weight on the only measure, its amount the pounds of all: the formula without weights."""
    alone = {
        bid: Offered(row.value_pence, row.price_pence, {1: D(row.value_pence)})
        for bid, row in offers.items()
    }
    assert points(alone, formula, {1: D(100)}) == points(alone, formula, {})
