"""Dates, codes and rows of a statement; what makes a measure serve a priority."""

from __future__ import annotations

from datetime import date

import pytest

from socialvalue.core.errors import RuleBroken
from toms.priorities.rules import (
    Link,
    RowInput,
    Serving,
    Span,
    check_dates,
    check_rows,
    day_within,
    join_source,
    link_of,
    serving,
    span_to_end,
    split_source,
    standing_of,
    stem_of,
    through,
    with_codes,
)

FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
OPEN_ENDED = Span(1, "Plan A", FIRST, None)
CLOSED = Span(2, "Plan B", FIRST, LAST)


def row(name="A priority", code="", pk=None):
    return RowInput(pk, code, name, "")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 3, 31), "coming"),
        (FIRST, "in_force"),
        (LAST, "in_force"),
        (date(2027, 4, 1), "past"),
    ],
)
def test_the_first_and_the_last_day_count(on, expected):
    assert standing_of(FIRST, LAST, on) == expected


def test_without_a_last_day_it_stays_in_force():
    assert standing_of(FIRST, None, date(2099, 1, 1)) == "in_force"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 1, 1), FIRST),
        (date(2026, 7, 1), date(2026, 7, 1)),
        (date(2030, 1, 1), LAST),
    ],
)
def test_the_nearest_day_on_which_it_holds(on, expected):
    assert day_within(FIRST, LAST, on) == expected


def test_it_may_hold_for_one_day_and_not_for_less():
    check_dates(FIRST, FIRST)
    with pytest.raises(RuleBroken) as broken:
        check_dates(FIRST, date(2026, 3, 31))
    assert broken.value.errors[0][0] == "valid_to"


def test_an_open_ended_one_gives_way_to_one_that_starts_later():
    assert span_to_end([OPEN_ENDED], date(2026, 4, 2), None) == OPEN_ENDED


def test_one_that_ended_the_day_before_is_left_alone():
    assert span_to_end([CLOSED], date(2027, 4, 1), None) is None


@pytest.mark.parametrize("first", [LAST, date(2026, 4, 2)])
def test_a_closed_one_must_be_shortened_first(first):
    with pytest.raises(RuleBroken, match="1 April 2027"):
        span_to_end([CLOSED], first, None)


@pytest.mark.parametrize("first", [FIRST, date(2026, 3, 31)])
def test_two_do_not_start_together_nor_does_one_run_into_the_next(first):
    with pytest.raises(RuleBroken, match="Plan A"):
        span_to_end([OPEN_ENDED], first, None)


def test_an_earlier_one_that_ends_before_the_next_is_fine():
    assert span_to_end([OPEN_ENDED], date(2025, 4, 1), date(2026, 3, 31)) is None
    with pytest.raises(RuleBroken):
        span_to_end([OPEN_ENDED], date(2025, 4, 1), FIRST)


@pytest.mark.parametrize(
    ("name", "stem"),
    [("Warwickshire County Council", "WAR26"), ("Bo", "BO26"), ("123", "PRI26")],
)
def test_codes_begin_with_the_council_and_the_year(name, stem):
    assert stem_of(name, FIRST) == stem


def test_empty_codes_take_the_next_free_one():
    found = with_codes(
        [row(), row(code="war26-2"), row(), row(code="own")], stem="WAR26", taken={"WAR26-1"}
    )
    assert [one.code for one in found] == ["WAR26-3", "WAR26-2", "WAR26-4", "OWN"]


@pytest.mark.parametrize(
    ("rows", "elsewhere", "words"),
    [
        ([], {}, "at least one"),
        ([row(code="A")] * 41, {}, "at most 40"),
        ([row(name=" ", code="A")], {}, "name of every"),
        ([row(code="A B")], {}, "letters, numbers and hyphens"),
        ([row(code="-A")], {}, "letters, numbers and hyphens"),
        ([row(code="A"), row("Another", code="A")], {}, "used twice"),
        ([row(code="A"), row("a  Priority ", code="B")], {}, "“a Priority” is written twice"),
        ([row(code="GSE")], {"GSE": "West Midlands objectives"}, "West Midlands objectives"),
    ],
)
def test_rows_that_cannot_be_kept_say_why(rows, elsewhere, words):
    with pytest.raises(RuleBroken, match=words):
        check_rows(rows, elsewhere=elsewhere)


def test_forty_priorities_are_enough():
    check_rows([row(f"Priority {n}", code=f"A{n}") for n in range(40)], elsewhere={"B1": "Another"})


@pytest.mark.parametrize(
    ("document", "address"),
    [
        ("Council plan, March 2026", "https://example.gov.uk/plan"),
        ("Council plan, March 2026", ""),
        ("Plan", ""),
        ("", "https://example.gov.uk/plan"),
    ],
)
def test_document_and_address_come_apart_as_they_were_joined(document, address):
    assert split_source(join_source(document, address)) == (document, address)


def test_the_source_has_room_for_300_characters():
    assert len(join_source("d" * 300, "")) == 300
    with pytest.raises(RuleBroken):
        join_source("d" * 300, "x")


OUTCOME = Link("open", "outcome", "T1O1")
MEASURE = Link("open", "measure", "GSE1")


def measure(family="open", code="GSE1", outcome="T1O1", codes=()):
    return Serving(7, family, code, outcome, "Local people in work", tuple(codes))


@pytest.mark.parametrize(
    ("links", "of", "words"),
    [
        (set(), measure(codes=["P1"]), "The measure’s own record"),
        ({OUTCOME, MEASURE}, measure(codes=["P1"]), "The measure’s own record"),
        ({OUTCOME, MEASURE}, measure(), "A link to the measure"),
        ({OUTCOME}, measure(code="GSE2"), "Its outcome, Local people in work"),
        (set(), measure(codes=["P10"]), ""),
        ({OUTCOME, MEASURE}, measure(family="county"), ""),
        ({Link("open", "measure", "T1O1")}, measure(), ""),
        ({Link("open", "outcome", "GSE1")}, measure(), ""),
    ],
)
def test_what_makes_a_measure_serve_a_priority(links, of, words):
    assert through("P1", links, of) == words


def test_only_those_that_serve_are_listed_in_their_order():
    rows = [measure(code="GSE2"), measure(code="ENV1", outcome="T4O1"), measure()]
    assert [one.code for one, _ in serving("P1", {OUTCOME}, rows)] == ["GSE2", "GSE1"]


@pytest.mark.parametrize("link", [OUTCOME, MEASURE, Link("svm", "measure", "MAC 1/1")])
def test_a_link_is_read_back_from_its_key(link):
    assert link_of(link.key) == link


@pytest.mark.parametrize(
    "key", ["", "open", "open/outcome", "open/theme/T1", "/measure/A", "a/measure/"]
)
def test_what_is_no_link_is_none(key):
    assert link_of(key) is None
