"""A plan is changed: the ledger moves with it, to the penny."""

from __future__ import annotations

import pytest

from procurement.action_plans.models import ActionPlan, Milestone
from procurement.action_plans.queries import commitment_to_plan, milestones_of
from procurement.ledger.models import LedgerEntry
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import quarter_label
from tests.factories.accounts import actor_for_role
from tests.factories.action_plans import agreed, planned
from tests.factories.awards import awarded, evaluated
from tests.procurement.action_plans.test_services.steps import (
    ENDS,
    Q1,
    Q2,
    Q3,
    STARTS,
    change,
    spend,
    standing,
    thirds,
)

pytestmark = pytest.mark.django_db


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
