from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialvalue.core.money import (
    count_text,
    from_pence,
    measured,
    parse_decimal,
    pounds,
    pounds_short,
    quantity_text,
    split_evenly,
    to_pence,
    without_pounds,
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("180000", "180000"),
        ("180,000", "180000"),
        ("£180,000.50", "180000.50"),
        (" 12 ", "12"),
        ("£ 5", "5"),
        ("0", "0"),
        (".5", "0.5"),
        ("-3", "-3"),
        ("180\u00a0000", "180000"),
        ("£1 180 000.50", "1180000.50"),
    ],
)
def test_money_is_read_as_people_type_it(typed, number):
    assert parse_decimal(typed) == Decimal(number)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "180 thousand",
        "1,80,000",
        "12.3.4",
        "1e5",
        "NaN",
        "Infinity",
        "££5",
        "£",
        "½",
        "4 50",
        "18 0000",
        "1 2",
    ],
)
def test_anything_else_is_refused(typed):
    with pytest.raises(ValueError, match="is not a number"):
        parse_decimal(typed)


@pytest.mark.parametrize(
    ("amount", "pence"), [("0.004", 0), ("0.005", 1), ("0.015", 2), ("-0.005", -1), ("1.005", 101)]
)
def test_pence_are_rounded_half_up(amount, pence):
    assert to_pence(Decimal(amount)) == pence


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("1234.5", "£1,234.50"), ("1234", "£1,234"), ("0", "£0"), ("-12", "−£12"), ("0.01", "£0.01")],
)
def test_pounds_are_shown(amount, shown):
    assert pounds(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("12400000", "£12.4m"),
        ("684500", "£684.5k"),
        ("1000", "£1k"),
        ("999.99", "£999.99"),
        ("0", "£0"),
        ("100", "£100"),
        ("2500000000", "£2.5bn"),
    ],
)
def test_pounds_are_shown_short(amount, shown):
    assert pounds_short(Decimal(amount)) == shown


def test_quantities_lose_their_empty_places():
    assert quantity_text(Decimal("1234.500")) == "1,234.5"
    assert quantity_text(Decimal("100.000")) == "100"


@given(st.integers(min_value=-(10**13), max_value=10**13))
def test_pence_and_pounds_go_round(pence):
    assert to_pence(from_pence(pence)) == pence


@given(
    st.decimals(min_value=0, max_value=10**9, places=3),
    st.integers(min_value=1, max_value=60),
)
def test_shares_add_up_exactly(total, parts):
    shares = split_evenly(total, parts)
    assert len(shares) == parts
    assert sum(shares) == total
    assert min(shares) >= 0


def test_one_and_many_are_said_in_words():
    assert [count_text(number, "bid") for number in (0, 1, 2)] == ["0 bids", "1 bid", "2 bids"]
    assert count_text(Decimal(1200), "entry", "entries") == "1,200 entries"
    assert count_text(1, "entry", "entries") == "1 entry"


@pytest.mark.parametrize(
    ("sentence", "without"),
    [
        (
            "This bid offers £150,000 at a price of £1,000,000, which is 15%",
            "This bid offers (£ not shown) at a price of £1,000,000, which is 15%",
        ),
        (
            "£150,000 ÷ £200,000.50 × 90 = 67.5 points",
            "(£ not shown) ÷ (£ not shown) × 90 = 67.5 points",
        ),
        ("75 ÷ 100 × 90", "75 ÷ 100 × 90"),
    ],
)
def test_an_example_without_its_pounds_keeps_its_price(sentence, without):
    assert without_pounds(sentence) == without


@pytest.mark.parametrize(
    ("quantity", "unit", "shown"),
    [
        ("1", "FTE-years", "1 FTE-year"),
        ("1.000", "staff hours", "1 staff hour"),
        ("-1", "hours", "−1 hour"),
        ("0.5", "FTE-years", "0.5 FTE-years"),
        ("2", "people", "2 people"),
        ("1", "people x hours", "1 person x hour"),
        ("1", "children x years", "1 child x year"),
        ("1", "cubic metres", "1 cubic metre"),
        ("1", "tCO2e", "1 tCO2e"),
        ("1", "yes/no", "1 yes/no"),
        ("1", "", "1"),
        ("1", "%", "1%"),
    ],
)
def test_one_of_a_unit_is_said_in_the_singular(quantity, unit, shown):
    assert measured(Decimal(quantity), unit) == shown
