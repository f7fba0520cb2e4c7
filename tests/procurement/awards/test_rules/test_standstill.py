"""Days of the standstill: working days, bank holidays, and that two tables say the same."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from procurement.awards.rules import (
    RULES,
    LawFacts,
    binding_rule,
    calendar_of,
    check_notice,
    first_day_to_sign,
    last_day,
    voluntary_rule,
    why_none,
)
from procurement.duties.queries import duty_rules
from procurement.duties.rules import due_on
from procurement.policies.queries import bank_holidays
from procurement.policies.rules import ThresholdRow
from socialvalue.core.errors import RuleBroken

NEW, PCR2006, PCR2015, CCR2016 = RULES
HOLIDAYS = bank_holidays()


def row(regime="PA2023", amount="207720", vat="incl"):
    return ThresholdRow(
        1, regime, "goods_services", "sub_central", vat, Decimal(amount), date(2006, 1, 31), None
    )


def law(*, gross="216000", category="services", commenced=date(2026, 3, 1), **more) -> LawFacts:
    return LawFacts(
        category=category,
        commenced_on=commenced,
        threshold=row(**more),
        estimate_net=Decimal("1"),
        estimate_gross=Decimal(gross),
    )


@pytest.mark.parametrize(
    ("notice", "last"),
    [
        # Nothing in the way: Monday to the Wednesday of the week after.
        (date(2026, 6, 1), date(2026, 6, 10)),
        # Friday before the early May bank holiday (4 May 2026).
        (date(2026, 5, 1), date(2026, 5, 13)),
        # On the bank holiday itself, and on the Saturday and Sunday before: the first day counted is Tuesday.
        (date(2026, 5, 4), date(2026, 5, 14)),
        (date(2026, 5, 3), date(2026, 5, 14)),
        (date(2026, 5, 2), date(2026, 5, 14)),
        (date(2026, 5, 5), date(2026, 5, 14)),
        # Over Easter 2026: 3 and 6 April.
        (date(2026, 3, 30), date(2026, 4, 10)),
        # Over Christmas 2026: 25 December, 28 December in lieu of the Saturday, and 1 January 2027.
        (date(2026, 12, 18), date(2026, 12, 31)),
        (date(2026, 12, 21), date(2027, 1, 4)),
        (date(2026, 12, 22), date(2027, 1, 5)),
    ],
)
def test_eight_working_days_the_day_of_the_notice_counted(notice, last):
    assert last_day(NEW, notice, HOLIDAYS) == last
    days = calendar_of(NEW, notice, last, HOLIDAYS)
    assert [day.number for day in days if day.number] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert days[0].day == notice
    assert days[-1].day == first_day_to_sign(last) == last + timedelta(days=1)
    assert [day.day for day in days] == [notice + timedelta(days=n) for n in range(len(days))]


def test_the_calendar_names_what_is_not_counted():
    notice = date(2026, 5, 1)
    days = calendar_of(NEW, notice, last_day(NEW, notice, HOLIDAYS), HOLIDAYS)
    told = {day.day.day: (day.number, day.note) for day in days}
    assert told[1] == (1, "Day of the contract award notice")
    assert told[2] == (None, "Saturday, not counted")
    assert told[3] == (None, "Sunday, not counted")
    assert told[4] == (None, "Early May bank holiday, not counted")
    assert told[5] == (2, "")
    assert told[13] == (8, "Last day of the standstill")
    assert told[14] == (None, "The contract can be signed")


@pytest.mark.parametrize(
    ("notice", "last"),
    [
        # The tenth day after is a Thursday.
        (date(2024, 6, 3), date(2024, 6, 13)),
        # It is a Saturday: it runs on to Monday.
        (date(2024, 6, 5), date(2024, 6, 17)),
        # It is Good Friday 2024 (29 March): on to the Tuesday after Easter.
        (date(2024, 3, 19), date(2024, 4, 2)),
    ],
)
def test_ten_days_under_the_old_regulations_ending_on_a_working_day(notice, last):
    assert last_day(PCR2015, notice, HOLIDAYS) == last
    days = calendar_of(PCR2015, notice, last, HOLIDAYS)
    assert [day.number for day in days if day.number] == list(range(1, 11))
    assert days[0].number is None


def test_the_table_of_duties_counts_the_same():
    """Two pages never name two days."""
    periods = [rule for rule in duty_rules() if rule.slug == "standstill"]
    counted = {regime: duty for duty in periods for regime in duty.regimes}
    assert sorted(counted) == sorted(regime for rule in RULES for regime in rule.regimes)
    for rule in RULES:
        for regime in rule.regimes:
            duty = counted[regime]
            assert rule.in_force_from == duty.in_force_from
            assert set(rule.excepted) == set(duty.excepted)
            for offset in range(730):
                day = date(2025, 1, 1) + timedelta(days=offset)
                assert last_day(rule, day, HOLIDAYS) == due_on(duty, day, HOLIDAYS)


def test_a_day_beyond_the_table_of_holidays_is_never_guessed():
    beyond = max(HOLIDAYS).year + 1
    with pytest.raises(RuleBroken, match=str(beyond)):
        last_day(NEW, date(beyond, 3, 1), HOLIDAYS)


@pytest.mark.parametrize(
    ("facts", "rule", "summaries"),
    [
        (law(gross="207719.99"), None, False),
        (law(gross="207720"), NEW, True),
        (law(gross="207720.01"), NEW, True),
        (law(category="light_touch"), None, True),
        (law(regime="PCR2015", commenced=date(2024, 1, 1)), PCR2015, True),
        (law(regime="CCR2016", commenced=date(2024, 1, 1)), CCR2016, True),
        (law(regime="PCR2006", commenced=date(2009, 12, 19)), None, True),
        (law(regime="PCR2006", commenced=date(2009, 12, 20)), PCR2006, True),
        (law(regime="PCR2015", commenced=date(2024, 1, 1), gross="1"), None, False),
    ],
)
def test_who_must_wait(facts, rule, summaries):
    assert binding_rule(facts) is rule
    assert bool(why_none(facts)) is (rule is None)
    assert facts.needs_summaries is summaries


def test_why_none_is_said_with_the_two_amounts():
    assert why_none(law(gross="180000")) == (
        "At £180,000 including VAT the estimate was below the £207,720 threshold, so no standstill is needed."
    )
    assert why_none(law(category="light_touch")) == "A light-touch contract needs no standstill."


def test_the_estimate_is_taken_on_the_basis_of_the_threshold():
    line = row("PCR2015", "100", "excl")
    facts = LawFacts("services", date(2021, 1, 4), line, Decimal(99), Decimal(119))
    assert not facts.is_at_or_above


def test_a_voluntary_one_is_as_long_as_a_mandatory_one():
    assert voluntary_rule(law(gross="1")) is NEW
    assert voluntary_rule(law(regime="PCR2015", gross="1")) is PCR2015
    assert voluntary_rule(None) is NEW


def test_the_day_of_the_notice():
    awarded, issued, today = date(2026, 5, 1), date(2026, 5, 5), date(2026, 5, 8)

    def check(day, issued_on=issued):
        return check_notice(day, awarded_on=awarded, issued_on=issued_on, today=today)

    assert check(issued) is None
    assert check(today) is None
    assert check(awarded, None) is None
    for day, issued_on in (
        (today + timedelta(days=1), issued),
        (issued - timedelta(days=1), issued),
        (awarded - timedelta(days=1), None),
    ):
        with pytest.raises(RuleBroken) as error:
            check(day, issued_on)
        assert [field for field, _ in error.value.errors] == ["notice_on"]
