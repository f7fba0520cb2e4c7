"""The words of a story, and what may stand beside it in public."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reporting.showcase.rules import (
    VerifiedFigure,
    alt_of,
    for_everybody,
    paragraphs,
    reaches_somebody,
    reason_of,
    total_of,
    words_of,
)
from socialvalue.core.errors import RuleBroken

GOOD = {"title": "A garden", "summary": "It is green.", "body": "One.\n\nTwo."}


def faults(**change):
    with pytest.raises(RuleBroken) as error:
        words_of(**(GOOD | change))
    return error.value.errors


def test_words_are_tidied():
    found = words_of(
        title="  A   garden ", summary="It is\ngreen.", body="One\r\nline.\r\n \r\n\r\nTwo.\n"
    )
    assert (found.title, found.summary, found.body) == (
        "A garden",
        "It is green.",
        "One line.\n\nTwo.",
    )
    assert paragraphs(found.body) == ("One line.", "Two.")


@pytest.mark.parametrize(("name", "most"), [("title", 120), ("summary", 200), ("body", 10_000)])
def test_each_text_is_asked_for_and_has_an_end(name, most):
    assert getattr(words_of(**(GOOD | {name: "a" * most})), name) == "a" * most
    ((field, message),) = faults(**{name: "a" * (most + 1)})
    assert (field, f"{most:,} characters or fewer" in message) == (name, True)
    assert faults(**{name: " \n "})[0][0] == name


def test_every_fault_is_said_at_once():
    assert [field for field, _ in faults(title="", summary="", body="")] == [
        "title",
        "summary",
        "body",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Write to head.teacher@school.example",
        "Ring 01926 410410",
        "Ring +44 7700 900123.",
        "07700900123",
    ],
)
def test_a_way_to_reach_a_person_is_refused(text):
    assert reaches_somebody(text)
    ((field, message),) = faults(body=text)
    assert field == "body"
    assert "Take out" in message


@pytest.mark.parametrize(
    "text",
    [
        "In 2026 to 2027, £1,200,000,000 was spent",
        "0 incidents, 12,000 hours",
        "@school",
        "On 01 02 2026",
    ],
)
def test_numbers_and_dates_are_no_way_to_reach_a_person(text):
    assert reaches_somebody(text) == ""


def test_a_photo_is_described_in_words_that_say_something():
    assert alt_of("  Six people\nplant a tree ") == "Six people plant a tree"
    for text in ("", "Photo.", "an image", "a" * 251):
        with pytest.raises(RuleBroken):
            alt_of(text)
    assert alt_of("a" * 250) == "a" * 250


def test_a_reason_is_asked_for():
    assert reason_of(" Too long. ") == "Too long."
    for text in ("", " \n", "a" * 501):
        with pytest.raises(RuleBroken):
            reason_of(text)


def figure(unit, quantity="12", value="100", **more):
    return VerifiedFigure(
        measure_id=1,
        label="Measure",
        unit=unit,
        quantity=None if quantity is None else Decimal(quantity),
        shown=f"{quantity} {unit}",
        value=None if value is None else Decimal(value),
        **more,
    )


@pytest.mark.parametrize(
    "unit",
    [
        "people",
        "FTE-years",
        "people x hours",
        "pupils x school years",
        "weeks",
        "households",
        "appointments",
        "%",
        "widgets",
    ],
)
def test_what_counts_people_is_told_of_no_single_contract(unit):
    assert for_everybody([figure(unit, "1200")]) == ()


@pytest.mark.parametrize("unit", ["£", "hours", "Staff hours", "tCO2e", "trees"])
def test_what_counts_no_people_is_told(unit):
    assert for_everybody([figure(unit, "1")]) == (figure(unit, "1"),)


def test_pay_and_figures_that_stand_alone_are_not_told():
    assert for_everybody([figure("£", is_about_pay=True), figure("hours", None)]) == ()


def test_the_total_is_of_what_is_shown_and_of_what_is_valued():
    assert total_of([figure("hours", value="1.50"), figure("trees", value=None)]) == Decimal("1.50")
    assert total_of([figure("trees", value=None)]) is None
    assert total_of([]) is None
