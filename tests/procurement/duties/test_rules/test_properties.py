"""What holds for the duties of any procurement on any day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from procurement.duties.rules import Done, due_on
from procurement.duties.vocabulary import DutyState, Event, Every
from procurement.policies.vocabulary import Category
from tests.procurement.duties.test_rules.steps import HOLIDAYS, NA, RULES, facts, listed

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
