"""Three views of what was delivered: claimed, evidenced, verified. They are never added together."""

from __future__ import annotations

from dataclasses import dataclass

from procurement.awards import queries as awards
from procurement.deliveries import queries as deliveries
from procurement.ledger.queries import EntryFilters, EntryTotals, entries_for, entry_totals
from procurement.ledger.vocabulary import Basis
from socialvalue.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Proof:
    """What stands claimed, what of it has evidence, and what is verified."""

    claimed: EntryTotals
    evidenced: EntryTotals
    verified: EntryTotals


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A commitment with its three figures, and how many of its claims wait."""

    progress: awards.CommitmentProgress
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
        evidenced=_totals(actor, Basis.EVIDENCED, contract_id),
        verified=_totals(actor, Basis.VERIFIED, contract_id),
    )


def proof_page(actor: Actor, contract_id: int) -> ProofPage:
    """NotVisible for who is neither party of the contract."""
    contract = awards.contract_for(actor, contract_id)
    progress = awards.progress_of(contract_id)
    waiting = deliveries.waiting_of(contract_id)
    return ProofPage(
        contract=awards.contract_brief(contract_id),
        proof=proof_of(actor, contract_id),
        rows=tuple(_row(row, waiting) for row in progress),
        is_buying=contract.authority_id == actor.organisation_id,
    )


def _row(progress: awards.CommitmentProgress, waiting: dict[int, deliveries.Waiting]) -> ProofRow:
    told = waiting.get(progress.commitment.id, deliveries.Waiting(0, 0))
    return ProofRow(progress, told.how_many, told.without_evidence)


def _totals(actor: Actor, basis: Basis, contract_id: int | None) -> EntryTotals:
    if contract_id is None:
        filters = EntryFilters(basis=basis, authority_ids=(actor.organisation_id or 0,))
    else:
        filters = EntryFilters(basis=basis, contract_ids=(contract_id,))
    return entry_totals(actor, entries_for(actor, filters))
