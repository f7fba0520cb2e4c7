"""The plan says what the contract promises, and the ledger says what the plan says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.action_plans.models import ActionPlan, Milestone, PlanRevision
from procurement.action_plans.queries import (
    commitment_to_plan,
    due_milestones,
    milestones_of,
    plan_brief,
    plan_of,
    planned_to_date,
    plans_awaiting,
)
from procurement.action_plans.rules import quarters_of
from procurement.action_plans.services import agree_plan, change_milestones, start_plan
from procurement.action_plans.tasks import start_plan as start_plan_job
from procurement.awards.queries import commitments_of
from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import standing_entries
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import quarter_label
from tests.factories.accounts import actor_for_role
from tests.factories.action_plans import agreed, planned
from tests.factories.awards import awarded, evaluated
from tests.factories.evaluations import (
    AFTER,
    Ask,
    offered,
    opened,
    published,
    ranked,
    reference_data,
)

pytestmark = pytest.mark.django_db
STARTS, ENDS = date(2026, 7, 1), date(2027, 3, 31)
Q1, Q2, Q3 = date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


@pytest.fixture
def bench():
    return evaluated(offer={"PLB1": "10000", "HSC1": "100"})


@pytest.fixture
def contract(bench):
    """Three quarters."""
    return awarded(bench, starts_on=STARTS, ends_on=ENDS)


@pytest.fixture
def plan(contract):
    return planned(contract)


def spend(contract):
    return next(row for row in commitments_of(contract.pk) if row.measure.code == "PLB1")


def change(bench, contract, quantities, *, actor=None, commitment=None, version=1, **more):
    facts = {"owner": "Supplier", "evidence": "Invoices"} | more
    with clock.at(AFTER):
        return change_milestones(
            actor=actor or bench.manager,
            contract_id=contract.pk,
            commitment_id=(commitment or spend(contract)).id,
            expected_version=version,
            quantities=quantities,
            **facts,
        )


def thirds(first, second, third):
    return {Q1: Decimal(first), Q2: Decimal(second), Q3: Decimal(third)}


def standing(contract, commitment=None):
    found = standing_entries(
        basis=Basis.COMMITTED, commitment_id=(commitment or spend(contract)).id
    )
    return {entry.period: (entry.quantity, entry.value_pence) for entry in found}


# --- starting ---------------------------------------------------------------------------------


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


# --- changing ---------------------------------------------------------------------------------


def test_a_change_moves_the_ledger_with_it(bench, contract, plan):
    change(bench, contract, thirds(1000, 4000, 5000))
    assert standing(contract) == {
        Q1: (1000, 100_000),
        Q2: (4000, 400_000),
        Q3: (5000, 500_000),
    }
    entries = LedgerEntry.objects.filter(commitment_id=spend(contract).id)
    assert sum(entry.value_pence for entry in entries) == 1_000_000
    assert sum(entry.quantity for entry in entries) == 10_000
    reversals = entries.filter(corrects__isnull=False)
    assert reversals.count() == 3
    assert set(reversals.values_list("reason", flat=True)) == {"The action plan changed."}


def test_a_quarter_may_become_nought_and_come_back(bench, contract, plan):
    change(bench, contract, thirds(0, 10000, 0))
    assert standing(contract) == {Q2: (10_000, 1_000_000)}
    change(bench, contract, thirds(5000, 0, 5000), version=2)
    assert standing(contract) == {Q1: (5000, 500_000), Q3: (5000, 500_000)}


def test_only_what_differs_is_posted_again(bench, contract, plan):
    before = LedgerEntry.objects.count()
    change(bench, contract, thirds("3333.333", "3333.332", "3333.335"))
    # Q1 and its pence stand as they are; the two others are reversed and posted.
    assert LedgerEntry.objects.count() == before + 4
    assert sum(pence for _, pence in standing(contract).values()) == 1_000_000


def test_the_owner_alone_posts_nothing_and_keeps_the_agreement(bench, contract, plan):
    agreed(bench, contract)
    count = LedgerEntry.objects.count()
    same = {
        row.quarter: row.quantity
        for row in milestones_of([contract.pk])
        if row.commitment_id == spend(contract).id
    }
    changed = change(bench, contract, same, owner="Social value lead")
    assert (changed.status, LedgerEntry.objects.count()) == ("agreed", count)
    assert Milestone.objects.filter(owner="Social value lead").count() == 3


def test_moving_a_quantity_takes_an_agreed_plan_back_to_draft(bench, contract, plan):
    agreed(bench, contract)
    changed = change(bench, contract, thirds(10000, 0, 0))
    assert (changed.status, changed.agreed_at) == ("draft", None)
    assert (changed.authority_agreed_at, changed.supplier_agreed_at) == (None, None)
    assert (changed.agreed_by, changed.supplier_agreed_by) == (None, None)


@pytest.mark.parametrize(
    ("third", "message"), [("4999.999", "add 0.001"), ("5000.001", "take 0.001 away")]
)
def test_the_quarters_must_add_up_exactly(bench, contract, plan, third, message):
    count = LedgerEntry.objects.count()
    with pytest.raises(RuleBroken, match=message):
        change(bench, contract, thirds(1000, 4000, third))
    assert LedgerEntry.objects.count() == count
    assert ActionPlan.objects.get().version == 1


def test_two_people_change_at_once(bench, contract, plan):
    change(bench, contract, thirds(1000, 4000, 5000))
    with pytest.raises(Conflict) as second:
        change(bench, contract, thirds(5000, 4000, 1000), owner="Social value lead")
    assert second.value.changed == {
        quarter_label(Q1): ("1,000", "5,000"),
        quarter_label(Q3): ("5,000", "1,000"),
        "Who is responsible": ("Supplier", "Social value lead"),
    }
    assert standing(contract)[Q1] == (1000, 100_000)


def test_who_changes_a_plan(bench, contract, plan):
    wanted = thirds(1000, 4000, 5000)
    for actor in (bench.officer, bench.bidders[0]):
        with pytest.raises(NotAllowed):
            change(bench, contract, wanted, actor=actor)
    stranger = actor_for_role(Role.CONTRACT_MANAGER, organisation("coventry"))
    for actor in (stranger, bench.bidders[1]):
        with pytest.raises(NotVisible):
            change(bench, contract, wanted, actor=actor)


def test_a_commitment_of_another_contract_is_not_there(bench, contract, plan):
    other = awarded(evaluated(), starts_on=STARTS, ends_on=ENDS)
    planned(other)
    with pytest.raises(NotVisible):
        change(bench, contract, thirds(1000, 4000, 5000), commitment=spend(other))
    with pytest.raises(NotVisible):
        commitment_to_plan(bench.manager, contract.pk, spend(other).id)


# --- agreeing ---------------------------------------------------------------------------------


def test_both_parties_agree_the_same_version(bench, contract, plan):
    supplier = bench.bidders[0]
    with pytest.raises(NotVisible):
        agree_plan(actor=bench.bidders[1], contract_id=contract.pk)
    for actor in (bench.officer, bench.approver):
        with pytest.raises(NotAllowed, match="administrator"):
            agree_plan(actor=actor, contract_id=contract.pk)
    with clock.at(AFTER):
        with pytest.raises(Conflict):
            agree_plan(actor=bench.manager, contract_id=contract.pk, expected_version=7)
        half = agree_plan(actor=bench.manager, contract_id=contract.pk, expected_version=1)
        assert (half.status, half.agreed_at, half.authority_agreed_at) == ("draft", None, AFTER)
        with pytest.raises(Conflict, match=r"^You agreed the plan on "):
            agree_plan(actor=bench.manager, contract_id=contract.pk)
        colleague = actor_for_role(Role.CONTRACT_MANAGER, bench.authority)
        with pytest.raises(Conflict, match="agreed the plan on ") as late:
            agree_plan(actor=colleague, contract_id=contract.pk)
        assert "You" not in late.value.message
        whole = agree_plan(actor=supplier, contract_id=contract.pk, expected_version=1)
        assert (whole.status, whole.agreed_at, whole.supplier_agreed_at) == ("agreed", AFTER, AFTER)
        assert (whole.agreed_by_id, whole.supplier_agreed_by_id) == (
            bench.manager.user_id,
            supplier.user_id,
        )
        with pytest.raises(Conflict, match=r"^You agreed the plan on "):
            agree_plan(actor=supplier, contract_id=contract.pk)
    deeds = [line.sentence for line in history_of(target_type="actionplan", target_id=plan.pk)]
    assert deeds[:2] == [
        "Agreed the action plan. Both parties have.",
        "Agreed the action plan for Warwickshire County Council. The other party has not yet.",
    ]


def test_the_supplier_may_be_first(bench, contract, plan):
    with clock.at(AFTER):
        assert agree_plan(actor=bench.bidders[0], contract_id=contract.pk).status == "draft"
        assert agree_plan(actor=bench.manager, contract_id=contract.pk).status == "agreed"


def test_a_contributor_of_the_supplier_does_not_agree(bench, contract, plan):
    contributor = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, contract.supplier)
    with pytest.raises(NotAllowed):
        agree_plan(actor=contributor, contract_id=contract.pk)
    assert not plan_of(contributor, contract.pk).may_agree


def test_one_word_is_gone_when_anything_changes_before_the_other(bench, contract, plan):
    """The second party would else agree another version than the first."""
    same = {
        row.quarter: row.quantity
        for row in milestones_of([contract.pk])
        if row.commitment_id == spend(contract).id
    }
    with clock.at(AFTER):
        agree_plan(actor=bench.bidders[0], contract_id=contract.pk)
    assert change(bench, contract, same, evidence="Paid invoices").supplier_agreed_at is None
    with clock.at(AFTER):
        assert agree_plan(actor=bench.manager, contract_id=contract.pk).status == "draft"


def test_whose_agreement_a_plan_waits_for(bench, contract, plan):
    supplier = bench.bidders[0]
    assert [row.contract.id for row in plans_awaiting(supplier)] == [contract.pk]
    assert [row.other_agreed for row in plans_awaiting(bench.manager)] == [False]
    assert plans_awaiting(bench.officer) == plans_awaiting(bench.bidders[1]) == []
    with clock.at(AFTER):
        agree_plan(actor=bench.manager, contract_id=contract.pk)
    assert plans_awaiting(bench.manager) == []
    assert [row.other_agreed for row in plans_awaiting(supplier)] == [True]
    view = plan_of(bench.manager, contract.pk)
    assert (view.may_agree, view.waits_for) == (False, contract.supplier.name)
    with clock.at(AFTER):
        agree_plan(actor=supplier, contract_id=contract.pk)
    assert plans_awaiting(supplier) == []
    assert plan_of(bench.officer, contract.pk).waits_for == ""


def test_the_policy_requires_a_plan_at_its_upper_line(bench, contract, plan):
    assert plan_of(bench.bidders[0], contract.pk).need.startswith("Not required")
    large = evaluated(offer={"PLB1": "10000"}, estimate=Decimal("400000"))
    found = awarded(large, value=Decimal("400000"), starts_on=STARTS, ends_on=ENDS)
    assert plan_of(large.bidders[0], found.pk).need.startswith("Required")


def test_every_version_is_kept(bench, contract, plan):
    """The first whole, each later one with what it spread otherwise."""
    change(bench, contract, thirds(1000, 4000, 5000), authority_owner="Parks manager")
    second, first = plan_of(bench.manager, contract.pk).revisions
    assert (first.version, first.by, len(first.lines), first.is_current) == (
        1,
        "The system",
        2,
        False,
    )
    assert (second.version, second.is_current) == (2, True)
    (line,) = second.lines
    assert [text for _, text in line.quarters] == ["£1,000", "£4,000", "£5,000"]
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanRevision.objects.update(reason="Other")
    assert {row.authority_owner for row in milestones_of([contract.pk])} == {
        "Parks manager",
        "Contract manager, Warwickshire County Council",
    }


def test_there_is_nothing_to_agree_before_the_plan_is_started(bench, contract):
    with pytest.raises(RuleBroken, match="Start"):
        agree_plan(actor=bench.manager, contract_id=contract.pk)


# --- reading ----------------------------------------------------------------------------------


def test_both_parties_read_the_plan(bench, contract, plan):
    assert plan_of(bench.manager, contract.pk).may_change
    view = plan_of(bench.bidders[0], contract.pk)
    assert (view.may_change, view.may_agree, view.may_start) == (False, True, False)
    assert len(view.commitments) == 2
    for row in view.commitments:
        assert sum(quarter.value for quarter in row.quarters) == row.commitment.value
    with pytest.raises(NotVisible):
        plan_of(bench.bidders[1], contract.pk)


def test_planned_to_date(contract, plan):
    pk = spend(contract).id
    assert planned_to_date(contract.pk, date(2026, 9, 29)) == {}
    assert planned_to_date(contract.pk, date(2026, 9, 30))[pk] == Decimal("3333.333")
    assert planned_to_date(contract.pk, ENDS)[pk] == 10_000


def test_due_milestones_are_the_suppliers_own(bench, contract, plan):
    due = due_milestones(bench.bidders[0], date(2026, 10, 1))
    assert {row.quarter for row in due} == {Q1, Q2}
    assert due_milestones(bench.bidders[1], date(2030, 1, 1)) == []
    assert due_milestones(bench.manager, date(2030, 1, 1)) == []


def test_the_plan_in_short(contract, plan):
    brief = plan_brief(contract.pk, date(2026, 10, 5))
    assert (brief.milestones, brief.due, brief.next_due_on) == (6, 2, date(2026, 12, 31))
    assert len(quarters_of(STARTS, ENDS)) == 3
