from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.deliveries.rules import (
    MAX_FILES,
    MAX_NARRATIVE,
    Delivery,
    Promise,
    check_delivery,
    claimable_quarters,
)
from socialvalue.core.errors import RuleBroken

TODAY = date(2025, 8, 15)
HOURS = Promise("hours", True, False, date(2025, 4, 15), date(2026, 4, 1))
SHARE = Promise(
    "%", False, True, date(2025, 4, 15), date(2026, 4, 1), "Invoices paid", "All invoices"
)
YES = Promise("yes/no", False, False, date(2025, 4, 15), date(2026, 4, 1))


def delivery(
    quantity="10", denominator=None, quarter=date(2025, 4, 1), narrative="Done.", files=1
) -> Delivery:
    whole = None if denominator is None else Decimal(denominator)
    return Delivery(quarter, Decimal(quantity), whole, narrative, files)


def faults(found: Delivery, promise: Promise = HOURS, today: date = TODAY) -> list[str | None]:
    try:
        check_delivery(found, promise, today)
    except RuleBroken as error:
        return [field for field, _ in error.errors]
    return []


@pytest.mark.parametrize(
    ("quarter", "wrong"),
    [
        (date(2025, 1, 1), True),
        (date(2025, 4, 1), False),
        (date(2025, 7, 1), False),
        (date(2025, 10, 1), True),
        (date(2025, 5, 1), True),
        (date(2025, 7, 2), True),
    ],
)
def test_a_quarter_lies_in_the_contract_and_has_begun(quarter, wrong) -> None:
    assert faults(delivery(quarter=quarter)) == (["quarter"] if wrong else [])


def test_a_quarter_can_be_claimed_from_its_first_day() -> None:
    later = delivery(quarter=date(2025, 10, 1))
    assert faults(later, today=date(2025, 9, 30)) == ["quarter"]
    assert faults(later, today=date(2025, 10, 1)) == []


def test_a_future_quarter_says_when() -> None:
    with pytest.raises(RuleBroken, match="Claim it from 1 October 2025"):
        check_delivery(delivery(quarter=date(2025, 10, 1)), HOURS, TODAY)


def test_the_quarters_offered_are_newest_first_and_end_with_the_contract() -> None:
    assert claimable_quarters(HOURS, TODAY) == [date(2025, 7, 1), date(2025, 4, 1)]
    assert claimable_quarters(HOURS, date(2030, 1, 1))[0] == date(2026, 4, 1)
    assert claimable_quarters(HOURS, date(2025, 3, 31)) == []


@pytest.mark.parametrize(
    ("quantity", "denominator", "promise", "wrong"),
    [
        ("0.001", None, HOURS, []),
        ("0", None, HOURS, ["quantity"]),
        ("-1", None, HOURS, ["quantity"]),
        ("5", "10", HOURS, ["denominator"]),
        ("5", "5", SHARE, []),
        ("5.001", "5", SHARE, ["quantity"]),
        ("0", "5", SHARE, []),
        ("5", None, SHARE, ["denominator"]),
        ("0", "0", SHARE, ["denominator"]),
        ("0", None, YES, []),
        ("1", None, YES, []),
        ("0.5", None, YES, ["quantity"]),
        ("2", None, YES, ["quantity"]),
    ],
)
def test_figures_fit_the_measure(quantity, denominator, promise, wrong) -> None:
    assert faults(delivery(quantity, denominator), promise) == wrong


@pytest.mark.parametrize(
    ("narrative", "files", "wrong"),
    [
        (" ", 1, ["narrative"]),
        ("x" * MAX_NARRATIVE, 1, []),
        ("x" * (MAX_NARRATIVE + 1), 1, ["narrative"]),
        ("x", 0, ["file"]),
        ("x", MAX_FILES, []),
        ("x", MAX_FILES + 1, ["file"]),
    ],
)
def test_a_claim_tells_what_was_done_and_shows_it(narrative, files, wrong) -> None:
    assert faults(delivery(narrative=narrative, files=files)) == wrong


def test_every_fault_is_said_at_once() -> None:
    found = delivery("0", quarter=date(2026, 1, 1), narrative="", files=0)
    assert faults(found) == ["quarter", "quantity", "narrative", "file"]
