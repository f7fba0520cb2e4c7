"""The lines of utilities, the main subject of a mixed contract, and what the explanation says of both."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.policies.rules import (
    CATEGORY_KEYS,
    MAIN_SUBJECT_ORDER,
    Estimate,
    main_category,
    route_for,
    threshold_for,
)
from procurement.policies.vocabulary import Route
from socialvalue.core.errors import RuleBroken
from tests.factories.policies import law_of_the_file, policy_value

TABLE = law_of_the_file()
DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("day", "category", "expected"),
    [
        (date(2014, 6, 1), "goods", ("PCR2006", "utility_or_defence", 345028)),
        (date(2014, 6, 1), "works", ("PCR2006", "any", 4322012)),
        (date(2017, 12, 31), "light_touch", ("PCR2015", "utility", 785530)),
        (date(2021, 12, 31), "services", ("PCR2015", "utility_or_defence", 378660)),
        (date(2022, 1, 1), "services", ("PCR2015", "utility_or_defence", 426955)),
        (date(2025, 2, 23), "light_touch", ("PCR2015", "utility", 884720)),
        (date(2025, 2, 24), "light_touch", ("PA2023", "utility", 884720)),
        (date(2026, 1, 1), "services", ("PA2023", "utility_or_defence", 415440)),
        (date(2026, 1, 1), "concession", ("PA2023", "any", 5193000)),
        (date(2027, 12, 31), "works", ("PA2023", "any", 5193000)),
    ],
)
def test_the_line_of_a_utility(day, category, expected):
    row = threshold_for(TABLE, category=category, commenced_on=day, authority_type="utility")
    assert (row.regime, row.authority_type, row.amount) == expected


@pytest.mark.parametrize(
    ("day", "category"),
    [
        (date(2018, 6, 1), "services"),
        # The table has the council's line for these days, and no utility's: the council's is not taken for it.
        (date(2018, 6, 1), "light_touch"),
        (date(2022, 6, 1), "light_touch"),
        (date(2028, 1, 1), "works"),
    ],
)
def test_a_utility_is_never_held_against_a_councils_line(day, category):
    with pytest.raises(RuleBroken, match="for utilities on") as broken:
        threshold_for(TABLE, category=category, commenced_on=day, authority_type="utility")
    assert broken.value.errors[0][0] == "commenced_on"


def decided(amount, category="services", **more):
    return route_for(
        category=category,
        estimate=Estimate(Decimal(amount), "incl", Decimal(20)),
        commenced_on=DAY,
        policy=policy_value(),
        thresholds=TABLE,
        **more,
    )


def test_one_purchase_as_council_and_as_utility():
    assert decided("415439.99").route == Route.TOMS_MANDATORY
    assert decided("415439.99", authority_type="utility").route == Route.TOMS_ADVISED
    utility = decided("415440", authority_type="utility")
    assert utility.route == Route.TOMS_MANDATORY
    assert "£415,440 threshold for services bought for a utility (" in utility.explanation


def amounts(**parts):
    return {category: Decimal(amount) for category, amount in parts.items()}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (amounts(works="600000", services="599999.99"), "works"),
        (amounts(works="599999.99", services="600000"), "services"),
        (amounts(works="600000", services="600000"), "services"),
        (amounts(goods="1", services="1"), "services"),
        (amounts(goods="1", light_touch="1"), "goods"),
        (amounts(light_touch="1", concession="1"), "light_touch"),
        (amounts(works="1"), "works"),
    ],
)
def test_the_largest_part_leads_and_of_equals_the_one_with_the_lower_line(parts, expected):
    assert main_category(parts) == expected
    assert main_category(dict(reversed(parts.items()))) == expected


def test_the_order_of_equals_is_the_order_of_the_lines_on_every_day_of_the_table():
    for day in sorted({row.effective_from for row in TABLE}):
        lines = []
        for category in MAIN_SUBJECT_ORDER:
            try:
                lines.append(threshold_for(TABLE, category=category, commenced_on=day).amount)
            except RuleBroken:
                continue
        assert lines == sorted(lines), day
    assert set(MAIN_SUBJECT_ORDER) == set(CATEGORY_KEYS)


@pytest.mark.parametrize(
    "parts", [{}, amounts(weapons="1"), amounts(works="0"), amounts(works="NaN")]
)
def test_parts_that_cannot_be_weighed(parts):
    with pytest.raises(RuleBroken) as broken:
        main_category(parts)
    assert broken.value.errors[0][0] == "parts"


def test_a_mixed_contract_says_what_it_is_made_of_and_how_sure_the_rule_is():
    result = decided("900000", "works", parts=amounts(services="400000", works="500000"))
    assert result.threshold.amount == 5193000
    assert result.explanation.endswith(
        " The contract is mixed (£500,000 of works and £400,000 of services) and the whole counts as works, its main "
        "subject by value (the usual rule in the field, certainty secondary: take advice when the parts can be bought "
        "apart)."
    )


def test_a_mixed_contract_under_the_wrong_category_is_refused():
    with pytest.raises(RuleBroken, match="largest part of this contract is works") as broken:
        decided("900000", "services", parts=amounts(services="400000", works="500000"))
    assert broken.value.errors[0][0] == "category"


@pytest.mark.parametrize(
    ("estimate", "figures", "vat"),
    [
        (
            Estimate(Decimal(200000), "excl", None, Decimal(207720)),
            "At £207,720 including VAT (£200,000 excluding VAT) this procurement is at or above",
            "Several VAT rates apply, so both figures are as entered.",
        ),
        (
            Estimate(Decimal("207719.99"), "incl", Decimal(0)),
            "At £207,719.99 this procurement is below",
            "It is exempt from VAT, so both figures are the same.",
        ),
    ],
)
def test_both_figures_are_said(estimate, figures, vat):
    result = route_for(
        category="services", estimate=estimate, commenced_on=DAY, policy=policy_value(),
        thresholds=TABLE,
    )  # fmt: skip
    assert result.explanation.startswith(figures)
    assert result.explanation.endswith(vat)
