"""What an authority may write as a measure, said in sentences before the database says it in constraints."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from toms.frameworks.rules import (
    OwnMeasure,
    fraction_text,
    initials,
    missing_from,
    next_code,
    own_family,
    wrong_with,
)
from toms.frameworks.vocabulary import Aggregation, MeasureKind
from toms.valuation.rules import unit_parts

GOOD = OwnMeasure(
    code="WCC1",
    title="Hours of home-energy advice",
    description="Advice to households.",
    theme_slug="protecting-our-environment",
    outcome="Warmer homes",
    unit="people x hours",
    kind=MeasureKind.RECORD_ONLY,
    aggregation=Aggregation.SUM,
    evidence="A log.",
    counting_rule="Count each hour once.",
)


def fields(measure: OwnMeasure) -> list[str]:
    return [name for name, _ in wrong_with(measure)]


def test_a_whole_measure_is_right():
    assert wrong_with(GOOD) == []
    assert missing_from(GOOD) == []


@pytest.mark.parametrize("code", ["W1", "WCC1", "wcc-1a", "W" * 20])
def test_codes_that_may_be(code):
    assert fields(replace(GOOD, code=code)) == []


@pytest.mark.parametrize(
    "code", ["", "W", "W" * 21, "1WCC", "WCC 1", "WCC.1", "WCC-", "WCC/1", "WÇC1"]
)
def test_codes_that_may_not(code):
    assert fields(replace(GOOD, code=code)) == ["code"]


@pytest.mark.parametrize(
    ("kind", "aggregation", "wrong"),
    [
        (kind, how, ["aggregation"] if kind in ("proxy", "pound_for_pound") and how != "sum" else [])
        for kind in ("record_only", "pound_for_pound", "negotiated", "proxy")
        for how in ("sum", "last", "ratio", "none")
    ],
)  # fmt: skip
def test_what_has_a_value_in_pounds_is_added_up(kind, aggregation, wrong):
    measure = replace(
        GOOD,
        kind=kind,
        aggregation=aggregation,
        unit="£",
        numerator_label="A",
        denominator_label="B",
    )
    assert fields(measure) == wrong


def test_a_localised_measure_is_not_written_by_hand():
    assert fields(replace(GOOD, kind="localised")) == ["kind"]
    assert fields(replace(GOOD, kind="")) == ["kind"]


@pytest.mark.parametrize("unit", ["hours", "£ spent", ""])
def test_a_pound_for_a_pound_is_counted_in_pounds(unit):
    assert fields(replace(GOOD, kind="pound_for_pound", unit=unit)) == ["unit"]
    assert fields(replace(GOOD, kind="pound_for_pound", unit="£")) == []


def test_a_ratio_names_both_of_its_parts():
    ratio = replace(GOOD, aggregation="ratio")
    assert fields(ratio) == ["numerator_label", "denominator_label"]
    assert fields(replace(ratio, numerator_label="Paid a living wage")) == ["denominator_label"]
    both = replace(ratio, numerator_label="Paid a living wage", denominator_label="All staff")
    assert fields(both) == []


def test_nothing_is_taken_off_what_has_no_value():
    taken = replace(GOOD, additionality={"deadweight": "0.27"})
    assert fields(taken) == ["takes_off"]
    assert fields(replace(taken, kind="proxy")) == []


@pytest.mark.parametrize(
    ("part", "wrong"),
    [("0", []), ("1", []), ("1.01", ["leakage"]), ("-0.1", ["leakage"])],
)
def test_what_is_taken_off_is_a_fraction(part, wrong):
    assert fields(replace(GOOD, kind="proxy", additionality={"leakage": part})) == wrong


def test_what_is_missing_is_named_with_its_code():
    bare = replace(GOOD, description=" ", evidence="", counting_rule="")
    assert missing_from(bare) == [
        "WCC1 needs a description.",
        "WCC1 needs a counting rule.",
        "WCC1 needs the evidence that proves it.",
    ]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Warwickshire County Council", "WCC"),
        ("West Midlands Combined Authority", "WMCA"),
        ("Borough of Telford and Wrekin", "BTW"),
        ("Birmingham", "BIR"),
        ("123", "OWN"),
    ],
)
def test_codes_begin_with_the_initials(name, short):
    assert initials(name) == short


def test_the_next_code_follows_the_highest():
    assert next_code("WCC", []) == "WCC1"
    assert next_code("WCC", ["WCC2", "wcc10", "WCC3a", "GSE99"]) == "WCC11"


def test_a_family_fits_its_slug():
    assert own_family("warwickshire") == "own-warwickshire"
    assert len(own_family("a" * 80)) <= 57


@pytest.mark.parametrize(
    ("percent", "text"),
    [("27", "0.27"), ("100", "1"), ("0", "0"), ("12.5", "0.125"), ("50", "0.5")],
)
def test_percentages_are_kept_as_fractions(percent, text):
    assert fraction_text(Decimal(percent)) == text


@pytest.mark.parametrize(
    ("unit", "parts"),
    [
        ("hours", ["hours"]),
        ("people x hours", ["people", "hours"]),
        ("people × weeks * days", ["people", "weeks", "days"]),
        ("FTE-years", ["FTE", "years"]),
        ("boxes", ["boxes"]),
    ],
)
def test_a_compound_unit_is_kept_as_its_parts(unit, parts):
    assert [part["name"] for part in unit_parts(unit)] == parts
