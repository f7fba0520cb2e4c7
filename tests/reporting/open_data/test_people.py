"""Which units count people, and which numbers are few."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reporting.open_data.rules.people import counts_people, is_few, is_small


@pytest.mark.parametrize(
    "unit",
    ["people", "FTE", "FTE-years", "No. people FTE", "people x hours", "people x weeks", "apprentices", "weeks",
     "pupils x school years", "children x years", "households", "appointments", "incidents", "no. employees"],
)  # fmt: skip
def test_a_unit_that_counts_people(unit):
    assert counts_people(unit) is True


@pytest.mark.parametrize(
    "unit",
    ["£", "tCO2e", "staff hours", "Staff  Hours", "miles", "trees", "firms", "%", "yes/no", "statement", "hours"],
)  # fmt: skip
def test_a_unit_that_does_not(unit):
    assert counts_people(unit) is False


@pytest.mark.parametrize(
    ("quantity", "few"),
    [("0", False), ("0.001", True), ("1", True), ("4.999", True), ("5", False), ("-4.999", True), ("-5", False)],
)  # fmt: skip
def test_few_is_more_than_none_and_fewer_than_five(quantity, few):
    assert is_few(Decimal(quantity)) is few
    assert is_small("people", "sum", Decimal(quantity), Decimal(0)) is few
    assert is_small("tCO2e", "sum", Decimal(quantity), Decimal(0)) is False
    assert is_small("people", "none", Decimal(quantity), Decimal(0)) is False


@pytest.mark.parametrize(
    ("part", "whole", "small"),
    [(5, 10, False), (4, 20, True), (6, 10, True), (3, 3, True), (0, 4, True), (0, 40, False), (40, 40, False)],
)  # fmt: skip
def test_a_rate_is_small_by_its_part_its_whole_or_what_it_leaves_out(part, whole, small):
    assert is_small("%", "ratio", Decimal(part), Decimal(whole)) is small
