"""When an adoption holds, and what may be written into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from socialvalue.core.errors import RuleBroken
from toms.frameworks import rules
from toms.frameworks.rules import Adopter, PackInput, Span, best_pack, state_of

TODAY = date(2026, 6, 1)
YESTERDAY, TOMORROW = date(2026, 5, 31), date(2026, 6, 2)


def span(number=1, *, edition=1, family="open", main=True, first=date(2026, 1, 1), last=None):
    return Span(number, edition, family, main, first, last)


@pytest.mark.parametrize(
    ("found", "others", "state"),
    [
        (span(), [], "in_use"),
        (span(first=TODAY), [], "in_use"),
        (span(first=TOMORROW), [], "coming"),
        (span(last=TODAY), [], "in_use"),
        (span(last=YESTERDAY), [], "ended"),
        (span(main=False), [], "beside"),
        # the latest begun holds, from its first day to its last
        (span(), [span(2, first=TODAY)], "replaced"),
        (span(), [span(2, first=TOMORROW)], "in_use"),
        (span(), [span(2, first=date(2026, 3, 1), last=YESTERDAY)], "in_use"),
        (span(), [span(2, first=date(2026, 3, 1), last=TODAY)], "replaced"),
        (span(2), [span(1)], "in_use"),
        (span(1), [span(2)], "replaced"),
        # beside: one a family
        (span(main=False), [span(2, first=TODAY)], "beside"),
        (span(main=False), [span(2, main=False, family="county", first=TODAY)], "beside"),
        (span(main=False), [span(2, main=False, first=TODAY)], "replaced"),
    ],
)
def test_the_latest_begun_holds(found, others, state):
    assert state_of(found, [found, *others], TODAY) == state


@pytest.mark.parametrize(("authority", "region"), [(None, None), (1, 2)])
def test_one_adopts_an_authority_or_a_region(authority, region):
    with pytest.raises(ValueError, match="authority or by a region"):
        Adopter(authority, region)


def check_dates(**more):
    rules.check_dates(
        **{
            "from_on": TODAY,
            "today": TODAY,
            "reference": "",
            "edition_starts_on": YESTERDAY,
            "edition_ends_on": None,
        }
        | more
    )


def test_a_past_day_names_its_decision():
    check_dates()
    check_dates(from_on=TOMORROW)
    check_dates(from_on=YESTERDAY, reference="Cabinet 9 March 2026")
    for empty in ("", "   "):
        with pytest.raises(RuleBroken, match="Name the decision") as error:
            check_dates(from_on=YESTERDAY, reference=empty)
        assert error.value.errors[0][0] == "reference"


def test_an_edition_is_not_adopted_before_its_first_day():
    check_dates(edition_starts_on=TODAY)
    with pytest.raises(RuleBroken, match="valid from") as error:
        check_dates(edition_starts_on=TOMORROW)
    assert error.value.errors[0][0] == "from_on"


def test_an_edition_is_not_adopted_after_its_last_day():
    check_dates(edition_ends_on=TODAY)
    with pytest.raises(RuleBroken, match="valid until 31 May 2026"):
        check_dates(edition_ends_on=YESTERDAY)


def test_the_same_edition_from_the_same_day_is_adopted_once():
    spans = [span(1, edition=7, first=TODAY)]
    rules.check_once(spans, edition_id=7, from_on=TOMORROW)
    rules.check_once(spans, edition_id=8, from_on=TODAY)
    rules.check_once(spans, edition_id=7, from_on=TODAY, apart_from=1)
    with pytest.raises(RuleBroken, match="adopted from 1 June 2026 already"):
        rules.check_once(spans, edition_id=7, from_on=TODAY)


@pytest.mark.parametrize("most", [None, 1, 500])
def test_a_sensible_most(most):
    rules.check_most(most)


@pytest.mark.parametrize("most", [0, -1, 501])
def test_no_sensible_most(most):
    with pytest.raises(RuleBroken, match="between 1 and 500"):
        rules.check_most(most)


def test_a_subset_is_of_the_edition():
    rules.check_subset([], edition_measures={1, 2})
    rules.check_subset([1, 2], edition_measures={1, 2})
    with pytest.raises(RuleBroken, match="this edition only"):
        rules.check_subset([1, 3], edition_measures={1, 2})


def test_it_ends_on_its_first_day_or_later_and_once():
    ends = {"from_on": TODAY, "ended_on": None, "today": TODAY}
    rules.check_ends(**ends, to_on=TODAY)
    rules.check_ends(**ends | {"ended_on": TODAY}, to_on=TOMORROW)
    with pytest.raises(RuleBroken, match="that day or a later one"):
        rules.check_ends(**ends, to_on=YESTERDAY)
    with pytest.raises(RuleBroken, match="It ended on 31 May 2026 already"):
        rules.check_ends(**ends | {"ended_on": YESTERDAY}, to_on=TOMORROW)


def test_it_does_not_end_in_the_past():
    ends = {"from_on": date(2020, 4, 1), "ended_on": None, "today": TODAY}
    rules.check_ends(**ends, to_on=TODAY)
    for mistyped in (YESTERDAY, date(2020, 6, 30)):
        with pytest.raises(
            RuleBroken, match=r"has passed\. The last day must be today or a later one"
        ):
            rules.check_ends(**ends, to_on=mistyped)


def test_a_last_day_is_cleared_until_it_has_passed():
    ends = {"from_on": TODAY, "ended_on": TOMORROW, "today": TODAY}
    rules.check_ends(**ends, to_on=None)
    rules.check_ends(**ends | {"ended_on": TODAY}, to_on=None)
    with pytest.raises(RuleBroken, match="It ended on 31 May 2026 already"):
        rules.check_ends(**ends | {"ended_on": YESTERDAY}, to_on=None)
    with pytest.raises(RuleBroken, match="Enter the last day"):
        rules.check_ends(**ends | {"ended_on": None}, to_on=None)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ()),
        ("45", ("45",)),
        ("45, 8531;85311", ("45", "8531", "85311")),
        (" 45 45\n90 ", ("45", "90")),
        ("85311000", ("85311000",)),
    ],
)
def test_prefixes_are_read(typed, read):
    assert rules.read_prefixes(typed) == read


@pytest.mark.parametrize("typed", ["4", "853110001", "45x", "45-1", "٤٥"])
def test_what_is_no_prefix_is_named(typed):
    with pytest.raises(RuleBroken, match="2 to 8 digits"):
        rules.read_prefixes(typed)


def test_packs_that_are_right():
    rules.check_packs([], allowed={1})
    rules.check_packs(
        [PackInput("Care", ("85", "8531"), (1, 2)), PackInput("Any", (), (1,))], allowed={1, 2}
    )


@pytest.mark.parametrize(
    ("packs", "field", "words"),
    [
        ([PackInput(" - ", (), (1,))], "name", "Enter a name"),
        ([PackInput("Care", ("85",), (1,)), PackInput("care ", ("45",), (1,))], "name", "already"),
        ([PackInput("Care", (), ())], "measures", "at least one"),
        ([PackInput("Care", (), (3,))], "measures", "sub-set only"),
        ([PackInput("Care", ("8",), (1,))], "cpv_prefixes", "2 to 8 digits"),
        (
            [PackInput("Care", ("85",), (1,)), PackInput("Home", ("85",), (1,))],
            "cpv_prefixes",
            "Care is suggested",
        ),
        (
            [PackInput("Care", (), (1,)), PackInput("Home", (), (1,))],
            "cpv_prefixes",
            "Care suits any",
        ),
    ],
)
def test_what_is_wrong_with_packs_is_said(packs, field, words):
    with pytest.raises(RuleBroken, match=words) as error:
        rules.check_packs(packs, allowed={1, 2})
    assert error.value.errors[0][0] == field


def test_there_are_only_so_many_packs():
    packs = [PackInput(f"Pack {n}", (f"{n + 10}",), (1,)) for n in range(31)]
    rules.check_packs(packs[:30], allowed={1})
    with pytest.raises(RuleBroken, match="at most 30"):
        rules.check_packs(packs, allowed={1})


@dataclass(frozen=True)
class Kept:
    name: str
    cpv_prefixes: tuple[str, ...]


def test_the_longest_beginning_wins():
    packs = [Kept("any", ()), Kept("care", ("85",)), Kept("home care", ("45", "8531"))]
    assert best_pack(packs, "85311000").name == "home care"
    assert best_pack(packs, "85200000").name == "care"
    assert best_pack(packs, "45000000").name == "home care"
    assert best_pack(packs, "90000000").name == "any"
    assert best_pack(packs, "").name == "any"
    assert best_pack(packs[1:], "90000000") is None
