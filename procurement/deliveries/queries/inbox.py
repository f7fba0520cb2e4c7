"""The supplier's inbox: what was promised and is due, over all contracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.action_plans import queries as action_plans
from procurement.awards import queries as awards
from procurement.deliveries.models import Claim
from procurement.deliveries.permissions import CLAIM_REASON
from procurement.deliveries.queries.claims import ClaimFilters, ClaimRow, claim_rows, claims_for
from procurement.deliveries.vocabulary import COUNTED_AS_CLAIMED, ClaimStatus
from procurement.ledger.queries import commitment_sums
from procurement.ledger.vocabulary import Basis
from socialvalue.accounts.permissions import is_supplier
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class DueRow:
    """A commitment in a quarter: promised, and what stands claimed and verified. None: nothing was reported."""

    commitment: awards.CommitmentInfo
    quarter: date
    due_on: date
    promised: Decimal
    claimed: Decimal | None
    verified: Decimal | None
    is_overdue: bool
    is_current: bool

    @property
    def status(self) -> str:
        """A key of the status component."""
        done = self.claimed is not None and (
            not self.commitment.measure.adds_up or self.claimed >= self.promised
        )
        if done:
            return "claimed"
        if self.is_overdue:
            return "overdue"
        return "at_risk" if self.claimed else "not_due" if self.is_current else "due"


@dataclass(frozen=True, slots=True)
class InboxContract:
    contract: awards.ContractBrief
    due: list[DueRow]


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page over all contracts: sent back first, then what is due, then what waits for the authority."""

    returned: list[ClaimRow]
    contracts: list[InboxContract]
    waiting: list[ClaimRow]
    decided: int

    @property
    def overdue(self) -> int:
        """Commitments of past quarters of which less is claimed than was promised."""
        return sum(row.status == "overdue" for part in self.contracts for row in part.due)


def inbox(actor: Actor, today: date, *, text: str = "", only_open: bool = False) -> Inbox:
    """What the supplier promised that is due this quarter or was in an earlier one, and where each claim stands."""
    if not is_supplier(actor):
        raise NotAllowed(CLAIM_REASON)
    milestones = action_plans.due_milestones(actor, today)
    commitments = awards.commitment_infos(row.commitment_id for row in milestones)
    contracts = awards.contract_briefs(row.contract_id for row in milestones)
    claimed = commitment_sums(commitments, basis=Basis.CLAIMED)
    verified = commitment_sums(commitments, basis=Basis.VERIFIED)
    counted = _reported(commitments)
    due: dict[int, list[DueRow]] = {}
    for row in milestones:
        key = (row.commitment_id, row.quarter)
        found = DueRow(
            commitment=commitments[row.commitment_id],
            quarter=row.quarter,
            due_on=row.due_on,
            promised=row.quantity,
            claimed=claimed[key].quantity if key in claimed and key in counted else None,
            verified=verified[key].quantity if key in verified else None,
            is_overdue=row.due_on < today,
            is_current=row.due_on >= today,
        )
        if _wanted(found, contracts[row.contract_id], text, only_open):
            due.setdefault(row.contract_id, []).append(found)
    parts = [InboxContract(contracts[pk], rows) for pk, rows in due.items()]
    return Inbox(
        returned=claim_rows(
            claims_for(actor, ClaimFilters(statuses=(ClaimStatus.RETURNED,), order="submitted"))
        ),
        contracts=sorted(parts, key=lambda part: (part.contract.title, part.contract.id)),
        waiting=claim_rows(claims_for(actor, ClaimFilters(statuses=(ClaimStatus.SUBMITTED,)))),
        decided=claims_for(
            actor, ClaimFilters(statuses=(ClaimStatus.VERIFIED, ClaimStatus.REJECTED))
        ).count(),
    )


def _wanted(row: DueRow, contract: awards.ContractBrief, text: str, only_open: bool) -> bool:
    if only_open and row.status == "claimed":
        return False
    measure = row.commitment.measure
    searched = (
        f"{contract.title} {contract.reference} {contract.authority_name} {measure.label}".lower()
    )
    return all(word in searched for word in text.lower().split())


def _reported(
    commitment_ids: Sequence[int] | dict[int, awards.CommitmentInfo],
) -> set[tuple[int, date]]:
    """Commitments and quarters with a claim that counts: nought that was taken back is not a report."""
    rows = Claim.objects.filter(
        commitment_id__in=list(commitment_ids), status__in=COUNTED_AS_CLAIMED
    )
    return set(rows.values_list("commitment_id", "quarter").distinct())
