"""One promise, from what was asked to what was proved: requirement, offer, commitment, claims, entries."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.action_plans import queries as plans
from procurement.awards import queries as awards
from procurement.bids import queries as bids
from procurement.deliveries import queries as deliveries
from procurement.ledger import queries as ledger
from procurement.ledger.vocabulary import Basis
from procurement.tenders import queries as tenders
from procurement.threads.queries.stage_views import entries_url
from socialvalue.accounts.permissions import acts_for
from socialvalue.core.actor import Actor
from socialvalue.core.money import from_pence
from toms.frameworks.queries import editions_by_id

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from procurement.deliveries.models import Claim


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the ledger for the promise on one basis, and how many entries are behind it."""

    basis: str
    label: str
    entries: int
    quantity: Decimal | None
    value: Decimal | None
    """Pounds; None where nothing is valued."""
    href: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """Everything the page of one promise shows, in the order in which it happened. ``claims`` by quarter, read by the
    page: there may be 100,000."""

    contract: awards.ContractBrief
    commitment: awards.CommitmentInfo
    edition: str
    requirement: tenders.RequirementInfo | None
    offered: bids.OpenedLine | None
    """What was asked and offered; None for a promise that a change of the contract added."""
    changes: tuple[awards.ChangeInfo, ...]
    milestones: tuple[plans.MilestoneInfo, ...]
    claims: QuerySet[Claim]
    standings: tuple[Standing, ...]
    is_buying: bool


def lineage(actor: Actor, commitment_id: int) -> Lineage:
    """The whole way of one promise, for whoever may see its contract; NotVisible for the rest.

    The number of queries does not grow with milestones, claims or entries.
    """
    commitment = awards.commitment_info(commitment_id)
    awards.contract_for(actor, commitment.contract_id)
    contract = awards.contract_brief(commitment.contract_id)
    requirement, offered = (
        bids.opened_line(commitment.offer_line_id) if commitment.offer_line_id else (None, None)
    )
    claims = deliveries.claims_for(
        actor, deliveries.ClaimFilters(commitment_id=commitment_id, order="quarter")
    )
    return Lineage(
        contract=contract,
        commitment=commitment,
        edition=str(editions_by_id([commitment.edition_id])[commitment.edition_id]),
        requirement=requirement,
        offered=offered,
        changes=tuple(
            row for row in awards.changes_of(contract.id) if row.commitment_id == commitment_id
        ),
        milestones=tuple(
            row
            for row in plans.milestones_of([contract.id])
            if row.commitment_id == commitment_id and row.quantity > 0
        ),
        claims=claims,
        standings=tuple(_standing(commitment, basis) for basis in Basis),
        is_buying=acts_for(actor, contract.authority_id),
    )


def _standing(commitment: awards.CommitmentInfo, basis: Basis) -> Standing:
    """Added up by the database. Both parties of a contract see all of its entries."""
    found = ledger.sums(basis=basis, by=("commitment_id",), commitment_ids=[commitment.id])
    row = found[0] if found else None
    return Standing(
        basis=basis,
        label=str(basis.label),
        entries=row.entries if row else 0,
        quantity=row.quantity if row and commitment.measure.adds_up else None,
        value=from_pence(row.value_pence if row else 0)
        if commitment.unit_value is not None
        else None,
        href=f"{entries_url(commitment.contract_id, basis)}&commitment={commitment.id}",
    )
