"""A plan is agreed: both parties, one version."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.action_plans.models import PlanRevision
from procurement.action_plans.queries import milestones_of, plan_of, plans_awaiting
from procurement.action_plans.services import agree_plan
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.awards import awarded, evaluated
from tests.factories.evaluations import AFTER
from tests.procurement.action_plans.test_services.steps import ENDS, STARTS, change, spend, thirds

pytestmark = pytest.mark.django_db


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


@pytest.mark.owner
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
