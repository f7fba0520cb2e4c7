"""The draw: pure, the same for everybody, and as large as the share says."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.verifications.rules import (
    LOTS,
    Terms,
    check_terms,
    drawn,
    how_sampled,
    is_same_draw,
    lot,
    lot_percent,
    sample_quarters,
    terms_on,
)
from procurement.verifications.vocabulary import Sampled
from socialvalue.core.errors import RuleBroken

TODAY = date(2025, 8, 15)
SEED = "0f" * 32
TERMS = Terms(date(2025, 8, 1), 100_000, Decimal(20))
seeds = st.text("0123456789abcdef", min_size=64, max_size=64)
shares = st.decimals(0, 100, places=2)


def test_the_lot_is_what_anybody_works_out_from_seed_and_claim() -> None:
    by_hand = int(hashlib.sha256(f"{SEED}:17".encode()).hexdigest()[:8], 16)
    assert lot(SEED, 17) == by_hand == 2_758_956_698
    assert lot_percent(SEED, 17) == Decimal("64.23")


@given(seeds, st.integers(1, 10**9), shares, shares)
def test_a_greater_share_draws_all_that_a_smaller_one_does(seed, claim_id, one, other) -> None:
    small, great = sorted((one, other))
    assert not drawn(seed, claim_id, small) or drawn(seed, claim_id, great)
    assert drawn(seed, claim_id, small) == (Decimal(lot(seed, claim_id)) * 100 / LOTS < small)


@given(seeds, st.integers(1, 10**9), shares)
def test_the_lot_as_it_is_shown_says_whether_the_claim_is_drawn(seed, claim_id, share) -> None:
    assert (lot_percent(seed, claim_id) < share) == drawn(seed, claim_id, share)


@given(seeds, st.integers(1, 10**9))
def test_none_at_nought_and_all_at_a_hundred(seed, claim_id) -> None:
    assert (drawn(seed, claim_id, Decimal(0)), drawn(seed, claim_id, Decimal(100))) == (False, True)


def test_the_sample_is_about_as_large_as_its_share() -> None:
    found = sum(drawn(SEED, claim_id, Decimal(20)) for claim_id in range(10_000))
    assert 1_900 < found < 2_100


@pytest.mark.parametrize(
    ("terms", "value", "seed", "found"),
    [
        (None, 1, SEED, Sampled.NO_RULE),
        (None, 1, None, Sampled.NO_RULE),
        (None, None, SEED, Sampled.NO_RULE),
        (TERMS, None, SEED, Sampled.NO_VALUE),
        (TERMS, None, None, Sampled.NO_VALUE),
        (TERMS, 100_000, SEED, Sampled.ABOVE),
        (TERMS, 100_000, None, Sampled.ABOVE),
        (TERMS, 99_999, None, Sampled.UNSAID),
        (TERMS, 99_999, SEED, Sampled.NOT_DRAWN),
        (Terms(TODAY, 100_000, Decimal("64.23")), 99_999, SEED, Sampled.NOT_DRAWN),
        (Terms(TODAY, 100_000, Decimal("64.24")), 99_999, SEED, Sampled.DRAWN),
    ],
)
def test_how_a_claim_comes_to_be_looked_into(terms, value, seed, found) -> None:
    assert how_sampled(terms, value_pence=value, seed=seed, claim_id=17) == found


@pytest.mark.parametrize(
    ("recorded", "again", "found"),
    [
        ("above", Sampled.ABOVE, True),
        ("above", Sampled.NO_RULE, True),  # as it was once recorded
        ("above", Sampled.NO_VALUE, True),
        ("above", Sampled.DRAWN, False),
        ("no_rule", Sampled.ABOVE, False),
        ("no_value", Sampled.NO_RULE, False),
        ("no_rule", Sampled.NO_RULE, True),
    ],
)
def test_a_record_agrees_with_the_draw_made_again(recorded, again, found) -> None:
    assert is_same_draw(recorded, again) == found


def test_the_latest_rule_that_had_begun_when_the_claim_was_sent() -> None:
    later = Terms(date(2025, 9, 1), 0, Decimal(5))
    rules = [later, TERMS]
    assert terms_on(rules, date(2025, 7, 31)) is None
    assert terms_on(rules, date(2025, 8, 1)) == TERMS
    assert terms_on(rules, date(2025, 8, 31)) == TERMS
    assert terms_on(rules, date(2025, 9, 1)) == later


def test_seeds_are_wanted_for_the_current_quarter_and_eight_before() -> None:
    found = sample_quarters(TODAY)
    assert (found[0], found[-1], len(found)) == (date(2023, 7, 1), date(2025, 7, 1), 9)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"from_date": TODAY}, "from_date"),
        ({"always_above_pence": -1}, "always_above"),
        ({"share_percent": Decimal("100.01")}, "share_percent"),
        ({"share_percent": Decimal("-0.01")}, "share_percent"),
    ],
)
def test_a_rule_that_cannot_stand(changed, field) -> None:
    known = {
        "from_date": date(2025, 8, 16),
        "always_above_pence": 0,
        "share_percent": Decimal(100),
    }
    assert check_terms(Terms(**known), " Why. ", TODAY) == "Why."
    with pytest.raises(RuleBroken) as refused:
        check_terms(Terms(**(known | changed)), "Why.", TODAY)
    assert refused.value.errors[0][0] == field


@pytest.mark.parametrize("reason", [" ", "x" * 501])
def test_a_rule_has_a_reason(reason) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_terms(Terms(date(2025, 8, 16), 0, Decimal(0)), reason, TODAY)
    assert refused.value.errors[0][0] == "reason"
