"""Who changes a contract, and what is no change."""

from __future__ import annotations

from datetime import date

import pytest

from procurement.action_plans.services import plan_again
from procurement.awards.models import Contract, ContractChange
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.procurement.action_plans.test_planning_again.steps import (
    ENDS,
    NOW,
    QUARTERS,
    STARTS,
    D,
    changed,
    one,
)
from toms.frameworks.queries import current_edition, measures_of
from toms.imports.services import load_measure_set

pytestmark = pytest.mark.django_db


def test_who_changes_a_contract(bench, contract):
    supplier = bench.bidders[0]
    wrong = [
        bench.officer,
        bench.approver,
        actor_for_role(Role.SUPPLIER_CONTRIBUTOR, contract.supplier),
    ]
    for actor in wrong:
        with pytest.raises(NotAllowed):
            changed(bench, contract, quantity=D(6000), agreer=actor, asker=supplier)
    for actor in (
        bench.bidders[1],
        actor_for_role(Role.CONTRACT_MANAGER, AuthorityFactory()),
    ):
        with pytest.raises(NotVisible):
            changed(bench, contract, quantity=D(6000), agreer=actor)
    with pytest.raises(NotAllowed, match="the other party agrees"):
        changed(bench, contract, quantity=D(6000), asker=supplier)
    assert not ContractChange.objects.exists()
    change = changed(bench, contract, quantity=D(6000), asker=supplier, agreer=bench.manager)
    with clock.at(NOW), pytest.raises(NotAllowed):
        plan_again(actor=supplier, contract_id=contract.pk, change=change)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"quantity": D(6000), "from_quarter": QUARTERS[1]}, "What is over stays as it was"),
        ({"quantity": D(6000), "from_quarter": date(2027, 2, 1)}, "Choose a quarter"),
        ({"quantity": D(6000), "from_quarter": date(2028, 1, 1)}, "No quarter is left"),
        ({"quantity": D(10000)}, "stands at this quantity already"),
        ({"quantity": D("1.0001")}, "at most 3 decimal places"),
        ({"quantity": D(6000), "reason": " "}, "Enter the reason"),
        ({"kind": "extension", "ends_on": ENDS}, "ends on this day already"),
        ({"kind": "extension", "ends_on": date(2027, 2, 9)}, "today or later"),
        ({"kind": "extension"}, "Enter the new end date"),
        ({"kind": "added", "quantity": D(1)}, "Choose the measure"),
    ],
)
def test_what_cannot_be(bench, contract, facts, message):
    with pytest.raises(RuleBroken, match=message):
        changed(bench, contract, **facts)
    assert not ContractChange.objects.exists()


def test_a_measure_of_another_edition_is_not_added(bench, contract):
    load_measure_set(actor=SYSTEM)
    foreign = measures_of(current_edition(STARTS).pk)[0]
    assert foreign.edition_id != one(contract).edition_id
    with pytest.raises(RuleBroken, match="edition of its tender"):
        changed(bench, contract, kind="added", measure_id=foreign.id, quantity=D(1))


def test_a_closed_contract_no_longer_changes(bench, contract):
    Contract.objects.filter(pk=contract.pk).update(status="ended")
    with pytest.raises(Conflict):
        changed(bench, contract, quantity=D(6000))
