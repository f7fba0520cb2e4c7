"""Deadweight, leakage, displacement, substitution: a product, in any order, never below nothing."""

from __future__ import annotations

from decimal import Context, Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toms.valuation.rules import ALL_ADDITIONAL, Additionality, Timing, worth

FRACTIONS = st.decimals(min_value=0, max_value=1, places=4)
QUANTITIES = st.decimals(min_value=0, max_value=10**6, places=3)
VALUES = st.decimals(min_value=0, max_value=10**5, places=9)


def exact(quantity, value, attribution=Decimal(1), **parts):
    found = worth(
        quantity=quantity,
        unit_value=value,
        attribution=attribution,
        additionality=Additionality(**parts),
    )
    return found.exact


def test_gross_to_net_as_the_additionality_guide_works_it_out():
    """100 gross; 10% leak away, 25% are displaced, 20% substituted: 54 net of a reference case that is none.

    With a reference case of a third of the gross impact, a third of those 54 would have come anyway: 36 are additional.
    """
    parts = {
        "leakage": Decimal("0.10"),
        "displacement": Decimal("0.25"),
        "substitution": Decimal("0.20"),
    }
    hundred, one = Decimal(100), Decimal(1)
    assert exact(hundred, one, **parts) == Decimal(54)
    third = Decimal(1) / Decimal(3)
    assert exact(hundred, one, deadweight=third, **parts).quantize(Decimal("0.01")) == Decimal(36)
    reference = exact(hundred * third, one, **parts)
    difference = exact(hundred, one, **parts) - reference
    assert difference.quantize(Decimal("0.01")) == Decimal(36)


def test_each_that_is_on_shows_in_the_working_and_none_that_is_off():
    found = worth(
        quantity=Decimal(10),
        unit_value=Decimal("12.5"),
        attribution=Decimal("0.5"),
        additionality=Additionality(deadweight=Decimal("0.2"), leakage=Decimal(0)),
        unit="staff hours",
        source="Open source",
    )
    assert [line.text for line in found.lines] == [
        "Quantity: 10 staff hours",
        "Value of one: £12.50",
        "Share due to this contract: 50%",
        "Would have happened anyway (deadweight): 20% taken off",
        "Benefits people outside the area (leakage): 0% taken off",
        "Value: 10 × £12.50 × 50% × (1 − 20%) × (1 − 0%) = £50",
        "Source: Open source",
    ]
    assert found.value == Decimal("50.00")


@pytest.mark.parametrize("name", ["deadweight", "leakage", "displacement", "substitution"])
@pytest.mark.parametrize("share", ["-0.01", "1.01", "NaN", "Infinity"])
def test_a_share_outside_nought_to_one_is_refused(name, share):
    with pytest.raises(ValueError, match=name):
        Additionality(**{name: Decimal(share)})


@pytest.mark.parametrize("share", ["-0.01", "1.01"])
def test_so_is_an_attribution(share):
    with pytest.raises(ValueError, match="attribution"):
        worth(quantity=Decimal(1), unit_value=Decimal(1), attribution=Decimal(share))


WIDE = Context(prec=100)
"""The usual 28 digits would round what the rule keeps."""


@given(QUANTITIES, QUANTITIES, VALUES, FRACTIONS, FRACTIONS)
def test_value_is_linear_in_quantity(first, second, value, deadweight, leakage):
    parts = {"deadweight": deadweight, "leakage": leakage}
    together = exact(first + second, value, **parts)
    assert together == WIDE.add(exact(first, value, **parts), exact(second, value, **parts))


@given(QUANTITIES, VALUES, FRACTIONS, FRACTIONS)
def test_value_is_linear_in_attribution(quantity, value, share, displacement):
    whole = exact(quantity, value, displacement=displacement)
    part = exact(quantity, value, share, displacement=displacement)
    rest = exact(quantity, value, 1 - share, displacement=displacement)
    assert part == WIDE.multiply(whole, share)
    assert WIDE.add(part, rest) == whole


@given(st.tuples(FRACTIONS, FRACTIONS, FRACTIONS, FRACTIONS))
def test_the_order_makes_no_difference(shares):
    names = ("deadweight", "leakage", "displacement", "substitution")
    results = {
        exact(Decimal(1000), Decimal("3.99"), **dict(zip(names, order, strict=True)))
        for order in permutations(shares)
    }
    assert len(results) == 1


@given(QUANTITIES, VALUES, FRACTIONS, FRACTIONS, FRACTIONS, FRACTIONS, st.integers(0, 125))
def test_it_is_never_negative_and_never_more_than_gross(quantity, value, a, b, c, d, year):
    found = worth(
        quantity=quantity,
        unit_value=value,
        attribution=a,
        additionality=Additionality(b, c, d),
        timing=Timing(year, drop_off=a),
    )
    gross = worth(quantity=quantity, unit_value=value)
    assert 0 <= found.value <= gross.value


def test_a_method_in_words():
    method = Additionality(
        deadweight=Decimal("0.25"), leakage=Decimal("0.1"), substitution=Decimal(0)
    )
    assert method.in_words == (
        "25% that would have happened anyway (deadweight), 10% that benefits people outside the area (leakage)"
        " and 0% that replaces another activity (substitution)"
    )
    assert Additionality(leakage=Decimal("0.125")).in_words == (
        "12.5% that benefits people outside the area (leakage)"
    )
    assert ALL_ADDITIONAL.in_words == ""


def test_what_was_put_in_place_of_a_method():
    own = Additionality(deadweight=Decimal("0.25"), leakage=Decimal("0.1"))
    used = Additionality(
        deadweight=Decimal(0), leakage=Decimal("0.10"), displacement=Decimal("0.5")
    )
    assert own.replaced(used) == [("Would have happened anyway (deadweight)", "25%")]
    assert own.replaced(own) == []
    assert ALL_ADDITIONAL.replaced(used) == []
