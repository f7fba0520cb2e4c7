"""Which measure of another edition stands for one: never guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from toms.priorities.rules.opinions import (
    Counterpart,
    Known,
    Mapped,
    Place,
    Terms,
    counterpart,
    year_of,
)
from toms.valuation.rules import Additionality

D = Decimal


def known(pk, code, unit="hours", edition=2, family="open"):
    return Known(pk, code, unit, edition, family)


OURS = known(1, "A1", edition=1)


def there(*measures, family="open"):
    return Place(2, family, "The new edition", {row.code: row for row in measures})


def test_in_its_own_edition_a_measure_is_itself_whatever_else_is_said():
    place = Place(1, "open", "Ours", {"A1": OURS})
    assert counterpart(OURS, place, mapped=Mapped(known(9, "B9"))) == Counterpart(1)


def test_the_same_code_of_the_same_family_in_the_same_unit():
    assert counterpart(OURS, there(known(5, "A1"))) == Counterpart(5)
    assert counterpart(OURS, there(known(5, "A1", unit=" Hours "))) == Counterpart(5)


def test_another_unit_is_not_compared_and_says_both():
    found = counterpart(OURS, there(known(5, "A1", unit="staff hours")))
    assert found == Counterpart(
        None, "Counted in hours as awarded, and in staff hours in The new edition"
    )


@pytest.mark.parametrize("code", ["A2", "a1", "A10"])
def test_another_code_is_no_counterpart(code):
    found = counterpart(OURS, there(known(5, code)))
    assert found == Counterpart(None, "No counterpart in The new edition")


def test_the_same_code_in_another_family_is_no_counterpart_without_an_alias():
    place = there(known(5, "A1", family="other"), known(6, "NT1", family="other"), family="other")
    assert counterpart(OURS, place).measure_id is None
    found = counterpart(OURS, place, aliases={"NT1", "NT404"})
    assert (found.measure_id, found.how) == (6, "known there as NT1")


def test_two_codes_there_are_not_chosen_between():
    place = there(known(5, "NT1"), known(6, "NT2"), family="other")
    found = counterpart(OURS, place, aliases={"NT2", "NT1"})
    assert found == Counterpart(None, "Known by several codes in The new edition: NT1 and NT2")


def test_an_alias_in_another_unit_is_not_compared():
    place = there(known(6, "NT1", unit="£", family="other"), family="other")
    found = counterpart(OURS, place, aliases={"NT1"})
    assert found.measure_id is None
    assert "in £ in The new edition" in found.reason


def test_what_the_region_decided_goes_before_the_code_and_turns_units():
    place = there(known(5, "A1"), known(7, "B7", unit="days"))
    found = counterpart(OURS, place, mapped=Mapped(place.measures["B7"], D("0.125")))
    assert (found.measure_id, found.factor) == (7, D("0.125"))
    assert found.how == "counted as B7 in the region's crosswalk"


def test_terms_are_plain_until_something_is_switched_on():
    assert Terms().is_plain
    assert Terms(rate=D("0.01")).is_plain
    for terms in (
        Terms(place="coventry"),
        Terms(is_discounted=True),
        Terms(additionality=Additionality(deadweight=D(0))),
    ):
        assert not terms.is_plain


def test_terms_replace_the_parts_they_name_of_a_method():
    own = Additionality(deadweight=D("0.25"), leakage=D("0.1"))
    terms = Terms.of(
        place="", fractions={"deadweight": D("0.5")}, is_discounted=False, rate=D("0.01")
    )
    assert terms.taken_off(own) == Additionality(deadweight=D("0.5"), leakage=D("0.1"))
    assert terms.rate is None
    assert Terms().taken_off(own) is own


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 4, 1), 0),
        (date(2027, 3, 31), 0),
        (date(2027, 4, 1), 1),
        (date(2028, 3, 1), 1),
        (date(2026, 3, 1), 0),
    ],
)
def test_a_year_begins_on_its_day(day, year):
    assert year_of(date(2026, 4, 1), day) == year
