"""The bids an officer chooses from, and what the award form starts with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.awards.models import AwardProposal
from procurement.awards.permissions import (
    AWARD_REASON,
    can_award,
)
from procurement.awards.queries.contracts import contract_of_procurement
from procurement.awards.queries.proposals import why_stale
from procurement.awards.vocabulary import ProposalStatus
from procurement.evaluations import queries as evaluations
from procurement.procurements import queries as procurements
from procurement.procurements.vocabulary import EstimateBasis
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible


@dataclass(frozen=True, slots=True)
class AwardOptions:
    """The bids to choose from, best first, and what the form starts with."""

    procurement_id: int
    title: str
    reference: str
    weighting_percent: Decimal | None
    bids: tuple[evaluations.RankedBid, ...]
    preselected: int | None
    reason: str
    """Of the proposal before, where there was one: nobody types it twice. So are the dates, and for the same bid the
    value."""
    value: Decimal | None
    value_basis: str
    starts_on: date | None
    ends_on: date | None
    is_ranked: bool
    is_waiting: bool
    """An award is proposed on this ranking and these scores, and waits for a second person."""
    contract_id: int | None
    """The contract, when it is awarded already."""

    def bid(self, bid_id: int) -> evaluations.RankedBid | None:
        return next((bid for bid in self.bids if bid.bid_id == bid_id), None)


def award_options(actor: Actor, procurement_id: int) -> AwardOptions:
    """The bids as ranked and what the form starts with: the best bid, or what was proposed before.

    NotVisible for another authority or before the bids are open, NotAllowed without the officer's role.
    """
    procurement = procurements.procurement_for(actor, procurement_id)
    tender = tenders.tender_of_procurement(actor, procurement_id)
    if tender is None or tender.status not in (TenderStatus.OPENED, TenderStatus.AWARDED):
        raise NotVisible
    if not can_award(actor, procurement.authority_id):
        raise NotAllowed(AWARD_REASON)
    is_ranked = evaluations.is_ranked(tender.pk)
    ranked = tuple(evaluations.ranking_of_tender(tender)) if is_ranked else ()
    contract = contract_of_procurement(procurement_id)
    best = _best(ranked)
    last = AwardProposal.objects.filter(procurement_id=procurement_id).order_by("-id").first()
    again = last if last and best and last.bid_id == best.bid_id else None
    is_waiting = (
        last is not None
        and last.status == ProposalStatus.PROPOSED
        and not why_stale(last, tender.pk)
    )
    return AwardOptions(
        procurement_id=procurement_id,
        title=procurement.title,
        reference=procurement.reference,
        weighting_percent=tender.whole_percent,
        bids=ranked,
        preselected=best.bid_id if best else None,
        reason=last.reason if last else "",
        value=again.value if again else best.price if best else None,
        value_basis=again.value_basis if again else EstimateBasis.EXCL,
        starts_on=last.starts_on if last else procurement.starts_on,
        ends_on=last.ends_on if last else procurement.ends_on,
        is_ranked=is_ranked,
        is_waiting=is_waiting,
        contract_id=contract.id if contract else None,
    )


def _best(ranked: tuple[evaluations.RankedBid, ...]) -> evaluations.RankedBid | None:
    """The bid that comes first: of the whole award where that is known, else on social value.

    Two bids on one place: the officer chooses, the page does not.
    """
    if any(bid.whole_rank is not None for bid in ranked):
        first = [bid for bid in ranked if bid.whole_rank == 1]
    else:
        first = [bid for bid in ranked if bid.rank == 1]
    return first[0] if len(first) == 1 else None
