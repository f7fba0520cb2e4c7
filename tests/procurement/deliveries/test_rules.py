from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.deliveries.rules import (
    MAX_FILES,
    MAX_NARRATIVE,
    Delivery,
    Promise,
    calculator_for,
    check_delivery,
    claimable_quarters,
    district_of,
    doubts_about,
    in_words,
    work_out,
)
from socialvalue.core.errors import RuleBroken

TODAY = date(2025, 8, 15)
HOURS = Promise("hours", True, False, date(2025, 4, 15), date(2026, 4, 1))
SHARE = Promise(
    "%", False, True, date(2025, 4, 15), date(2026, 4, 1), "Invoices paid", "All invoices"
)
YES = Promise("yes/no", False, False, date(2025, 4, 15), date(2026, 4, 1))
STATEMENT = Promise("statement", False, False, date(2025, 4, 15), date(2026, 4, 1))


def delivery(
    quantity="10",
    denominator=None,
    quarter=date(2025, 4, 1),
    narrative="Done.",
    files=1,
    postcode_district="",
) -> Delivery:
    whole = None if denominator is None else Decimal(denominator)
    return Delivery(quarter, Decimal(quantity), whole, narrative, files, postcode_district)


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
        ("", 0, []),
        (" ", 1, []),
        ("x" * MAX_NARRATIVE, 1, []),
        ("x" * (MAX_NARRATIVE + 1), 1, ["narrative"]),
        ("x", 0, []),
        ("x", MAX_FILES, []),
        ("x", MAX_FILES + 1, ["file"]),
        ("At CV6 1AB.", 1, ["narrative"]),
        ("At CV6.", 1, []),
    ],
)
def test_words_and_files_may_come_later_and_have_their_limits(narrative, files, wrong) -> None:
    assert faults(delivery(narrative=narrative, files=files)) == wrong


def test_a_statement_is_words_and_cannot_be_empty() -> None:
    for narrative, wrong in ((" ", ["narrative"]), ("We did.", [])):
        assert faults(delivery("1", narrative=narrative, files=0), STATEMENT) == wrong


@pytest.mark.parametrize(
    ("district", "wrong"),
    [("", []), ("CV6", []), ("B1", []), ("EC1A", []), ("CV", True), ("6CV", True), ("CV6 1AB", True), ("QQ1", True)],
)  # fmt: skip
def test_a_place_is_the_first_half_of_a_postcode(district, wrong) -> None:
    assert faults(delivery(postcode_district=district)) == (["postcode_district"] if wrong else [])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("cv6 1ab", "CV6"), ("CV61AB", "CV6"), (" b1 ", "B1"), ("EC1A 1BB", "EC1A"), ("B11", "B11"),
        ("nowhere", "nowhere"), ("", ""),
    ],
)  # fmt: skip
def test_of_a_whole_postcode_the_second_half_is_dropped(typed, kept) -> None:
    assert district_of(typed) == kept


def test_every_fault_is_said_at_once() -> None:
    found = delivery(
        "0", quarter=date(2026, 1, 1), narrative="x" * (MAX_NARRATIVE + 1), files=MAX_FILES + 1
    )
    assert faults(found) == ["quarter", "quantity", "narrative", "file"]


# --- calculators and updates ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "figures", "result", "words"),
    [
        ("FTE-years", ("4", "17.5", "13"), "0.5", "4 x 17.5 / 35 x 13 / 52 = 0.5"),
        ("FTE-years", ("1", "35", "52"), "1", "1 x 35 / 35 x 52 / 52 = 1"),
        ("FTE-years", ("1", "35", "13"), "0.25", "1 x 35 / 35 x 13 / 52 = 0.25"),
        ("FTE-years", ("1", "1", "1"), "0.001", "1 x 1 / 35 x 1 / 52 = 0.001"),
        ("people x hours", ("8", "2"), "16", "8 x 2 = 16"),
        ("staff hours", ("3", "2.5"), "7.5", "3 x 2.5 = 7.5"),
        ("people x weeks", ("2", "13"), "26", "2 x 13 = 26"),
        ("weeks", ("0", "13"), "0", "0 x 13 = 0"),
    ],
)
def test_the_calculators_multiply(unit, figures, result, words) -> None:
    calculator, numbers = calculator_for(unit), [Decimal(figure) for figure in figures]
    assert work_out(calculator, numbers) == Decimal(result)
    assert in_words(calculator, numbers) == words


@pytest.mark.parametrize("unit", ["£", "%", "tCO2e", "trees", "yes/no"])
def test_what_is_simply_counted_has_no_calculator(unit) -> None:
    assert calculator_for(unit) is None


@pytest.mark.parametrize(
    ("entered", "planned", "promised", "after", "how_many"),
    [("9.999", "1", "100", "50", 0), ("10", "1", "100", "50", 1), ("10", "1", "100", "100.001", 2),
     ("5", "0", "100", "100", 0), ("5", "0", "100", "101", 1)],
)  # fmt: skip
def test_what_is_hard_to_believe_is_said_before_it_is_sent(
    entered, planned, promised, after, how_many
) -> None:
    found = doubts_about(
        entered=Decimal(entered),
        planned=Decimal(planned),
        promised=Decimal(promised),
        after=Decimal(after),
    )
    assert len(found) == how_many
