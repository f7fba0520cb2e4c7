"""Quantity x unit value x attribution, rounded once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toms.valuation.rules import natural_key, value_of

QUANTITIES = st.decimals(min_value=0, max_value=10**7, places=3)
VALUES = st.decimals(min_value=0, max_value=10**6, places=9)
SHARES = st.decimals(min_value=Decimal("0.01"), max_value=100, places=2)


def test_a_value_shows_its_working():
    found = value_of(
        quantity=Decimal(25), unit_value=Decimal("30180"), unit="FTE-years", source="ASHE 2025"
    )
    assert found.value == Decimal("754500.00")
    assert found.value_pence == 75450000
    assert [(line.label, line.shown) for line in found.lines] == [
        ("Quantity", "25 FTE-years"),
        ("Value of one", "£30,180"),
        ("Value", "25 × £30,180 = £754,500"),
        ("Source", "ASHE 2025"),
    ]


def test_a_share_of_a_third_is_counted_once():
    """An event of £1,500 over three contracts is £500 each."""
    third = value_of(
        quantity=Decimal(1500), unit_value=Decimal(1), attribution_percent=Decimal("33.333333333")
    )
    assert third.value == Decimal("500.00")


@pytest.mark.parametrize(
    ("unit_value", "pence"), [("0.004999999", 0), ("0.005", 1), ("0.014999999", 1), ("0.015", 2)]
)
def test_it_is_rounded_half_up_to_the_penny(unit_value, pence):
    assert value_of(quantity=Decimal(1), unit_value=Decimal(unit_value)).value_pence == pence


def test_what_is_not_valued_says_so_and_is_not_zero():
    found = value_of(quantity=Decimal(4), unit_value=None)
    assert found.value is None
    assert not found.is_valued
    assert found.shown == "Counted, not valued"


@pytest.mark.parametrize("share", ["0", "-1", "100.01"])
def test_a_share_outside_its_range_is_refused(share):
    with pytest.raises(ValueError, match="attribution"):
        value_of(quantity=Decimal(1), unit_value=Decimal(1), attribution_percent=Decimal(share))


@given(QUANTITIES, VALUES, SHARES)
def test_it_is_within_half_a_penny_of_the_product(quantity, unit_value, share):
    found = value_of(quantity=quantity, unit_value=unit_value, attribution_percent=share)
    exact = quantity * unit_value * share / 100
    assert abs(found.value - exact) <= Decimal("0.005")
    assert found.value * 100 == found.value_pence


@given(QUANTITIES, QUANTITIES, VALUES)
def test_more_is_never_worth_less(first, second, unit_value):
    less, more = sorted((first, second))
    assert (
        value_of(quantity=less, unit_value=unit_value).value
        <= value_of(quantity=more, unit_value=unit_value).value
    )


def test_codes_sort_as_people_read_them():
    codes = ["GSE10", "GSE2", "GSE1a", "ENV1", "GSE1"]
    assert sorted(codes, key=natural_key) == ["ENV1", "GSE1", "GSE1a", "GSE2", "GSE10"]
