"""Spreading a commitment loses nothing and gains nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.action_plans import rules
from socialvalue.core.errors import RuleBroken

D = Decimal
Q1, Q2, Q3 = date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)


def test_the_quarters_a_contract_touches():
    assert rules.quarters_of(date(2026, 6, 30), date(2026, 10, 1)) == [Q1, Q2, Q3]
    assert rules.quarters_of(date(2026, 7, 1), date(2026, 9, 30)) == [Q2]


def test_due_on_the_last_day_of_the_quarter_or_of_the_contract():
    assert rules.due_on(Q1, date(2026, 12, 31)) == date(2026, 6, 30)
    assert rules.due_on(Q3, date(2026, 11, 15)) == date(2026, 11, 15)


def test_the_rest_goes_last():
    assert rules.spread(D(10), [Q1, Q2, Q3], adds_up=True) == {
        Q1: D("3.333"),
        Q2: D("3.333"),
        Q3: D("3.334"),
    }


def test_less_than_a_thousandth_a_quarter_goes_last():
    assert list(rules.spread(D("0.002"), [Q1, Q2, Q3], adds_up=True).values()) == [
        D(0),
        D(0),
        D("0.002"),
    ]


def test_a_rate_repeats_its_target():
    assert rules.spread(D(85), [Q1, Q2], adds_up=False) == {Q1: D(85), Q2: D(85)}


def test_pence_by_hand():
    """1,000 pence over a third each: the running total is 333.3, 666.7, 1,000."""
    assert rules.spread_pence(1000, [D(1), D(1), D(1)]) == [333, 334, 333]
    assert rules.spread_pence(1, [D(1), D(1)]) == [1, 0]
    assert rules.spread_pence(0, [D(1), D(2)]) == [0, 0]
    assert rules.spread_pence(500, [D(0), D(0)]) == [0, 500]
    assert rules.spread_pence(500, []) == []


quantities = st.lists(st.decimals(0, 10**6, places=3), min_size=1, max_size=40)


@given(st.decimals(0, 10**9, places=3), st.integers(1, 60))
def test_a_spread_adds_up_exactly(quantity, count):
    quarters = [date(2020 + n // 4, n % 4 * 3 + 1, 1) for n in range(count)]
    shares = list(rules.spread(quantity, quarters, adds_up=True).values())
    assert sum(shares) == quantity
    assert all(share >= 0 and share == share.quantize(D("0.001")) for share in shares)


@given(st.integers(0, 10**13), quantities)
def test_pence_add_up_exactly_and_are_never_negative(pence, shares):
    given_out = rules.spread_pence(pence, shares)
    assert sum(given_out) == pence
    assert all(part >= 0 for part in given_out)


@given(st.integers(0, 10**12), quantities)
def test_pence_are_in_proportion_to_the_penny(pence, shares):
    total = sum(shares)
    if not total:
        return
    for part, share in zip(rules.spread_pence(pence, shares), shares, strict=True):
        assert abs(part - pence * share / total) <= 1


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ("5", ""),
        ("4.999", "The quarters add up to 9.999. They must add up to 10: add 0.001."),
        ("5.5", "The quarters add up to 10.5. They must add up to 10: take 0.5 away."),
    ],
)
def test_the_quarters_must_add_up(first, message):
    given_quantities = {Q1: D(first), Q2: D(5)}
    if not message:
        assert rules.check_quantities(D(10), given_quantities, [Q1, Q2], adds_up=True) is None
        return
    with pytest.raises(RuleBroken) as error:
        rules.check_quantities(D(10), given_quantities, [Q1, Q2], adds_up=True)
    assert error.value.message == message


@pytest.mark.parametrize(
    "wrong",
    [
        {Q1: D(10)},
        {Q1: D(5), Q2: D(5), Q3: D(0)},
        {Q1: D(11), Q2: D(-1)},
        {Q1: D("5.0005"), Q2: D("4.9995")},
    ],
)
def test_a_quarter_too_few_too_many_negative_or_too_fine(wrong):
    with pytest.raises(RuleBroken):
        rules.check_quantities(D(10), wrong, [Q1, Q2], adds_up=True)


def test_a_rate_keeps_its_target():
    assert rules.check_quantities(D(85), {Q1: D(85), Q2: D(85)}, [Q1, Q2], adds_up=False) is None
    with pytest.raises(RuleBroken, match="same in every quarter"):
        rules.check_quantities(D(85), {Q1: D(85), Q2: D(80)}, [Q1, Q2], adds_up=False)


# --- planned again --------------------------------------------------------------------------------


@given(quantities, st.integers(0, 10**9), st.integers(0, 40), st.data())
def test_past_and_future_make_the_new_target_exactly(shares, value, cut, data):
    """The settled quarters keep quantity and pence; the rest shares what is left."""
    quarters = [date(2020 + i // 4, i % 4 * 3 + 1, 1) for i in range(len(shares))]
    before = dict(zip(quarters, shares, strict=True))
    pence = rules.pence_of(before, value, {})
    settled = {quarter: before[quarter] for quarter in quarters[:cut]}
    held = sum(settled.values(), D(0))
    target = held + data.draw(st.decimals(0, 10**6, places=3))
    ahead = quarters[cut:]
    if not ahead and target != held:
        with pytest.raises(RuleBroken):
            rules.plan_again(target, settled, ahead, adds_up=True)
        return
    after = rules.plan_again(target, settled, ahead, adds_up=True)
    assert sum(after.values(), D(0)) == target
    assert {quarter: after[quarter] for quarter in settled} == settled
    kept = {quarter: pence[quarter] for quarter in settled}
    worth = data.draw(st.integers(0, 10**9)) if ahead else sum(kept.values())
    again = rules.pence_of(after, worth, kept)
    assert sum(again.values()) == worth
    assert {quarter: again[quarter] for quarter in kept} == kept


def test_less_than_the_past_holds_cannot_be():
    with pytest.raises(RuleBroken, match="hold 30 already"):
        rules.plan_again(D("29.999"), {Q1: D(10), Q2: D(20)}, [Q3], adds_up=True)
    assert rules.plan_again(D(30), {Q1: D(10), Q2: D(20)}, [Q3], adds_up=True)[Q3] == 0


def test_a_rate_keeps_its_old_target_behind_and_takes_the_new_ahead():
    assert rules.plan_again(D(80), {Q1: D(60)}, [Q2, Q3], adds_up=False) == {
        Q1: 60,
        Q2: 80,
        Q3: 80,
    }
