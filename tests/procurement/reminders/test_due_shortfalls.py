"""Shortfalls and remedies in the letter of the week: to whoever does the next thing, then what became of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from procurement.remedies import services
from procurement.reminders.queries import due_for
from procurement.reminders.services import send_digests
from procurement.reminders.vocabulary import ReminderEvent
from socialvalue.accounts.models import User
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.remedies import NOW, a_plan, raised, short, with_terms
from tests.factories.reminders import london

pytestmark = pytest.mark.django_db

MONDAY = date(2025, 11, 17)
"""The one after the Saturday on which everything here is done."""
ABOUT = {ReminderEvent.SHORTFALL_WAITS, ReminderEvent.SHORTFALL_NEWS}


def told(actor, monday=MONDAY):
    with clock.at(london(monday)):
        lines = due_for(actor, monday, london(monday))
    return [(line.days, line.sentence) for line in lines if line.event in ABOUT]


def everybody(world):
    return (
        world.manager,
        world.colleague,
        world.approver,
        world.officer,
        world.claimant,
        world.boss,
    )


def test_a_shortfall_goes_to_the_supplier_until_it_proposes_a_plan_and_the_plan_to_the_manager():
    world, other = short(), short()
    with clock.at(NOW):
        row = raised(world)
    said = f"{world.authority.name} raised a shortfall of M1 Measure M1. Say how you will catch up."
    assert told(world.claimant) == told(world.boss) == [(0, said)]
    assert told(world.claimant, MONDAY + timedelta(days=7)) == [(7, said)]
    assert told(world.claimant, MONDAY - timedelta(days=7)) == [], "not before it was raised"
    for nobody in (world.manager, world.approver, other.claimant, other.manager):
        assert told(nobody) == []
    with clock.at(NOW):
        a_plan(world, row)
    assert told(world.claimant) == []
    [(days, sentence)] = told(world.manager)
    assert (days, sentence.split(":")[0]) == (
        0,
        f"{world.supplier.name} proposed how it will catch up",
    )
    with clock.at(NOW):
        services.agree_plan(actor=world.manager, shortfall_id=row.pk, expected_version=2)
    assert told(world.manager) == []
    assert [sentence.split(":")[0] for _, sentence in told(world.boss)] == [
        "Your plan to catch up is agreed"
    ]
    assert told(world.boss, MONDAY + timedelta(days=14)) == [], "news of a fortnight ago is no news"


def test_a_remedy_goes_to_who_decides_it_and_a_no_stays_with_the_authority():
    world = short()
    with clock.at(NOW):
        with_terms(world)
        row = raised(world)
        decision = services.propose_remedy(
            actor=world.manager, shortfall_id=row.pk, expected_version=1,
            kind="service_credit", reason="Quiet.",
        )  # fmt: skip
    [(_, sentence)] = told(world.approver)
    assert "proposes a service credit of £25 for M1 Measure M1" in sentence
    assert all("credit" not in line for _, line in told(world.boss) + told(world.manager))
    with clock.at(NOW):
        services.refuse_remedy(actor=world.approver, decision_id=decision.pk, remark="Talk first.")
    assert told(world.approver) == []
    assert told(world.colleague) == [(0, "Refused: a service credit of £25 for M1 Measure M1.")]
    assert all("credit" not in line for _, line in told(world.boss))
    with clock.at(NOW):
        row.refresh_from_db()
        again = services.propose_remedy(
            actor=world.manager, shortfall_id=row.pk, expected_version=row.version,
            kind="service_credit", reason="Quiet still.",
        )  # fmt: skip
        services.approve_remedy(actor=world.approver, decision_id=again.pk)
    assert told(world.claimant) == [(0, "Approved: a service credit of £25 for M1 Measure M1.")]


def test_the_answer_to_a_change_goes_to_who_may_ask_for_one():
    world = short()
    with clock.at(NOW):
        asked = services.ask_change(
            actor=world.boss, contract_id=world.contract.pk, kind="quantity", reason="Less room.",
            from_quarter=date(2026, 1, 1), commitment_id=world.hours.pk, quantity=Decimal(90),
        )  # fmt: skip
        services.agree_change(actor=world.manager, request_id=asked.pk, expected_version=1)
    [(_, sentence)] = told(world.boss)
    assert sentence.startswith(f"{world.authority.name} agreed the change you asked for. ")
    assert "from 100 hours to 90 hours" in sentence
    for nobody in (world.claimant, world.manager, short().boss):
        assert told(nobody) == []


def test_an_approver_gets_a_letter_of_remedies_alone_and_once(mailoutbox):
    world = short()
    with clock.at(NOW):
        with_terms(world)
        row = raised(world)
        services.propose_remedy(
            actor=world.manager, shortfall_id=row.pk, expected_version=1,
            kind="termination", reason="Quiet.",
        )  # fmt: skip
    email = User.objects.get(pk=world.approver.user_id).email
    for monday in (MONDAY, MONDAY, MONDAY + timedelta(days=1)):
        with clock.at(london(monday)):
            send_digests(actor=SYSTEM)
    [letter] = [mail for mail in mailoutbox if mail.to == [email]]
    assert "the termination of the contract" in letter.body
    assert "/verify/" not in letter.body, "an approver cannot open the queue"
    assert "to verify" not in letter.body
