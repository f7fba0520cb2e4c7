"""Steps, changes and KPIs are told of as deliveries are: to whoever does the next thing, and to nobody else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from procurement.action_plans.services import agree_plan as agree_action_plan
from procurement.remedies.services import (
    agree_plan,
    ask_change,
    end_kpi,
    mark_step,
    rate_kpi,
    set_kpi,
)
from procurement.reminders.queries import calendar_of, due_for
from procurement.reminders.services import make_feed
from procurement.reminders.vocabulary import ReminderEvent
from socialvalue.core import clock
from tests.factories.remedies import NOW, a_plan, raised, short
from tests.factories.reminders import london, world

pytestmark = pytest.mark.django_db


def told(actor, monday, event):
    with clock.at(london(monday)):
        lines = due_for(actor, monday, london(monday))
    return [(line.days, line.due_on) for line in lines if line.event == event]


def monday_before(day: date) -> date:
    return day - timedelta(days=day.weekday())


def test_a_step_is_told_to_the_supplier_before_and_after_its_day():
    world = short()
    with clock.at(NOW):
        row = raised(world)
        a_plan(world, row)
        row.refresh_from_db()
        agree_plan(actor=world.manager, shortfall_id=row.pk, expected_version=row.version)
    due = date(2025, 12, 31)
    near = monday_before(due - timedelta(days=3))
    late = monday_before(due + timedelta(days=21 + 6))
    for person in (world.claimant, world.boss):
        assert (-3, due) in told(person, near, ReminderEvent.STEP_DUE)
        assert (21, due) in told(person, late, ReminderEvent.STEP_DUE)
    assert told(world.manager, late, ReminderEvent.STEP_DUE) == []
    assert told(short().claimant, late, ReminderEvent.STEP_DUE) == []
    with clock.at(NOW + timedelta(days=1)):
        mark_step(actor=world.boss, shortfall_id=row.pk, number=1)
    assert (21, due) not in told(world.claimant, late, ReminderEvent.STEP_DUE)


def test_a_change_is_told_to_who_may_answer_it():
    world = short()
    with clock.at(NOW):
        ask_change(
            actor=world.manager,
            contract_id=world.contract.pk,
            kind="quantity",
            reason="Less is needed.",
            from_quarter=date(2026, 1, 1),
            commitment_id=world.hours.pk,
            quantity=Decimal(90),
        )
    asked = NOW.date()
    monday = monday_before(asked) + timedelta(days=7)
    assert told(world.boss, monday, ReminderEvent.CHANGE_WAITS) == [(0, asked)]
    assert told(world.boss, monday + timedelta(days=7), ReminderEvent.CHANGE_WAITS) == [(7, asked)]
    for nobody in (world.claimant, world.manager, short().boss):
        assert told(nobody, monday, ReminderEvent.CHANGE_WAITS) == []
    assert told(world.boss, monday_before(asked), ReminderEvent.CHANGE_WAITS) == []


def test_a_year_of_a_kpi_is_told_to_contract_managers_once_it_is_over_and_until_it_is_rated():
    world = short()
    with clock.at(NOW):
        kpi = set_kpi(
            actor=world.manager, contract_id=world.contract.pk, name="Hours", target="100 a year"
        )
    ended = date(2026, 3, 31)
    before, after = date(2026, 3, 30), date(2026, 4, 6)
    assert told(world.manager, before, ReminderEvent.KPI_DUE) == []
    assert told(world.manager, after, ReminderEvent.KPI_DUE) == [(0, ended)]
    assert told(world.manager, date(2026, 4, 13), ReminderEvent.KPI_DUE) == [(7, ended)]
    for nobody in (world.approver, world.claimant, short().manager):
        assert told(nobody, after, ReminderEvent.KPI_DUE) == []
    with clock.at(london(after)):
        rate_kpi(
            actor=world.manager,
            kpi_id=kpi.pk,
            year_from=date(2025, 4, 1),
            rating="good",
            reason="All of it.",
        )
    assert told(world.manager, after, ReminderEvent.KPI_DUE) == []
    assert told(world.manager, date(2027, 4, 5), ReminderEvent.KPI_DUE) == [(0, date(2027, 3, 31))]
    with clock.at(london(after)):
        end_kpi(actor=world.manager, kpi_id=kpi.pk)
    assert told(world.manager, date(2027, 4, 5), ReminderEvent.KPI_DUE) == []


def test_the_calendar_has_steps_for_the_supplier_and_years_of_kpis_for_the_authority():
    world = short()
    with clock.at(NOW):
        row = raised(world)
        a_plan(world, row)
        row.refresh_from_db()
        agree_plan(actor=world.manager, shortfall_id=row.pk, expected_version=row.version)
        set_kpi(actor=world.manager, contract_id=world.contract.pk, name="Jobs", target="10")
        supplier = calendar_of(make_feed(actor=world.boss)).events
        authority = calendar_of(make_feed(actor=world.manager)).events
    kinds = [{event.uid.split("-")[0] for event in events} for events in (supplier, authority)]
    assert kinds == [{"deliveries", "step", "end"}, {"deliveries", "kpi", "end"}]
    steps = [event for event in supplier if event.uid.startswith("step-")]
    assert date(2025, 12, 31) in [event.due_on for event in steps]
    ends = [event.due_on for event in authority if event.uid.startswith("end-")]
    assert ends == [world.contract.ends_on]
    with clock.at(NOW + timedelta(days=1)):
        for number in range(1, len(steps) + 1):
            mark_step(actor=world.boss, shortfall_id=row.pk, number=number)
        left = calendar_of(make_feed(actor=world.boss)).events
    assert {event.uid.split("-")[0] for event in left} == {"deliveries", "end"}


def test_a_plan_that_one_party_agreed_is_told_to_whoever_agrees_it_for_the_other():
    known = world()
    monday = date(2026, 11, 30)
    people = (known.manager, known.colleague, known.claimant, world().manager)

    def lines(day):
        return [told(person, day, ReminderEvent.PLAN_WAITS) for person in people]

    assert lines(monday) == [[], [], [], []]
    with clock.at(london(date(2026, 11, 25))):
        agree_action_plan(actor=known.manager, contract_id=known.contract.pk)
    asked = date(2026, 11, 25)
    assert lines(date(2026, 11, 23)) == [[], [], [], []]
    assert lines(monday) == [[], [(0, asked)], [], []]
    assert lines(monday + timedelta(days=7)) == [[], [(7, asked)], [], []]
    with clock.at(london(monday)):
        agree_action_plan(actor=known.colleague, contract_id=known.contract.pk)
    assert lines(monday + timedelta(days=7)) == [[], [], [], []]
