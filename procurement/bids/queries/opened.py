"""The buyer's side: until when bids are sealed, and what was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from procurement.bids.models import Bid, OfferAnswer, OfferLine
from procurement.bids.permissions import can_open, can_read
from procurement.bids.queries.doubts import doubts
from procurement.bids.rules import Overclaim, may_open_at, same_texts, total_pence
from procurement.bids.vocabulary import BidStatus
from procurement.procurements.queries import procurement_for
from procurement.tenders.queries import (
    RequirementInfo,
    requirements_of,
    tender_brief,
    tender_of_procurement,
)
from socialvalue.accounts.queries import organisation_names
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.frameworks.queries import MeasureInfo
from toms.proxies.queries import UnitValue
from toms.valuation.rules import Working, value_of


@dataclass(frozen=True, slots=True)
class SealState:
    """All that a buyer may know of the bids before they are opened: until when they are sealed. No count, no names."""

    tender_id: int
    procurement_id: int
    title: str
    deadline_at: datetime
    is_sealed: bool
    is_opened: bool
    can_open: bool
    can_read: bool


def may_open(tender_id: int, now: datetime) -> bool:
    """True from the tender's deadline on."""
    return may_open_at(deadline_at=tender_brief(tender_id).deadline_at, now=now)


def seal_state(actor: Actor, procurement_id: int) -> SealState:
    """Whether the bids of a procurement are still sealed. NotVisible outside the authority or before publication."""
    tender = tender_of_procurement(actor, procurement_id)
    if tender is None or tender.deadline_at is None:
        raise NotVisible("No tender was published for this procurement.")
    return SealState(
        tender.pk,
        procurement_id,
        procurement_for(actor, procurement_id).title,
        tender.deadline_at,
        is_sealed=not may_open_at(deadline_at=tender.deadline_at, now=clock.now()),
        is_opened=tender.opened_at is not None,
        can_open=can_open(actor, tender.authority_id),
        can_read=can_read(actor, tender.authority_id),
    )


@dataclass(frozen=True, slots=True)
class OpenedLine:
    """What one opened bid offers under one requirement, valued as the tender published it."""

    id: int
    requirement_id: int
    measure: MeasureInfo
    quantity: Decimal
    attribution_percent: Decimal
    unit_value: UnitValue | None
    working: Working
    method_statement: str


@dataclass(frozen=True, slots=True)
class OpenedBid:
    id: int
    supplier_id: int
    supplier_name: str
    price: Decimal | None
    lines: list[OpenedLine]
    answers: dict[int, str]
    social_value_pence: int
    doubts: tuple[Overclaim, ...] = ()
    """What is hard to believe about it. Never a reason to leave it out."""
    same_text_as: tuple[str, ...] = ()
    """Other bidders that say the same somewhere, word for word."""


def opened_bids(tender_id: int) -> list[OpenedBid]:
    """The bids that were opened, in the order they were opened in. For rooms that have shown the visibility."""
    bids = list(Bid.objects.filter(tender_id=tender_id, status=BidStatus.OPENED).order_by("pk"))
    names = organisation_names([bid.supplier_id for bid in bids])
    requirements = {row.id: row for row in requirements_of(tender_id)}
    lines: dict[int, list[OpenedLine]] = {bid.pk: [] for bid in bids}
    order = {requirement_id: place for place, requirement_id in enumerate(requirements)}
    for row in OfferLine.objects.filter(bid_id__in=lines).order_by("pk"):
        lines[row.bid_id].append(_opened_line(row, requirements[row.requirement_id]))
    answers: dict[int, dict[int, str]] = {bid.pk: {} for bid in bids}
    for answer in OfferAnswer.objects.filter(bid_id__in=answers).order_by("pk"):
        answers[answer.bid_id][answer.question_id] = answer.text
    deadline = tender_brief(tender_id).deadline_at
    alike = same_texts(
        {pk: [*answers[pk].values(), *(row.method_statement for row in lines[pk])] for pk in lines}
    )
    suppliers = {bid.pk: names[bid.supplier_id] for bid in bids}
    return [
        OpenedBid(
            bid.pk,
            bid.supplier_id,
            suppliers[bid.pk],
            bid.price,
            sorted(lines[bid.pk], key=lambda line: order[line.requirement_id]),
            answers[bid.pk],
            total_pence([line.working for line in lines[bid.pk]]),
            tuple(
                doubts(
                    [(row.measure, row.quantity, row.working) for row in lines[bid.pk]],
                    price=bid.price,
                    on=deadline.date() if deadline else clock.today(),
                )
            ),
            tuple(
                suppliers[other]
                for pair in alike
                if bid.pk in pair
                for other in pair
                if other != bid.pk
            ),
        )
        for bid in bids
    ]


def opened_line(offer_line_id: int) -> tuple[RequirementInfo, OpenedLine]:
    """One line of an opened bid with what the tender asked. The caller has shown its contract may be seen."""
    row = (
        OfferLine.objects.filter(pk=offer_line_id, bid__status=BidStatus.OPENED)
        .select_related("bid")
        .first()
    )
    if row is None:
        raise NotVisible
    asked = {found.id: found for found in requirements_of(row.bid.tender_id)}[row.requirement_id]
    return asked, _opened_line(row, asked)


def _opened_line(row: OfferLine, requirement: RequirementInfo) -> OpenedLine:
    value = requirement.unit_value
    if requirement.is_negotiated and row.negotiated_proxy is not None:
        value = UnitValue(
            row.negotiated_proxy, "Unit value proposed in the offer", "", "", "Negotiated"
        )
    return OpenedLine(
        row.pk,
        row.requirement_id,
        requirement.measure,
        row.quantity,
        row.attribution_percent,
        value,
        value_of(
            quantity=row.quantity,
            unit_value=value.amount if value else None,
            attribution_percent=row.attribution_percent,
            additionality=requirement.measure.additionality,
            unit=requirement.measure.unit,
            source=value.cited if value else "",
        ),
        row.method_statement,
    )
