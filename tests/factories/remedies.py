"""A running contract that is behind, with the people of both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from procurement.action_plans.services import start_plan
from procurement.awards.models import Commitment, Contract
from procurement.procurements.models import Procurement
from procurement.remedies import services
from procurement.remedies.models import Shortfall
from procurement.remedies.rules import Terms
from procurement.remedies.rules.texts import Step
from procurement.verifications.services import verify_claim
from socialvalue.accounts.models import Organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from tests.factories.accounts import AuthorityFactory, SupplierFactory, actor_for_role
from tests.factories.deliveries import claim
from tests.factories.ledger import Promise, contract_with, measure

NOW = datetime(2025, 11, 15, 9, tzinfo=UTC)
"""Two quarters of eight are over: 25 of 100 hours are due."""

ALL = Terms(
    substitution=True,
    service_credit=True,
    service_credit_percent=Decimal(10),
    service_credit_cap_percent=Decimal(5),
    community_fund=True,
    fund_name="The neighbourhood fund",
    termination=True,
    clause="Schedule 4, clause 7",
)


@dataclass(frozen=True)
class Short:
    """Hours worth £12.50 and weeks worth £40, promised from April 2025 to March 2027."""

    authority: Organisation
    supplier: Organisation
    manager: Actor
    colleague: Actor
    approver: Actor
    officer: Actor
    claimant: Actor
    boss: Actor
    contract: Contract
    hours: Commitment
    weeks: Commitment
    counted: Commitment


def short(*, verified: int = 5) -> Short:
    """The hours are behind: 25 due, ``verified`` of them verified."""
    authority, supplier = AuthorityFactory(), SupplierFactory()
    with clock.at(datetime(2025, 4, 2, 9, tzinfo=UTC)):
        contract, (hours, weeks, counted) = contract_with(
            Promise(measure("M1"), quantity=Decimal(100)),
            Promise(measure("M2", unit="weeks"), quantity=Decimal(16), unit_value=Decimal(40)),
            Promise(measure("M3", unit="meetings"), quantity=Decimal(8), unit_value=None),
            authority=authority,
            supplier=supplier,
        )
        Procurement.objects.filter(pk=contract.procurement_id).update(status="awarded")
        start_plan(actor=SYSTEM, contract_id=contract.pk)
    world = Short(
        authority,
        supplier,
        actor_for_role(Role.CONTRACT_MANAGER, authority),
        actor_for_role(Role.CONTRACT_MANAGER, authority),
        actor_for_role(Role.APPROVER, authority),
        actor_for_role(Role.PROCUREMENT_OFFICER, authority),
        actor_for_role(Role.SUPPLIER_CONTRIBUTOR, supplier),
        actor_for_role(Role.SUPPLIER_ADMIN, supplier),
        contract,
        hours,
        weeks,
        counted,
    )
    with clock.at(datetime(2025, 10, 2, 9, tzinfo=UTC)):
        if verified:
            made = claim(world.claimant, hours, quantity=Decimal(verified))
            verify_claim(actor=world.manager, claim_id=made.pk, expected_version=1)
    return world


def with_terms(world: Short, terms: Terms = ALL) -> None:
    services.set_terms(
        actor=world.manager, contract_id=world.contract.pk, expected_version=0, terms=terms
    )


def raised(world: Short, commitment: Commitment | None = None) -> Shortfall:
    return services.raise_shortfall(
        actor=world.manager,
        contract_id=world.contract.pk,
        commitment_id=(commitment or world.hours).pk,
    )


def a_step(day: date = date(2025, 12, 31)) -> Step:
    return Step("Two more sessions a month", "Site manager", day)


def a_plan(world: Short, row: Shortfall) -> None:
    services.propose_plan(
        actor=world.claimant,
        shortfall_id=row.pk,
        expected_version=row.version,
        cause="The hall was closed.",
        recover_by=date(2026, 3, 31),
        steps=[a_step()],
    )


__all__ = [
    "ALL", "NOW", "Short", "a_plan", "a_step", "raised", "short", "with_terms",
]  # fmt: skip
