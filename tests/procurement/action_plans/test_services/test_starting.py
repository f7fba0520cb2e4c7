"""A plan is started: every commitment spread over its quarters, and the ledger says the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.action_plans.models import ActionPlan
from procurement.action_plans.queries import milestones_of
from procurement.action_plans.services import start_plan
from procurement.action_plans.tasks import start_plan as start_plan_job
from procurement.awards.queries import commitments_of
from procurement.ledger.models import LedgerEntry
from procurement.ledger.services import post_entries
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.action_plans import planned
from tests.factories.awards import awarded
from tests.factories.evaluations import Ask, offered, opened, published, ranked
from tests.procurement.action_plans.test_services.steps import (
    ENDS,
    Q1,
    Q2,
    Q3,
    STARTS,
    change,
    standing,
    thirds,
)

pytestmark = pytest.mark.django_db


def test_every_commitment_is_spread_and_adds_up(contract, plan):
    for commitment in commitments_of(contract.pk):
        rows = [row for row in milestones_of([contract.pk]) if row.commitment_id == commitment.id]
        assert [row.quarter for row in rows] == [Q1, Q2, Q3]
        assert sum(row.quantity for row in rows) == commitment.quantity
        assert [row.due_on for row in rows] == [date(2026, 9, 30), date(2026, 12, 31), ENDS]


def test_the_ledger_holds_each_commitment_to_the_penny(contract, plan):
    for commitment in commitments_of(contract.pk):
        entries = standing(contract, commitment)
        assert sum(quantity for quantity, _ in entries.values()) == commitment.quantity
        assert sum(pence for _, pence in entries.values()) == commitment.value_pence
    assert standing(contract)[Q1] == (Decimal("3333.333"), 333_333)
    # The running total of pence is rounded: 333,333.3 then 666,666.6 then 1,000,000.
    assert standing(contract)[Q2] == (Decimal("3333.333"), 333_334)
    assert standing(contract)[Q3] == (Decimal("3333.334"), 333_333)


def test_starting_twice_is_starting_once(contract, plan):
    count = LedgerEntry.objects.count()
    start_plan_job(contract.pk)
    assert start_plan(actor=SYSTEM, contract_id=contract.pk).pk == plan.pk
    assert (ActionPlan.objects.count(), LedgerEntry.objects.count()) == (1, count)
    assert len(history_of(target_type="actionplan", target_id=plan.pk)) == 1


def test_a_posting_key_is_used_once(contract, plan):
    from procurement.ledger.rules import Posting

    entry = LedgerEntry.objects.order_by("pk").first()
    again = Posting(
        basis=entry.basis,
        authority_id=entry.authority_id,
        supplier_id=entry.supplier_id,
        edition_id=entry.edition_id,
        theme_id=entry.theme_id,
        measure_id=entry.measure_id,
        contract_id=entry.contract_id,
        commitment_id=entry.commitment_id,
        period=entry.period,
        quantity=entry.quantity,
        value_pence=entry.value_pence,
        posting_key=entry.posting_key,
    )
    with pytest.raises(Conflict):
        post_entries(actor=SYSTEM, postings=[again])


def test_who_starts_a_plan(bench, contract):
    for actor in (bench.evaluator,):
        with pytest.raises(NotAllowed):
            start_plan(actor=actor, contract_id=contract.pk)
    with pytest.raises(NotAllowed):
        start_plan(actor=bench.bidders[0], contract_id=contract.pk)
    stranger = actor_for_role(Role.CONTRACT_MANAGER, organisation("coventry"))
    for actor in (stranger, bench.bidders[1]):
        with pytest.raises(NotVisible):
            start_plan(actor=actor, contract_id=contract.pk)
    with pytest.raises(NotVisible):
        start_plan(actor=SYSTEM, contract_id=999_999)
    assert start_plan(actor=bench.officer, contract_id=contract.pk).status == "draft"


def test_a_rate_repeats_its_target_and_posts_nothing():
    bench = published(asks=[Ask("GSE1b"), Ask("GSE1a")], questions=(), quantitative=Decimal(100))
    offered(bench, 0, {"GSE1b": "60", "GSE1a": "5"})
    opened(bench)
    ranked(bench)
    contract = awarded(bench, starts_on=STARTS, ends_on=ENDS)
    planned(contract)
    rows = {row.measure.code: row for row in commitments_of(contract.pk)}
    rate = [r.quantity for r in milestones_of([contract.pk]) if r.commitment_id == rows["GSE1b"].id]
    assert rate == [60, 60, 60]
    assert standing(contract, rows["GSE1b"]) == {}
    # Counted, not valued: the quantity is posted without a penny.
    assert [pence for _, pence in standing(contract, rows["GSE1a"]).values()] == [0, 0, 0]
    with pytest.raises(RuleBroken, match="same in every quarter"):
        change(bench, contract, thirds(60, 60, 61), commitment=rows["GSE1b"])
    changed = change(bench, contract, thirds(60, 60, 60), commitment=rows["GSE1b"], owner="Depot")
    assert changed.version == 2
