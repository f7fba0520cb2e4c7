"""The buyer's side: until when bids are sealed, and what was opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from django.db.models import Exists, OuterRef, QuerySet

from procurement.bids.models import Bid, OfferAnswer, OfferLine, OfferLinePart
from procurement.bids.permissions import can_open, can_read
from procurement.bids.queries.doubts import doubts
from procurement.bids.rules import Overclaim, may_open_at, same_texts, total_pence
from procurement.bids.vocabulary import BidStatus
from procurement.procurements.queries import procurement_for
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.queries import (
    RequirementInfo,
    TenderBrief,
    requirements_of,
    tender_brief,
    tender_of_procurement,
)
from procurement.tenders.rules import capped
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.frameworks.queries import MeasureInfo, double_counting_pairs
from toms.proxies.queries import UnitValue
from toms.valuation.rules import Working, value_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SealState:
    """All that a buyer may know of the bids before they are opened: until when they are sealed. No count, no names."""

    tender_id: int
    procurement_id: int
    authority_id: int
    title: str
    deadline_at: datetime
    is_sealed: bool
    is_opened: bool
    is_withdrawn: bool
    """The procurement came to nothing before they were opened: they stay sealed."""
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
    procurement = procurement_for(actor, procurement_id)
    is_opened = tender.opened_at is not None
    is_withdrawn = procurement.status == ProcurementStatus.WITHDRAWN and not is_opened
    return SealState(
        tender.pk,
        procurement_id,
        tender.authority_id,
        procurement.title,
        tender.deadline_at,
        is_sealed=not may_open_at(deadline_at=tender.deadline_at, now=clock.now()),
        is_opened=is_opened,
        is_withdrawn=is_withdrawn,
        can_open=not is_withdrawn and can_open(actor, tender.authority_id),
        can_read=can_read(actor, tender.authority_id),
    )


@dataclass(frozen=True, slots=True)
class OpenedPart:
    """How much of a line somebody else delivers. ``kind`` is a ``PartKind``."""

    kind: str
    name: str
    quantity: Decimal


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
    """Of the whole quantity: what is promised."""
    method_statement: str
    attribution_reason: str = ""
    parts: tuple[OpenedPart, ...] = ()
    maximum_quantity: Decimal | None = None
    """The most that is scored; None: all of it."""
    scored_pence: int = 0
    """The value of what is scored."""


@dataclass(frozen=True, slots=True)
class OpenedBid:
    id: int
    supplier_id: int
    supplier_name: str
    price: Decimal | None
    lines: list[OpenedLine]
    answers: dict[int, str]
    social_value_pence: int
    receipt: str
    submitted_at: datetime
    doubts: tuple[Overclaim, ...] = ()
    """What is hard to believe about it. Never a reason to leave it out."""
    same_text_as: tuple[str, ...] = ()
    """Other bidders that say the same somewhere, word for word."""


def opened_bids(
    tender_id: int,
    *,
    brief: TenderBrief | None = None,
    asked: Sequence[RequirementInfo] | None = None,
) -> list[OpenedBid]:
    """The bids that were opened, first submitted first. For rooms that have shown the visibility.

    As many queries for two hundred lines of thirty bids as for one. ``brief`` and ``asked``: what was read of the
    tender already.
    """
    brief = brief or tender_brief(tender_id)
    bids = list(
        Bid.objects.filter(tender_id=tender_id, status=BidStatus.OPENED)
        .select_related("supplier")
        .order_by("submitted_at", "supplier_id")
    )
    requirements = {
        row.id: row for row in (requirements_of(tender_id, brief) if asked is None else asked)
    }
    lines: dict[int, list[OpenedLine]] = {bid.pk: [] for bid in bids}
    order = {requirement_id: place for place, requirement_id in enumerate(requirements)}
    rows = list(
        OfferLine.objects.filter(bid_id__in=lines)
        .annotate(has_parts=Exists(OfferLinePart.objects.filter(line_id=OuterRef("pk"))))
        .order_by("pk")
    )
    split = [row.pk for row in rows if row.has_parts]
    parts = _parts(OfferLinePart.objects.filter(line_id__in=split)) if split else {}
    for row in rows:
        one = _opened_line(row, requirements[row.requirement_id], parts.get(row.pk, ()))
        lines[row.bid_id].append(one)
    answers: dict[int, dict[int, str]] = {bid.pk: {} for bid in bids}
    for answer in OfferAnswer.objects.filter(bid_id__in=answers).order_by("pk"):
        answers[answer.bid_id][answer.question_id] = answer.text
    deadline = brief.deadline_at
    measures = {row.measure.id: row.measure for row in requirements.values()}
    pairs = double_counting_pairs(list(measures), measures)
    alike = same_texts(
        {pk: [*answers[pk].values(), *(row.method_statement for row in lines[pk])] for pk in lines}
    )
    suppliers = {bid.pk: _known(bid.supplier).name for bid in bids}
    return [
        OpenedBid(
            bid.pk,
            _known(bid.supplier_id),
            suppliers[bid.pk],
            bid.price,
            sorted(lines[bid.pk], key=lambda line: order[line.requirement_id]),
            answers[bid.pk],
            total_pence([line.working for line in lines[bid.pk]]),
            bid.receipt,
            _known(bid.submitted_at),
            tuple(
                doubts(
                    [(row.measure, row.quantity, row.working) for row in lines[bid.pk]],
                    price=bid.price,
                    on=deadline.date() if deadline else clock.today(),
                    pairs=pairs,
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


def opened_bidders(tender_id: int) -> dict[int, str]:
    """The suppliers' names by opened bid, first submitted first. For rooms that have shown the visibility."""
    bids = Bid.objects.filter(tender_id=tender_id, status=BidStatus.OPENED)
    names = bids.order_by("submitted_at", "supplier_id").values_list("pk", "supplier__name")
    return {pk: _known(name) for pk, name in names}


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
    parts = _parts(OfferLinePart.objects.filter(line_id=row.pk))
    return asked, _opened_line(row, asked, parts.get(row.pk, ()))


def tender_of_line(offer_line_id: int) -> int:
    """The tender whose opened bid holds this line. NotVisible where there is none; the caller shows the visibility."""
    found = OfferLine.objects.filter(pk=offer_line_id, bid__status=BidStatus.OPENED)
    tender_id = found.values_list("bid__tender_id", flat=True).first()
    if tender_id is None:
        raise NotVisible
    return tender_id


def _known(value: T | None) -> T:
    """What the constraint ties to a bid's being opened."""
    assert value is not None  # noqa: S101
    return value


def _parts(rows: QuerySet[OfferLinePart]) -> dict[int, tuple[OpenedPart, ...]]:
    """By line, in the order they were written."""
    found: dict[int, tuple[OpenedPart, ...]] = {}
    for row in rows.order_by("pk"):
        part = OpenedPart(row.kind, row.name, row.quantity)
        found[row.line_id] = (*found.get(row.line_id, ()), part)
    return found


def _opened_line(
    row: OfferLine, requirement: RequirementInfo, parts: tuple[OpenedPart, ...]
) -> OpenedLine:
    value = requirement.unit_value
    if requirement.is_negotiated and row.negotiated_proxy is not None:
        value = UnitValue(
            row.negotiated_proxy, "Unit value proposed in the offer", "", "", "Negotiated"
        )

    def worth(quantity: Decimal) -> Working:
        return value_of(
            quantity=quantity,
            unit_value=value.amount if value else None,
            attribution_percent=row.attribution_percent,
            additionality=requirement.measure.additionality,
            unit=requirement.measure.unit,
            source=value.cited if value else "",
        )

    scored = capped(row.quantity, requirement.maximum_quantity)
    working = worth(row.quantity)
    return OpenedLine(
        row.pk,
        row.requirement_id,
        requirement.measure,
        row.quantity,
        row.attribution_percent,
        value,
        working,
        row.method_statement,
        row.attribution_reason,
        parts,
        requirement.maximum_quantity,
        (working if scored == row.quantity else worth(scored)).value_pence,
    )
