"""Assessment summaries: as they are being written, for the authority, and as they were issued, each for its bidder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from procurement.awards.models import AwardSummary
from procurement.awards.permissions import (
    READ_REASON,
    TELL_REASON,
    can_award,
    can_read_judgement,
    is_buying,
)
from procurement.awards.queries.contracts import ContractBrief, contract_brief, contract_for
from procurement.awards.queries.signing import law_of
from procurement.awards.queries.telling import (
    Judged,
    drafted_advantages,
    judged,
    summary_of,
)
from procurement.awards.rules import Summary, free_texts, from_content, with_redactions
from socialvalue.accounts.permissions import is_supplier
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible

if TYPE_CHECKING:
    from procurement.awards.models import Contract


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One bidder in the list."""

    bid_id: int
    supplier_name: str
    is_winner: bool
    rank: int | None
    is_passed: bool
    state: str
    """``issued``, ``written`` by a person, or ``drafted`` from the evaluation."""
    withheld: int


@dataclass(frozen=True, slots=True)
class SummarySheet:
    """Every bidder of an award with its summary."""

    contract: ContractBrief
    award_id: int
    rows: tuple[SummaryRow, ...]
    issued_at: datetime | None
    may_write: bool
    is_mandatory: bool


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """One bidder's summary as it is, or as it would be issued now; what stands in its form."""

    contract: ContractBrief
    award_id: int
    bid_id: int
    summary: Summary
    """With everything withheld that is marked."""
    advantages: str
    passages: tuple[str, ...]
    version: int
    issued_at: datetime | None
    content_hash: str
    may_write: bool


@dataclass(frozen=True, slots=True)
class IssuedSummary:
    """What a bidder keeps."""

    tender_id: int
    summary: Summary
    issued_at: datetime
    content_hash: str
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class MySummaryRow:
    """A summary in the bidder's list."""

    tender_id: int
    title: str
    authority_name: str
    issued_at: datetime
    is_winner: bool


def summary_sheet(actor: Actor, contract_id: int) -> SummarySheet:
    """NotVisible outside the buying authority, NotAllowed at home without the right to read bids."""
    contract = _readable(actor, contract_id)
    found = judged(actor, contract)
    kept = kept_summaries(contract.award_id)
    law = law_of(actor, contract.procurement_id)
    issued = [row.issued_at for row in kept.values() if row.issued_at]
    return SummarySheet(
        contract=contract_brief(contract.pk),
        award_id=contract.award_id,
        rows=tuple(_row(found, pk, kept.get(pk)) for pk in found.bid_ids),
        issued_at=min(issued, default=None),
        may_write=can_award(actor, contract.authority_id) and not issued,
        is_mandatory=bool(law and law.needs_summaries),
    )


def summary_page(actor: Actor, contract_id: int, bid_id: int) -> SummaryPage:
    """One bidder's summary for the authority. NotVisible for a bid of another tender, and as the sheet."""
    contract = _readable(actor, contract_id)
    found = judged(actor, contract)
    if bid_id not in found.opened:
        raise NotVisible
    row = kept_summaries(contract.award_id).get(bid_id)
    issued_at = row.issued_at if row else None
    return SummaryPage(
        contract=contract_brief(contract.pk),
        award_id=contract.award_id,
        bid_id=bid_id,
        summary=from_content(row.content)
        if row and row.content
        else summary_to_issue(found, bid_id, row),
        advantages=row.advantages if row else written_or_drafted(found, bid_id, None),
        passages=tuple(row.redactions) if row else (),
        version=row.version if row else 0,
        issued_at=issued_at,
        content_hash=row.content_hash if row else "",
        may_write=can_award(actor, contract.authority_id) and issued_at is None,
    )


def summary_to_write(actor: Actor, contract_id: int, bid_id: int) -> SummaryPage:
    """The same for who writes it. NotAllowed without the officer's role."""
    found = summary_page(actor, contract_id, bid_id)
    if not can_award(actor, found.contract.authority_id):
        raise NotAllowed(TELL_REASON)
    return found


def my_summary(actor: Actor, tender_id: int) -> IssuedSummary:
    """The actor's own summary once it is issued. NotVisible for everybody else, and before."""
    row = _own_issued(actor, tender_id)
    if row is None or row.issued_at is None or row.content is None:
        raise NotVisible
    return IssuedSummary(
        tender_id=tender_id,
        summary=from_content(row.content),
        issued_at=row.issued_at,
        content_hash=row.content_hash,
        is_demonstration=row.award.contract.authority.is_demonstration,
    )


def my_summaries(actor: Actor) -> list[MySummaryRow]:
    """Every summary issued to the actor's organisation, newest first."""
    if not is_supplier(actor):
        return []
    rows = (
        AwardSummary.objects.select_related("bid", "award__contract__authority")
        .filter(bid__supplier_id__in=actor.organisation_ids, issued_at__isnull=False)
        .order_by("-issued_at", "-id")
    )
    return [
        MySummaryRow(
            row.bid.tender_id,
            row.award.contract.title,
            row.award.contract.authority.name,
            row.issued_at,
            is_winner=row.award.bid_id == row.bid_id,
        )
        for row in rows
        if row.issued_at
    ]


def has_summary(actor: Actor, tender_id: int) -> bool:
    """The actor's organisation was told of its assessment in this tender."""
    return _own_issued(actor, tender_id) is not None


# --- for the services -------------------------------------------------------------------------


def kept_summaries(award_id: int) -> Mapping[int, AwardSummary]:
    """What was written or issued, by bid. The caller has shown that the actor may read it."""
    return {row.bid_id: row for row in AwardSummary.objects.filter(award_id=award_id)}


def summary_to_issue(found: Judged, bid_id: int, row: AwardSummary | None) -> Summary:
    """As it would be issued now: what was written, or the draft, with everything withheld that is marked."""
    summary = summary_of(found, bid_id, row.advantages if row else None)
    return with_redactions(summary, row.redactions if row else ())


def texts_of(found: Judged, bid_id: int, advantages: str) -> list[str]:
    """Where a passage can be withheld from."""
    return free_texts(summary_of(found, bid_id, advantages))


def written_or_drafted(found: Judged, bid_id: int, row: AwardSummary | None) -> str:
    if row is not None:
        return row.advantages
    return "" if bid_id == found.winner_id else drafted_advantages(found, bid_id)


# --- parts ------------------------------------------------------------------------------------


def _readable(actor: Actor, contract_id: int) -> Contract:
    contract = contract_for(actor, contract_id)
    if not is_buying(actor, contract):
        raise NotVisible
    if not can_read_judgement(actor, contract.authority_id):
        raise NotAllowed(READ_REASON)
    return contract


def _row(found: Judged, bid_id: int, kept: AwardSummary | None) -> SummaryRow:
    explained = found.explained[bid_id]
    state = "drafted"
    if kept is not None:
        state = "issued" if kept.issued_at else "written"
    return SummaryRow(
        bid_id=bid_id,
        supplier_name=found.opened[bid_id].supplier_name,
        is_winner=bid_id == found.winner_id,
        rank=explained.rank,
        is_passed=explained.is_passed,
        state=state,
        withheld=len(kept.redactions) if kept else 0,
    )


def _own_issued(actor: Actor, tender_id: int) -> AwardSummary | None:
    if not is_supplier(actor) or actor.organisation_id is None:
        return None
    return (
        AwardSummary.objects.select_related("award__contract__authority")
        .filter(
            bid__tender_id=tender_id,
            bid__supplier_id__in=actor.organisation_ids,
            issued_at__isnull=False,
        )
        .first()
    )
