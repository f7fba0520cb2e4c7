"""What the claim form is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.awards import queries as awards
from procurement.awards.rules import NOT_SIGNED
from procurement.awards.vocabulary import ContractStatus
from procurement.deliveries.permissions import CLAIM_REASON, can_claim
from procurement.deliveries.queries.claims import working_of
from procurement.deliveries.rules import Promise, claimable_quarters
from procurement.ledger.queries import commitment_sums
from procurement.ledger.vocabulary import Basis
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, RuleBroken
from toms.valuation.rules import Working

if TYPE_CHECKING:
    from procurement.awards.models import Contract


def promise_of(
    commitment: awards.CommitmentInfo, contract: Contract | awards.ContractBrief
) -> Promise:
    measure = commitment.measure
    return Promise(
        unit=measure.unit,
        adds_up=measure.adds_up,
        is_rate=measure.is_rate,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        numerator_label=measure.numerator_label,
        denominator_label=measure.denominator_label,
        ended_on=contract.ended_on,
    )


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """What the claim form is about: the promise, and what stands against it."""

    commitment: awards.CommitmentInfo
    contract: awards.ContractBrief
    promise: Promise
    quarters: list[date]
    claimed: Decimal
    verified: Decimal

    @property
    def unit_working(self) -> Working:
        return working_of(self.commitment, Decimal(1))


def claim_draft(actor: Actor, commitment_id: int, today: date) -> ClaimDraft:
    """The form for a commitment of the actor's own contract. NotVisible for others, NotAllowed for the buyer.

    RuleBroken before the contract is signed.
    """
    commitment = awards.commitment_info(commitment_id)
    contract = awards.contract_for(actor, commitment.contract_id)
    if not can_claim(actor, contract):
        raise NotAllowed(CLAIM_REASON)
    if contract.status == ContractStatus.AWARDED:
        raise RuleBroken(NOT_SIGNED)
    promise = promise_of(commitment, contract)
    return ClaimDraft(
        commitment=commitment,
        contract=awards.contract_brief(contract.pk),
        promise=promise,
        quarters=claimable_quarters(promise, today),
        claimed=_total(commitment_id, Basis.CLAIMED),
        verified=_total(commitment_id, Basis.VERIFIED),
    )


def _total(commitment_id: int, basis: Basis) -> Decimal:
    sums = commitment_sums([commitment_id], basis=basis).values()
    return sum((row.quantity for row in sums), Decimal(0))
