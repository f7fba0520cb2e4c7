from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.awards.rules import Terms, check_terms, contract_reference, stale_because
from socialvalue.core.errors import RuleBroken

START = date(2026, 7, 1)


def terms(**more) -> Terms:
    facts = {"reason": "Best.", "value": Decimal(1), "starts_on": START, "ends_on": START}
    return Terms(**{**facts, **more})


def test_sound_terms_pass():
    assert check_terms(terms()) is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"value": Decimal(0)}, "value"),
        ({"value": Decimal("-0.01")}, "value"),
        ({"ends_on": date(2026, 6, 30)}, "ends_on"),
        ({"ends_on": date(2077, 1, 1)}, "ends_on"),
    ],
)
def test_each_fault_names_its_box(wrong, field):
    with pytest.raises(RuleBroken) as error:
        check_terms(terms(**wrong))
    assert [name for name, _ in error.value.errors] == [field]


def test_every_fault_is_told_at_once():
    with pytest.raises(RuleBroken) as error:
        check_terms(terms(reason="", value=Decimal(0)))
    assert [name for name, _ in error.value.errors] == ["reason", "value"]


def test_a_contract_is_named_after_its_procurement():
    assert contract_reference("WAR-2026-0001") == "WAR-2026-0001-C"
    assert len(contract_reference("X" * 40)) == 40


@pytest.mark.parametrize(
    ("now", "rested", "is_ranked", "said"),
    [
        (7, 7, True, ""),
        (8, 7, True, "ranked again"),
        (7, 7, False, "reopened"),
        (None, 7, True, "ranked again"),
    ],
)
def test_a_proposal_stands_on_the_last_ranking_only(now, rested, is_ranked, said):
    found = stale_because(
        round_now=now, round_of_proposal=rested, is_ranked=is_ranked, is_rescored=False
    )
    assert (said in found) if said else found == ""


@pytest.mark.parametrize(
    ("now", "is_ranked", "said"),
    [(7, True, "price and quality"), (8, True, "ranked again"), (8, False, "reopened")],
)
def test_a_proposal_stands_on_the_last_scores_only(now, is_ranked, said):
    """Of several reasons the one that has to be mended first is said."""
    found = stale_because(round_now=now, round_of_proposal=7, is_ranked=is_ranked, is_rescored=True)
    assert said in found
