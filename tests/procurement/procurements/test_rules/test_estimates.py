from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.policies.rules import Estimate
from procurement.procurements.rules import (
    LotInput,
    clean_lots,
    in_proportion,
    lots_out_by,
    made_up_of,
    parts_of,
    parts_text,
)
from socialvalue.core.errors import RuleBroken

D = Decimal


def test_an_estimate_is_made_up_of_three_or_nothing_is_said():
    assert made_up_of(D(100), None, None, None) is None
    assert made_up_of(D(100), D(60), D(30), D(10)) == (D(60), D(30), D(10))
    assert made_up_of(D(100), D(100), None, None) == (D(100), D(0), D(0))


@pytest.mark.parametrize(
    ("amounts", "field", "said"),
    [
        ((D("59.99"), D(30), D(10)), "estimate_initial", "£0.01 less than the estimate of £100"),
        ((D("60.01"), D(30), D(10)), "estimate_initial", "£0.01 more than the estimate of £100"),
        ((None, D(100), None), "estimate_initial", "initial term as well"),
        ((D(110), D(-10), None), "estimate_extensions", "£0 or more"),
        ((D(110), None, D(-10)), "estimate_options", "£0 or more"),
        ((D("NaN"), None, None), "estimate_initial", "£0 or more"),
    ],
)
def test_what_does_not_add_up_says_by_how_much(amounts, field, said):
    with pytest.raises(RuleBroken, match=said) as broken:
        made_up_of(D(100), *amounts)
    assert broken.value.errors[0][0] == field


def test_parts_of_a_mixed_contract_add_up_and_empty_ones_are_left_out():
    parts = parts_of(D(100), {"works": D(60), "goods": D(0), "services": D(40)})
    assert parts == {"services": D(40), "works": D(60)}
    assert parts_text(parts) == "services £40, works £60"
    assert parts_of(D(100), {}) == parts_of(D(100), {"goods": D(0)}) == {}
    assert parts_text({}) == ""


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"works": D(100)}, "at least two parts"),
        ({"works": D(60), "goods": D("39.99")}, "£0.01 less than the estimate of £100"),
        ({"works": D(60), "goods": D("40.01")}, "£0.01 more than the estimate of £100"),
        ({"works": D(110), "goods": D(-10)}, "must be more than £0"),
        ({"works": D(60), "weapons": D(40)}, "Choose goods"),
    ],
)
def test_parts_that_cannot_be_kept(parts, said):
    with pytest.raises(RuleBroken, match=said):
        parts_of(D(100), parts)


def test_lots_add_up_or_there_are_none():
    assert clean_lots(D(100), []) == []
    assert clean_lots(D(100), [LotInput("  North  side ", D(60)), LotInput("South", D(40))]) == [
        LotInput("North side", D(60)),
        LotInput("South", D(40)),
    ]
    assert lots_out_by(D(100), []) == lots_out_by(D(100), [D(60), D(40)]) == ""
    assert lots_out_by(D(100), [D(60), D(39)]) == (
        "The lots add up to £99. That is £1 less than the estimate of £100."
    )


@pytest.mark.parametrize(
    ("lots", "said"),
    [
        ([LotInput("All", D(100))], "at least two lots"),
        ([LotInput("", D(60)), LotInput("B", D(40))], "title for lot 1"),
        ([LotInput("A", D(60)), LotInput("x" * 201, D(40))], "title of lot 2"),
        ([LotInput("A", D(100)), LotInput("B", D(0))], "value of lot 2"),
        ([LotInput("A", D(60)), LotInput("B", D("39.99"))], "£0.01 less"),
        ([LotInput("A", D(60)), LotInput("B", D("40.01"))], "£0.01 more"),
        ([LotInput("A", D(1))] * 101, "at most 100"),
    ],
)
def test_lots_that_cannot_be_kept(lots, said):
    with pytest.raises(RuleBroken, match=said):
        clean_lots(D(100), lots)


def test_an_award_of_a_mixed_estimate_keeps_its_proportion():
    mixed = Estimate(D(100), "excl", None, D(110))
    assert in_proportion(D(200), "excl", mixed) == D(220)
    assert in_proportion(D(220), "incl", mixed) == D(200)
    assert in_proportion(D(200), "excl", Estimate(D(100), "excl", D(20))) is None


pennies = st.decimals(D("0.01"), D(10**7), places=2)


@given(pennies, pennies, st.sampled_from(["excl", "incl"]))
def test_the_proportion_never_makes_an_estimate_that_cannot_be_routed(amount, net, basis):
    for gross in (net, net * 2):
        other = in_proportion(amount, basis, Estimate(net, "excl", None, gross))
        assert other is not None
        turned = Estimate(amount, basis, None, other)
        assert turned.net <= turned.gross <= 2 * turned.net
