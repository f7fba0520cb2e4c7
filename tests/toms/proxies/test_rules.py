"""What is different between two editions: added, removed, counted differently, moved, reworded, the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from toms.proxies.rules import (
    Changed,
    DatedAmount,
    MeasureVersion,
    Moved,
    difference,
    in_force,
    lacking,
    nearest,
    until,
)

SINCE = date(2026, 4, 1)
MILES = MeasureVersion(
    code="ENV2",
    title="Miles avoided",
    theme="Environment",
    unit="miles",
    kind="Proxy value",
    aggregation="Added up",
    texts={"Counting rule": "Count each mile once."},
    amounts={("", ""): (DatedAmount(date(2023, 4, 1), Decimal("0.25")),)},
)
JOBS = replace(MILES, code="GSE1", title="Jobs", unit="FTE-years", amounts={})


def valued(*rows, place="", sector=""):
    return {(place, sector): tuple(DatedAmount(date.fromisoformat(d), Decimal(v)) for d, v in rows)}


def test_the_same_twice_is_no_difference():
    found = difference([MILES, JOBS], [JOBS, MILES], since=SINCE)
    assert found.same == 2
    assert (found.added, found.removed, found.units, found.moved, found.reworded) == ((),) * 5


def test_added_and_removed_are_seen_from_the_older_one():
    late = replace(JOBS, code="GSE10")
    found = difference([MILES], [late, JOBS], since=SINCE)
    assert [row.code for row in found.added] == ["GSE1", "GSE10"]
    assert [row.code for row in found.removed] == ["ENV2"]
    back = difference([late, JOBS], [MILES], since=SINCE)
    assert (back.added, back.removed) == (found.removed, found.added)


def test_a_moved_value_says_by_how_much():
    newer = replace(MILES, amounts=valued(("2026-04-01", "0.30")))
    found = difference([MILES], [newer], since=SINCE)
    assert found.moved == (
        Moved("ENV2", "Miles avoided", "", SINCE, Decimal("0.25"), Decimal("0.30"), True),
    )
    assert found.moved[0].percent == Decimal(20)
    assert found.same == 0


@pytest.mark.parametrize(("moved", "counted"), [("0.25", 0), ("0.250000001", 1)])
def test_the_ninth_place_counts_and_a_new_first_day_alone_does_not(moved, counted):
    newer = replace(MILES, amounts=valued(("2026-04-01", moved)))
    assert len(difference([MILES], [newer], since=SINCE).moved) == counted


def test_later_steps_are_compared_day_by_day_and_told_once():
    older = replace(MILES, amounts=valued(("2023-04-01", "280")))
    newer = replace(
        MILES,
        amounts=valued(("2026-04-01", "280"), ("2031-01-01", "284.4"), ("2032-01-01", "284.4")),
    )
    (moved,) = difference([older], [newer], since=SINCE).moved
    assert (moved.since, moved.before, moved.after) == (
        date(2031, 1, 1), Decimal(280), Decimal("284.4"),
    )  # fmt: skip


def test_a_value_of_a_place_that_comes_or_goes_is_not_nothing():
    newer = replace(MILES, amounts=valued(("2026-04-01", "0.25"), place="rugby"))
    gone, come = difference([MILES], [newer], since=SINCE).moved
    assert (gone.place, gone.before, gone.after, gone.percent) == ("", Decimal("0.25"), None, None)
    assert (come.place, come.before, come.after, come.percent) == (
        "rugby", None, Decimal("0.25"), None,
    )  # fmt: skip


def test_another_unit_is_told_and_its_value_is_not_a_percentage():
    newer = replace(MILES, unit="tCO2e", amounts=valued(("2026-04-01", "264")))
    found = difference([MILES], [newer], since=SINCE)
    assert found.units == (Changed("ENV2", "Miles avoided", "Unit", "miles", "tCO2e"),)
    assert not found.moved[0].is_same_unit
    assert found.moved[0].percent is None


def test_kind_aggregation_and_words_are_told_apart():
    newer = replace(
        MILES,
        title="Car miles avoided",
        kind="Record only",
        aggregation="Latest figure",
        texts={"Counting rule": "Count each mile twice."},
    )
    found = difference([MILES], [newer], since=SINCE)
    assert [row.what for row in found.units] == ["Kind", "How it adds up"]
    assert [(row.what, row.before, row.after) for row in found.reworded] == [
        ("Title", "Miles avoided", "Car miles avoided"),
        ("Counting rule", "Count each mile once.", "Count each mile twice."),
    ]


@pytest.mark.parametrize(
    ("on", "amount"),
    [
        (date(2020, 1, 1), "1"),
        (date(2025, 12, 31), "1"),
        (date(2026, 1, 1), "2"),
        (date(2040, 1, 1), "2"),
    ],
)
def test_the_row_in_force_is_the_latest_begun_else_the_first(on, amount):
    rows = [
        DatedAmount(date(2023, 4, 1), Decimal(1)),
        DatedAmount(date(2026, 1, 1), Decimal(2)),
    ]
    assert in_force(rows, on).amount == Decimal(amount)


def test_a_sector_of_its_own_is_compared_with_the_same_sector():
    both = valued(("2023-04-01", "4"), place="rugby") | valued(
        ("2023-04-01", "5"), place="rugby", sector="construction"
    )
    raised = both | valued(("2023-04-01", "6"), place="rugby", sector="construction")
    (moved,) = difference(
        [replace(MILES, amounts=both)], [replace(MILES, amounts=raised)], since=SINCE
    ).moved
    assert (moved.place, moved.sector, moved.where) == (
        "rugby", "construction", "Rugby, Construction",
    )  # fmt: skip
    assert (moved.before, moved.after) == (Decimal(5), Decimal(6))


def test_the_nearest_value_is_of_the_place_before_the_sector():
    assert nearest("rugby", "retail") == [
        ("rugby", "retail"), ("rugby", ""), ("", "retail"), ("", ""),
    ]  # fmt: skip
    assert nearest("rugby", "") == [("rugby", ""), ("", "")]
    assert nearest("", "") == [("", "")]


BY_PLACE = [("rugby", ""), ("derby", "")]
BY_SECTOR = [("", "retail"), ("", "care")]
BY_BOTH = [("rugby", "retail")]


@pytest.mark.parametrize(
    ("held", "place", "sector", "lacks"),
    [
        ([], "", "", ""),
        ([("", "")], "", "", ""),
        ([("", ""), *BY_BOTH], "", "", ""),
        (BY_PLACE, "", "", "a place"),
        (BY_PLACE, "", "retail", "a place"),
        (BY_PLACE, "rugby", "", ""),
        (BY_PLACE, "leeds", "", "another place"),
        (BY_SECTOR, "rugby", "", "a sector"),
        (BY_SECTOR, "rugby", "mining", "another sector"),
        (BY_SECTOR, "", "care", ""),
        (BY_BOTH, "", "", "a place and a sector"),
        (BY_BOTH, "rugby", "", "a sector"),
        (BY_BOTH, "", "retail", "a place"),
        (BY_BOTH, "rugby", "retail", ""),
        (BY_BOTH, "leeds", "care", "another place and another sector"),
        ([*BY_PLACE, *BY_SECTOR], "", "", "a place or a sector"),
    ],
)
def test_what_a_value_waits_for(held, place, sector, lacks):
    assert lacking(held, place, sector) == lacks


def test_what_it_waits_for_ends_a_sentence():
    assert until("a place") == "a place is set"
    assert until("a place and a sector") == "a place and a sector are set"
    assert until("") == ""
