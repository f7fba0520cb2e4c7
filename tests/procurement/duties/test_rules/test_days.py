"""The days of each duty: when it falls due, when it is overdue, when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from procurement.duties.rules import Done, next_duty, standstill_of, yearly
from procurement.duties.vocabulary import DutyState
from procurement.policies.vocabulary import Category
from tests.procurement.duties.test_rules.steps import LIVE, NA, facts, listed, of, state


def told(slug: str, day: date, **more: object) -> tuple[Done, ...]:
    return (Done(slug, "", day, **more),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("published", "ends"),
    [
        (date(2026, 11, 23), date(2026, 12, 2)),  # a Monday counts itself
        (date(2026, 11, 21), date(2026, 12, 2)),  # a Saturday does not
        (date(2026, 12, 21), date(2027, 1, 4)),  # Christmas, Boxing Day on the 28th, New Year
        (date(2026, 3, 30), date(2026, 4, 10)),  # Easter
    ],
)
def test_the_standstill_is_eight_working_days_with_the_day_of_the_notice(published, ends):
    some = facts(done=told("award-notice", published), awarded_on=published)
    assert of("standstill", some, published).due_on == ends


def test_the_standstill_starts_runs_and_is_over_by_itself():
    some = facts(awarded_on=date(2026, 11, 20))
    assert of("standstill", some).state == DutyState.NOT_YET
    assert of("standstill", some).reason == (
        "Waits for the bidders to be told of the award. If that is today, it ends on 2 December 2026."
    )
    some = replace(some, done=told("award-notice", date(2026, 11, 23)))
    running = of("standstill", some, date(2026, 12, 2))
    assert (running.state, running.reason) == (
        DutyState.DUE,
        "The contract can be signed from 3 December 2026.",
    )
    over = of("standstill", some, date(2026, 12, 3))
    assert (over.state, over.can_be_recorded) == (DutyState.DONE, False)
    assert standstill_of(listed(some)) is not None


@pytest.mark.parametrize(
    ("sent", "ends"),
    [
        (date(2024, 9, 2), date(2024, 9, 12)),
        (date(2024, 9, 4), date(2024, 9, 16)),  # the tenth day is a Saturday
        (date(2024, 12, 15), date(2024, 12, 27)),  # the tenth day is Christmas Day
    ],
)
def test_the_old_standstill_is_ten_days_and_ends_on_a_working_day(sent, ends):
    some = facts(commenced=date(2024, 6, 1), awarded_on=sent, done=told("award-letters", sent))
    assert of("standstill", some, sent).due_on == ends


def test_a_standstill_past_the_table_of_holidays_has_no_day_and_says_why():
    late = date(2028, 12, 27)
    found = of("standstill", facts(awarded_on=late, done=told("award-notice", late)), late)
    assert found.due_on is None
    assert "does not cover 2029" in found.reason


@pytest.mark.parametrize(
    ("category", "gross", "notice", "copy"),
    [
        (Category.SERVICES, "6000000", date(2026, 7, 30), date(2026, 9, 28)),
        (Category.LIGHT_TOUCH, "6000000", date(2026, 10, 28), date(2026, 12, 27)),
    ],
)
def test_notice_and_copy_count_the_day_of_signing(category, gross, notice, copy):
    some = facts(gross, category=category, **LIVE, done=told("contract-signed", date(2026, 7, 1)))
    assert of("contract-details-notice", some).due_on == notice
    assert of("contract-copy", some).due_on == copy


def test_without_a_day_of_signing_the_start_of_the_contract_counts_and_is_named():
    found = of("contract-details-notice", facts(**LIVE), date(2026, 7, 30))
    assert (found.due_on, found.state) == (date(2026, 7, 30), DutyState.DUE)
    assert found.reason.startswith("Counted from the start of the contract")
    assert of("contract-details-notice", facts(**LIVE), date(2026, 7, 31)).state == (
        DutyState.OVERDUE
    )
    signed = told("contract-signed", date(2026, 6, 20))
    assert of("contract-details-notice", facts(**LIVE, done=signed)).due_on == date(2026, 7, 19)


def test_indicators_are_assessed_every_year_and_at_the_end():
    assert yearly(date(2026, 7, 1), date(2028, 12, 31)) == [
        date(2027, 6, 30),
        date(2028, 6, 30),
        date(2028, 12, 31),
    ]
    assert yearly(date(2026, 7, 1), date(2027, 6, 30)) == [date(2027, 6, 30)]
    record = (Done("kpi-assessment", "2027-06-30", date(2027, 7, 2)),)
    some = facts(**LIVE, done=record)
    today = date(2027, 7, 5)
    first = of("kpi-assessment", some, today, "2027-06-30")
    second = of("kpi-assessment", some, today, "2028-06-30")
    third = of("kpi-assessment", some, today, "2028-12-31")
    assert [d.state for d in (first, second, third)] == [
        DutyState.DONE,
        DutyState.DUE,
        DutyState.NOT_YET,
    ]
    assert first.was_late


def test_summaries_are_overdue_once_the_notice_went_out_without_them():
    some = facts(awarded_on=date(2026, 11, 2))
    assert of("assessment-summaries", some).state == DutyState.DUE
    some = replace(some, done=told("award-notice", date(2026, 11, 9)))
    assert of("assessment-summaries", some).state == DutyState.OVERDUE
    assert next_duty(listed(some)) == of("assessment-summaries", some)


def test_changes_can_be_recorded_as_often_as_they_happen():
    some = facts(**LIVE, done=(Done("change-notice", "1", date(2026, 9, 1)),))
    found = [d for d in listed(some) if d.slug == "change-notice"]
    assert [(d.state, d.occurrence) for d in found] == [
        (DutyState.NOT_YET, ""),
        (DutyState.DONE, "1"),
    ]


def test_after_withdrawal_nothing_is_asked_but_what_was_done_stays():
    some = facts(
        published_on=date(2026, 5, 1),
        is_withdrawn=True,
        done=told("tender-notice", date(2026, 5, 1)),
    )
    assert {d.slug for d in listed(some) if d.state != NA} == {"tender-notice"}


def test_what_fell_due_before_a_notice_brought_it_here_is_kept_elsewhere():
    some = facts(**LIVE, taken_in_on=date(2026, 9, 1))
    assert state("contract-details-notice", some) == NA
    assert state("tender-notice", some) == NA
    # 90 days of signing end after it was taken in.
    assert state("contract-copy", some) == DutyState.OVERDUE
