"""The pence of a value without its working are those of the value with it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toms.valuation.rules import additionality_of, pence_of, value_of

QUANTITIES = st.decimals(min_value=-(10**8), max_value=10**8, places=3)
VALUES = st.decimals(min_value=0, max_value=10**5, places=9)
SHARES = st.decimals(min_value="0.01", max_value=100, places=2)
PARTS = st.dictionaries(
    st.sampled_from(["deadweight", "leakage", "displacement", "substitution"]),
    st.decimals(min_value=0, max_value=1, places=4).map(str),
)


@given(QUANTITIES, st.none() | VALUES, SHARES, PARTS)
def test_pence_without_the_working_are_those_with_it(quantity, unit_value, share, parts):
    given_ = {
        "quantity": quantity,
        "unit_value": unit_value,
        "attribution_percent": share,
        "additionality": additionality_of(parts),
    }
    assert pence_of(**given_) == value_of(**given_).value_pence


@pytest.mark.parametrize(
    ("unit_value", "pence"), [("0.005", 1), ("0.004999999", 0), ("-0.005", -1)]
)
def test_half_a_penny_is_rounded_away_from_nought(unit_value, pence):
    assert pence_of(quantity=Decimal(1), unit_value=Decimal(unit_value)) == pence
