"""The duties of a procurement, read off its facts: edges of value, law and day, both sides."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.duties.rules import (
    Done,
    DutyFacts,
    due_on,
    duties_of,
    next_duty,
    read_rules,
    standstill_of,
    yearly,
)
from procurement.duties.vocabulary import DutyState, Event, Every
from procurement.policies.rules import ThresholdRow, threshold_for
from procurement.policies.vocabulary import AuthorityType, Category
from tests.factories.policies import law_of_the_file

ROOT = Path(__file__).resolve().parents[3] / "procurement"
RULES = read_rules(
    json.loads((ROOT / "duties/data/duties.json").read_text(encoding="utf-8"))["rules"]
)
with (ROOT / "policies/data/bank-holidays.csv").open(encoding="utf-8") as rows:
    HOLIDAYS = {date.fromisoformat(row["day"]) for row in csv.DictReader(rows)}
LAW = law_of_the_file()
COUNCIL = (AuthorityType.SUB_CENTRAL, "other_than_central", "any")
TODAY = date(2026, 11, 22)
MILLION = Decimal(1_000_000)
PENNY = Decimal("0.01")


def lines_on(day: date) -> dict[str, ThresholdRow]:
    return {row.category: row for row in LAW if row.authority_type in COUNCIL and row.holds_on(day)}


def facts(
    gross: Decimal | str = "6000000",
    commenced: date = date(2026, 5, 1),
    category: str = Category.SERVICES,
    **more: object,
) -> DutyFacts:
    """Services of £6m including VAT, commenced on 1 May 2026, unless said otherwise."""
    amount = Decimal(gross)
    net = (amount / Decimal("1.2")).quantize(PENNY)
    values = {
        "estimate_net": net,
        "estimate_gross": amount,
        "value_net": net,
        "value_gross": amount,
        **more,
    }
    return DutyFacts(
        category=category,
        commenced_on=commenced,
        threshold=threshold_for(LAW, category=category, commenced_on=commenced),
        lines=lines_on(commenced),
        **values,  # type: ignore[arg-type]
    )


def listed(some: DutyFacts, today: date = TODAY):
    return duties_of(some, RULES, HOLIDAYS, today)


def of(slug: str, some: DutyFacts, today: date = TODAY, occurrence: str = ""):
    (found,) = [d for d in listed(some, today) if d.slug == slug and d.occurrence == occurrence]
    return found


def state(slug: str, some: DutyFacts, today: date = TODAY) -> DutyState:
    return of(slug, some, today).state


LIVE = {
    "awarded_on": date(2026, 6, 1),
    "starts_on": date(2026, 7, 1),
    "ends_on": date(2028, 12, 31),
}
NA = DutyState.DOES_NOT_APPLY


# --- the table --------------------------------------------------------------------------------


def test_two_lines_that_bind_one_procurement_are_refused():
    row = {
        "slug": "a", "title": "A", "what": "A.", "law": "L", "regimes": ["PA2023"],
        "in_force_from": "2025-02-24", "when": "W", "opens": "signed", "clock": "signed",
        "role": "procurement_officer", "source": "S", "certainty": "M",
    }  # fmt: skip
    with pytest.raises(ValueError, match="Two lines of a"):
        read_rules([row, row])
    assert len(read_rules([{**row, "only": ["works"]}, {**row, "except": {"works": "No."}}])) == 2


def test_an_unknown_part_or_category_is_refused():
    row = {"slug": "a", "periode": 3}
    with pytest.raises(ValueError, match="unknown parts: periode"):
        read_rules([row])


def test_every_line_says_where_it_comes_from_and_how_sure_it_is():
    for rule in RULES:
        assert rule.source.startswith("https://www.legislation.gov.uk/"), rule.slug
        said = (
            "several sources agree",
            "a secondary source",
            "not checked against the text of the law",
        )
        assert rule.certainty.startswith(said), rule.slug
        assert all((rule.law, rule.what, rule.when)), rule.slug


def test_every_line_of_money_is_a_row_of_the_table_of_thresholds():
    known = {row.category for row in LAW}
    assert {rule.line for rule in RULES if rule.line} <= known


# --- both sides of every edge -----------------------------------------------------------------


@pytest.mark.parametrize("slug", ["kpis-set", "contract-copy", "kpi-assessment"])
@pytest.mark.parametrize(
    ("gross", "applies"),
    [("4999999.99", False), ("5000000.00", False), ("5000000.01", True)],
)
def test_over_five_million_means_more_than_five_million(slug, gross, applies):
    some = facts(gross, awarded_on=LIVE["awarded_on"])
    assert (state(slug, some) != NA) is applies


@pytest.mark.parametrize(
    ("gross", "applies"), [("29999.99", False), ("30000.00", True), ("30000.01", True)]
)
def test_a_notifiable_contract_is_worth_at_least_thirty_thousand(gross, applies):
    assert (state("below-threshold-details-notice", facts(gross)) != NA) is applies


@pytest.mark.parametrize(
    ("gross", "above"), [("207719.99", False), ("207720.00", True), ("207720.01", True)]
)
def test_the_threshold_itself_is_above(gross, above):
    some = facts(gross)
    assert (state("tender-notice", some) != NA) is above
    assert (state("consideration", some) != NA) is above
    assert (state("below-threshold-details-notice", some) == NA) is above


@pytest.mark.parametrize(
    ("commenced", "slug", "applies"),
    [
        (date(2025, 2, 23), "award-notice", False),
        (date(2025, 2, 24), "award-notice", True),
        (date(2025, 2, 23), "award-letters", True),
        (date(2025, 2, 24), "award-letters", False),
        (date(2026, 3, 31), "payment-notice", False),
        (date(2026, 4, 1), "payment-notice", True),
    ],
)
def test_a_rule_not_in_force_at_commencement_does_not_apply(commenced, slug, applies):
    found = of(slug, facts(commenced=commenced))
    assert (found.state != NA) is applies
    if not applies:
        assert found.reason


def test_payments_under_a_contract_from_before_say_why():
    assert of("payment-notice", facts(commenced=date(2026, 3, 31))).reason == (
        "It was not in force when this procurement commenced, on 31 March 2026."
    )


@pytest.mark.parametrize(
    ("category", "consideration", "standstill", "kpis"),
    [
        (Category.SERVICES, True, True, True),
        (Category.LIGHT_TOUCH, True, False, False),
        (Category.GOODS, False, True, True),
        (Category.WORKS, False, True, True),
        (Category.CONCESSION, False, True, False),
    ],
)
def test_categories_left_out(category, consideration, standstill, kpis):
    some = facts(category=category)
    applies = {d.slug for d in listed(some) if d.state != NA}
    assert ("consideration" in applies) is consideration
    assert ("standstill" in applies) is standstill
    assert ("kpis-set" in applies) is kpis


def test_under_the_old_law_the_few_duties_of_the_old_law():
    some = facts(commenced=date(2024, 6, 1), **LIVE)
    applying = {d.slug for d in listed(some) if d.state != NA}
    assert applying == {
        "consideration", "contract-notice", "award-letters", "standstill", "contract-signed",
        "contract-award-notice", "modification-notice",
    }  # fmt: skip


# --- days -------------------------------------------------------------------------------------


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


# --- properties -------------------------------------------------------------------------------

DAYS = st.dates(date(2025, 3, 1), date(2028, 6, 30))
AMOUNTS = st.decimals("1000", "9000000", places=2)


@st.composite
def any_facts(draw):
    commenced = draw(st.dates(date(2018, 1, 1), date(2027, 6, 30)))
    awarded = draw(st.none() | st.integers(1, 400).map(lambda n: commenced + timedelta(days=n)))
    starts = awarded and awarded + timedelta(days=draw(st.integers(0, 90)))
    ends = starts and starts + timedelta(days=draw(st.integers(0, 2500)))
    done = []
    if awarded and draw(st.booleans()):
        for slug in ("award-notice", "award-letters"):
            done.append(Done(slug, "", awarded + timedelta(days=draw(st.integers(0, 30)))))
    return facts(
        draw(AMOUNTS),
        commenced,
        draw(st.sampled_from(list(Category))),
        published_on=draw(st.none() | st.just(commenced)),
        awarded_on=awarded,
        starts_on=starts,
        ends_on=ends,
        is_withdrawn=draw(st.booleans()),
        done=tuple(done),
    )


@given(any_facts(), DAYS)
def test_the_same_facts_on_the_same_day_give_the_same_list(some, today):
    assert listed(some, today) == listed(some, today)


STEPS = [DutyState.NOT_YET, DutyState.DUE, DutyState.OVERDUE]


@given(any_facts(), DAYS, st.integers(0, 800))
def test_time_only_moves_a_duty_forward(some, today, days):
    """Not yet, due, overdue (a period: over); the day itself, what is done and what does not apply never move."""
    before = {(d.slug, d.occurrence): d for d in listed(some, today)}
    after = {(d.slug, d.occurrence): d for d in listed(some, today + timedelta(days=days))}
    assert before.keys() == after.keys()
    for key, one in before.items():
        later = after[key]
        assert later.due_on == one.due_on
        if one.state in (DutyState.DONE, NA):
            assert later.state == one.state
        elif one.rule.is_period:
            steps = [DutyState.NOT_YET, DutyState.DUE, DutyState.DONE]
            assert steps.index(later.state) >= steps.index(one.state)
        else:
            assert STEPS.index(later.state) >= STEPS.index(one.state)


@given(any_facts(), DAYS)
def test_every_duty_of_the_table_is_answered_for(some, today):
    found = listed(some, today)
    assert {d.slug for d in found} == {rule.slug for rule in RULES}
    for duty in found:
        if duty.state == NA:
            assert duty.reason
        else:
            assert some.threshold.regime in duty.rule.regimes
            assert duty.rule.in_force_from <= some.commenced_on
            if duty.state == DutyState.OVERDUE:
                assert duty.due_on is not None
                assert duty.due_on < today
            if duty.rule.every != Every.YEAR and duty.rule.clock != Event.HAPPENS:
                assert sum(d.slug == duty.slug and d.state != NA for d in found) == 1


@given(any_facts(), DAYS, st.integers(1, 60))
def test_doing_a_duty_is_all_it_takes(some, today, days):
    for duty in listed(some, today):
        if not duty.can_be_recorded or duty.state == DutyState.DONE or duty.rule.sets:
            continue
        row = Done(duty.slug, duty.occurrence, today)
        again = listed(replace(some, done=(*some.done, row)), today + timedelta(days=days))
        same = [d for d in again if (d.slug, d.occurrence) == (duty.slug, duty.occurrence)]
        if duty.rule.every == Every.TIME:
            assert len(same) == 2
        else:
            assert [d.state for d in same] == [DutyState.DONE]


@given(any_facts())
def test_a_period_ends_after_it_starts(some):
    for rule in RULES:
        if rule.number is not None:
            assert due_on(rule, some.commenced_on, HOLIDAYS) >= some.commenced_on
