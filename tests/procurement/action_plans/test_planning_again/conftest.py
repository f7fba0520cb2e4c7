"""A contract of six quarters whose plan is agreed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from socialvalue.accounts.models import Organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import Actor
from tests.factories.accounts import AuthorityFactory, SupplierFactory, actor_for_role
from tests.factories.action_plans import agreed, planned
from tests.factories.ledger import Promise, contract_with, measure
from tests.procurement.action_plans.test_planning_again.steps import ENDS, STARTS, D


@dataclass(frozen=True)
class People:
    authority: Organisation
    manager: Actor
    officer: Actor
    approver: Actor
    bidders: list[Actor]
    """The supplier's administrator, and that of another supplier."""


@pytest.fixture
def bench(db):
    authority = AuthorityFactory()
    return People(
        authority,
        actor_for_role(Role.CONTRACT_MANAGER, authority),
        actor_for_role(Role.PROCUREMENT_OFFICER, authority),
        actor_for_role(Role.APPROVER, authority),
        [actor_for_role(Role.SUPPLIER_ADMIN, SupplierFactory()) for _ in range(2)],
    )


@pytest.fixture
def contract(bench):
    found, _ = contract_with(
        Promise(measure("PLB1", unit="£"), D(10_000), D(1)),
        Promise(measure("HSC1"), D(100), D("13.45")),
        authority=bench.authority,
        supplier=Organisation.objects.get(pk=bench.bidders[0].organisation_id),
        starts_on=STARTS,
        ends_on=ENDS,
    )
    planned(found)
    agreed(bench, found)
    return found
