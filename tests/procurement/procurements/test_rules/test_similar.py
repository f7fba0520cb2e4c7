"""Similar procurements: who is similar, which days count, which lines are crossed together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.policies.rules import Estimate
from procurement.procurements.rules import (
    Line,
    Purchase,
    crossed_together,
    is_similar,
    telling_words,
)

D = Decimal
DAY = date(2026, 3, 1)
POLICY = Line("the policy’s line", D(50000), "excl")
LAW = Line("the statutory threshold", D(207720), "incl")


def purchase(pk=1, amount=30000, **more):
    facts = {
        "id": pk,
        "reference": f"SV-{pk}",
        "title": "Window cleaning of schools",
        "category": "services",
        "cpv": "",
        "commenced_on": DAY,
        "estimate": Estimate(D(amount), "excl"),
    }
    return Purchase(**{**facts, **more})


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"cpv": "90910000"}, {"cpv": "90919200", "title": "Other", "category": "goods"}, True),
        ({"cpv": "90910000"}, {"cpv": "90500000"}, False),  # the same words, another group
        ({"cpv": "90910000"}, {"cpv": ""}, True),
        ({}, {"title": "Schools: windows and cleaning"}, True),
        ({}, {"title": "Schools: windows and cleaning", "category": "goods"}, False),
        ({}, {"title": "Cleaning of streets"}, False),  # one telling word
        ({}, {"title": "Provision of services for the council"}, False),
        (
            {"title": "Supply contract"},
            {"title": "Supply contract"},
            False,
        ),  # words that say nothing
    ],
)
def test_similar(one, other, expected):
    first, second = purchase(**one), purchase(2, **other)
    assert is_similar(first, second) is expected
    assert is_similar(second, first) is expected


def test_telling_words_leave_out_plurals_and_what_every_title_says():
    assert telling_words("Provision of Grounds Maintenance Services 2026") == {
        "ground", "maintenance",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "crosses"), [("19999.99", False), ("20000", True), ("20000.01", True)]
)
def test_a_line_is_reached_at_its_amount(amount, crosses):
    found = crossed_together(purchase(), [purchase(2, amount)], [POLICY, LAW])
    assert bool(found) is crosses
    if found:
        assert [crossing.line for crossing in found.crossings] == [POLICY]
        assert found.crossings[0].total == D(30000) + D(amount)
        assert [row.id for row in found.others] == [2]


def test_one_that_reaches_the_line_alone_is_no_matter_of_others():
    assert crossed_together(purchase(amount=50000), [purchase(2)], [POLICY]) is None
    below = purchase(amount="49999.99")
    assert crossed_together(below, [purchase(2, "0.01")], [POLICY]) is not None


def test_each_line_is_compared_on_its_own_basis():
    """£150,000 and £23,100 net are £207,720 with VAT: the law's line exactly."""
    found = crossed_together(purchase(amount=150000), [purchase(2, 23100)], [POLICY, LAW])
    assert [crossing.line for crossing in found.crossings] == [LAW]
    assert found.crossings[0].sentence == (
        "Together they come to £207,720 including VAT, which reaches the statutory threshold of £207,720 "
        "including VAT. This one alone does not."
    )
    assert crossed_together(purchase(amount=150000), [purchase(2, "23099.99")], [LAW]) is None


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2025, 2, 28), False),
        (date(2025, 3, 1), True),
        (DAY, True),
        (date(2026, 3, 2), False),
    ],
)
def test_the_twelve_months_up_to_this_one(day, counts):
    found = crossed_together(purchase(), [purchase(2, commenced_on=day)], [POLICY])
    assert bool(found) is counts


def test_itself_is_not_another_one():
    assert crossed_together(purchase(), [purchase(1)], [POLICY]) is None
    assert crossed_together(purchase(None), [purchase(1)], [POLICY]) is not None
