"""Three views of what was promised: claimed, evidenced, verified. They are never added together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from procurement.awards import queries as awards
from procurement.deliveries import queries as deliveries
from procurement.ledger.queries import EntryFilters, EntryTotals, entries_for, entry_totals
from procurement.ledger.vocabulary import Basis
from socialvalue.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Proof:
    """What stands claimed, what of it has evidence, and what is verified."""

    claimed: EntryTotals
    evidenced: deliveries.Evidenced
    verified: EntryTotals


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A commitment with its three figures. ``evidenced`` is None where figures are not added up."""

    progress: awards.CommitmentProgress
    evidenced: Decimal | None
    evidenced_working: object
    waiting: int
    without: int


@dataclass(frozen=True, slots=True)
class ProofPage:
    """What is proved of one contract, to both parties."""

    contract: awards.ContractBrief
    proof: Proof
    rows: tuple[ProofRow, ...]
    is_buying: bool


def proof_of(actor: Actor, contract_id: int | None = None) -> Proof:
    """Of everything that was promised to the actor's authority; with a contract, of that one as the actor sees it."""
    return Proof(
        claimed=_totals(actor, Basis.CLAIMED, contract_id),
        evidenced=deliveries.evidenced_of(actor, contract_id),
        verified=_totals(actor, Basis.VERIFIED, contract_id),
    )


def proof_page(actor: Actor, contract_id: int) -> ProofPage:
    """NotVisible for who is neither party of the contract."""
    contract = awards.contract_for(actor, contract_id)
    progress = awards.progress_of(contract_id)
    evidenced = deliveries.evidenced_sums(row.commitment.id for row in progress)
    waiting = deliveries.waiting_of(contract_id)
    return ProofPage(
        contract=awards.contract_brief(contract_id),
        proof=proof_of(actor, contract_id),
        rows=tuple(_row(row, evidenced, waiting) for row in progress),
        is_buying=contract.authority_id == actor.organisation_id,
    )


def _row(
    progress: awards.CommitmentProgress,
    evidenced: dict[int, Decimal],
    waiting: dict[int, deliveries.Waiting],
) -> ProofRow:
    commitment = progress.commitment
    found = evidenced.get(commitment.id, Decimal(0)) if commitment.measure.adds_up else None
    told = waiting.get(commitment.id, deliveries.Waiting(0, 0))
    return ProofRow(
        progress=progress,
        evidenced=found,
        evidenced_working=None if found is None else deliveries.working_of(commitment, found),
        waiting=told.how_many,
        without=told.without_evidence,
    )


def _totals(actor: Actor, basis: Basis, contract_id: int | None) -> EntryTotals:
    if contract_id is None:
        filters = EntryFilters(basis=basis, authority_ids=(actor.organisation_id or 0,))
    else:
        filters = EntryFilters(basis=basis, contract_ids=(contract_id,))
    return entry_totals(actor, entries_for(actor, filters))
