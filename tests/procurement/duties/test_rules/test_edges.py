"""Which duties apply, on both sides of every edge of value, law and category."""

from __future__ import annotations

from datetime import date

import pytest

from procurement.policies.vocabulary import Category
from tests.procurement.duties.test_rules.steps import LIVE, NA, facts, listed, of, state


@pytest.mark.parametrize("slug", ["kpis-set", "contract-copy", "kpi-assessment"])
@pytest.mark.parametrize(
    ("gross", "applies"),
    [("4999999.99", False), ("5000000.00", False), ("5000000.01", True)],
)
def test_over_five_million_means_more_than_five_million(slug, gross, applies):
    some = facts(gross, awarded_on=LIVE["awarded_on"])
    assert (state(slug, some) != NA) is applies


@pytest.mark.parametrize(
    ("gross", "applies"), [("29999.99", False), ("30000.00", True), ("30000.01", True)]
)
def test_a_notifiable_contract_is_worth_at_least_thirty_thousand(gross, applies):
    assert (state("below-threshold-details-notice", facts(gross)) != NA) is applies


@pytest.mark.parametrize(
    ("gross", "above"), [("207719.99", False), ("207720.00", True), ("207720.01", True)]
)
def test_the_threshold_itself_is_above(gross, above):
    some = facts(gross)
    assert (state("tender-notice", some) != NA) is above
    assert (state("consideration", some) != NA) is above
    assert (state("below-threshold-details-notice", some) == NA) is above


@pytest.mark.parametrize(
    ("commenced", "slug", "applies"),
    [
        (date(2025, 2, 23), "award-notice", False),
        (date(2025, 2, 24), "award-notice", True),
        (date(2025, 2, 23), "award-letters", True),
        (date(2025, 2, 24), "award-letters", False),
        (date(2026, 3, 31), "payment-notice", False),
        (date(2026, 4, 1), "payment-notice", True),
    ],
)
def test_a_rule_not_in_force_at_commencement_does_not_apply(commenced, slug, applies):
    found = of(slug, facts(commenced=commenced))
    assert (found.state != NA) is applies
    if not applies:
        assert found.reason


def test_payments_under_a_contract_from_before_say_why():
    assert of("payment-notice", facts(commenced=date(2026, 3, 31))).reason == (
        "It was not in force when this procurement commenced, on 31 March 2026."
    )


@pytest.mark.parametrize(
    ("category", "consideration", "standstill", "kpis"),
    [
        (Category.SERVICES, True, True, True),
        (Category.LIGHT_TOUCH, True, False, False),
        (Category.GOODS, False, True, True),
        (Category.WORKS, False, True, True),
        (Category.CONCESSION, False, True, False),
    ],
)
def test_categories_left_out(category, consideration, standstill, kpis):
    some = facts(category=category)
    applies = {d.slug for d in listed(some) if d.state != NA}
    assert ("consideration" in applies) is consideration
    assert ("standstill" in applies) is standstill
    assert ("kpis-set" in applies) is kpis


def test_under_the_old_law_the_few_duties_of_the_old_law():
    some = facts(commenced=date(2024, 6, 1), **LIVE)
    applying = {d.slug for d in listed(some) if d.state != NA}
    assert applying == {
        "consideration", "contract-notice", "award-letters", "standstill", "contract-signed",
        "contract-award-notice", "modification-notice",
    }  # fmt: skip
