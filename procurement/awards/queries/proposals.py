"""Proposals of an award: as a second person reads them, and those that wait for one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from procurement.awards.models import AwardProposal
from procurement.awards.permissions import (
    READ_REASON,
    can_approve,
    can_award,
    can_read_judgement,
    why_not_decide,
)
from procurement.awards.queries.contracts import contract_of_procurement
from procurement.awards.rules import stale_because
from procurement.awards.vocabulary import ProposalStatus
from procurement.evaluations import queries as evaluations
from procurement.procurements import queries as procurements
from procurement.tenders import queries as tenders
from socialvalue.accounts.permissions import is_buyer
from socialvalue.audit.queries import history_of
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible


@dataclass(frozen=True, slots=True)
class ProposalView:
    """The last proposal of a procurement with all that a second person needs to decide."""

    id: int
    procurement_id: int
    title: str
    reference: str
    status: str
    status_shown: str
    chosen: evaluations.RankedBid | None
    """None while marking is open again."""
    supplier_name: str
    bids: tuple[evaluations.RankedBid, ...]
    weighting_percent: Decimal | None
    reason: str
    value: Decimal
    is_including_vat: bool
    starts_on: date
    ends_on: date
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    remark: str
    stale: str
    """Why it can no longer be approved, in a sentence; empty while it can."""
    why_not: str
    """Why this person cannot decide it; empty when it can."""
    may_withdraw: bool
    may_propose: bool
    contract_id: int | None
    history: tuple[tuple[str, datetime, str], ...]

    @property
    def is_waiting(self) -> bool:
        return self.status == ProposalStatus.PROPOSED

    @property
    def may_decide(self) -> bool:
        return self.is_waiting and not self.why_not

    @property
    def has_whole(self) -> bool:
        """Price and quality scores were entered, so the whole award is seen."""
        return any(bid.whole_points is not None for bid in self.bids)


@dataclass(frozen=True, slots=True)
class WaitingProposal:
    """A proposal that this person can decide."""

    id: int
    procurement_id: int
    title: str
    reference: str
    supplier_name: str
    value: Decimal
    proposed_by: str
    proposed_at: datetime


def proposal_page(actor: Actor, procurement_id: int) -> ProposalView:
    """The last proposal. NotVisible elsewhere or where there is none, NotAllowed without the right to read bids."""
    procurement = procurements.procurement_for(actor, procurement_id)
    tender = tenders.tender_of_procurement(actor, procurement_id)
    found = (
        AwardProposal.objects.select_related("bid__supplier", "proposed_by", "decided_by")
        .filter(procurement_id=procurement_id)
        .order_by("-id")
        .first()
    )
    if tender is None or found is None:
        raise NotVisible
    if not can_read_judgement(actor, procurement.authority_id):
        raise NotAllowed(READ_REASON)
    is_ranked = evaluations.is_ranked(tender.pk)
    bids = tuple(evaluations.ranking_of_tender(tender)) if is_ranked else ()
    is_waiting = found.status == ProposalStatus.PROPOSED
    stale = why_stale(found, tender.pk)
    officer = can_award(actor, procurement.authority_id)
    contract = contract_of_procurement(procurement_id)
    return ProposalView(
        id=found.pk,
        procurement_id=procurement_id,
        title=procurement.title,
        reference=procurement.reference,
        status=found.status,
        status_shown=found.get_status_display(),
        chosen=next((bid for bid in bids if bid.bid_id == found.bid_id), None),
        supplier_name=str(found.bid.supplier),
        bids=bids,
        weighting_percent=tender.whole_percent,
        reason=found.reason,
        value=found.value,
        is_including_vat=found.value_basis == "incl",
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        proposed_by=str(found.proposed_by),
        proposed_at=found.proposed_at,
        decided_by=str(found.decided_by) if found.decided_by else "",
        decided_at=found.decided_at,
        remark=found.remark,
        stale=stale if is_waiting else "",
        why_not=why_not_decide(actor, procurement.authority_id, found.proposed_by_id),
        may_withdraw=is_waiting and officer,
        may_propose=officer and contract is None and is_ranked and (not is_waiting or bool(stale)),
        contract_id=contract.id if contract else None,
        history=tuple(
            (line.sentence, line.at, line.who)
            for line in history_of(target_type="awardproposal", target_id=found.pk)
        ),
    )


def proposals_awaiting(actor: Actor) -> list[WaitingProposal]:
    """Proposals of the actor's authority that still stand and the actor may decide, oldest first; not its own."""
    if not is_buyer(actor) or not can_approve(actor, actor.organisation_id or 0):
        return []
    rows = (
        AwardProposal.objects.select_related("procurement", "bid__supplier", "proposed_by")
        .filter(status=ProposalStatus.PROPOSED, procurement__authority_id=actor.organisation_id)
        .exclude(proposed_by_id=actor.user_id)
        .order_by("proposed_at", "id")
    )
    return [
        WaitingProposal(
            row.pk,
            row.procurement_id,
            row.procurement.title,
            row.procurement.reference,
            str(row.bid.supplier),
            row.value,
            str(row.proposed_by),
            row.proposed_at,
        )
        for row in rows
        if not why_stale(row, row.bid.tender_id)
    ]


def why_stale(proposal: AwardProposal, tender_id: int) -> str:
    """Why a proposal no longer stands, in a sentence; empty while it does. The caller has shown the tender."""
    rescored_at = evaluations.rescored_at(tender_id)
    return stale_because(
        round_now=evaluations.round_of(tender_id),
        round_of_proposal=proposal.round_id,
        is_ranked=evaluations.is_ranked(tender_id),
        is_rescored=rescored_at is not None and rescored_at > proposal.proposed_at,
    )


def proposed_among(procurement_ids: Collection[int]) -> set[int]:
    """Those of these procurements of which an award is proposed, still stands and waits. The caller has shown them."""
    rows = AwardProposal.objects.select_related("bid").filter(
        procurement_id__in=procurement_ids, status=ProposalStatus.PROPOSED
    )
    return {row.procurement_id for row in rows if not why_stale(row, row.bid.tender_id)}


def waiting_proposer(procurement_id: int) -> int | None:
    """Who proposed the award that waits for a second person and still stands; None where there is none.

    The caller has shown the procurement.
    """
    found = (
        AwardProposal.objects.select_related("bid")
        .filter(procurement_id=procurement_id, status=ProposalStatus.PROPOSED)
        .first()
    )
    if found is None or why_stale(found, found.bid.tender_id):
        return None
    return found.proposed_by_id
