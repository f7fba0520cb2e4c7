"""Claims and their files for tests, made through the services that make them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.awards.models import Commitment, Contract
from procurement.deliveries import services
from procurement.deliveries.models import Claim, Evidence
from socialvalue.accounts.models import Organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import Actor
from tests.factories.accounts import AuthorityFactory, SupplierFactory, actor_for_role
from tests.factories.ledger import Promise, contract_with, latest, measure, rate

_numbers = itertools.count(1)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
QUARTER = date(2025, 4, 1)


@dataclass(frozen=True)
class World:
    """One contract between an authority and a supplier, with a person on each side."""

    authority: Organisation
    supplier: Organisation
    manager: Actor
    claimant: Actor
    contract: Contract
    hours: Commitment
    share: Commitment
    yes: Commitment


def world() -> World:
    """Hours worth £12.50, a rate and a yes-or-no, promised from April 2025 to March 2027."""
    authority, supplier = AuthorityFactory(), SupplierFactory()
    contract, (hours, share, yes) = contract_with(
        Promise(measure("M1")),
        Promise(rate("R1"), quantity=Decimal(60), unit_value=None),
        Promise(latest("Y1"), quantity=Decimal(1), unit_value=None),
        authority=authority,
        supplier=supplier,
    )
    return World(
        authority,
        supplier,
        actor_for_role(Role.CONTRACT_MANAGER, authority),
        actor_for_role(Role.SUPPLIER_CONTRIBUTOR, supplier),
        contract,
        hours,
        share,
        yes,
    )


def evidence(
    actor: Actor, contract: Contract, name: str = "letter.pdf", content: bytes = PDF
) -> Evidence:
    return services.add_evidence(actor=actor, contract_id=contract.pk, name=name, content=content)


def claim(
    actor: Actor,
    commitment: Commitment,
    *,
    quantity: Decimal = Decimal(10),
    denominator: Decimal | None = None,
    quarter: date = QUARTER,
    key: str = "",
) -> Claim:
    """A submitted claim with one file."""
    return services.submit_claim(
        actor=actor,
        commitment_id=commitment.pk,
        quarter=quarter,
        quantity=quantity,
        denominator=denominator,
        narrative="Ten hours at the library.",
        evidence_ids=[evidence(actor, commitment.contract).pk],
        submission_key=key or f"key-{next(_numbers)}",
    )
