"""The lines of an opened bid as pages show them, and the page of all lines of one bid."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from procurement.bids import queries as bids
from procurement.bids.rules import Overclaim
from procurement.evaluations import rules
from procurement.evaluations.models import EvaluationRuling
from procurement.evaluations.permissions import can_rank
from procurement.evaluations.queries.panel import seat_in, seats_of
from procurement.evaluations.queries.scoring import rulings_of, scored_bids, scoring_of
from procurement.evaluations.queries.standing import evaluation_of_tender, readable_tender
from procurement.evaluations.vocabulary import EvaluationStatus
from procurement.procurements import queries as procurements
from procurement.tenders import queries as tenders
from procurement.tenders.rules import capped
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import from_pence


@dataclass(frozen=True, slots=True)
class RulingView:
    """Why a line counts as nought."""

    id: int
    reason: str
    ruled_at: datetime
    ruled_by: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a bid: quantity and £, and the sum behind the £. ``value`` is of all that is offered."""

    id: int
    label: str
    quantity: Decimal
    unit: str
    value: Decimal | None
    working: tuple[tuple[str, str], ...]
    method_statement: str
    is_mandatory: bool
    attribution_percent: Decimal
    attribution_reason: str = ""
    parts: tuple[bids.OpenedPart, ...] = ()
    maximum_quantity: Decimal | None = None
    scored_value: Decimal | None = None
    """£ that are scored: without what lies above the cap, nought once ruled out."""
    ruling: RulingView | None = None

    @property
    def is_capped(self) -> bool:
        return capped(self.quantity, self.maximum_quantity) < self.quantity


@dataclass(frozen=True, slots=True)
class BidLines:
    """Everything that one bid offers, with what counts of it."""

    procurement_id: int
    title: str
    bid_id: int
    supplier_name: str
    price: Decimal | None
    receipt: str
    submitted_at: datetime
    offered_pence: int
    scored_pence: int
    lines: tuple[LineView, ...]
    reason: str
    """Why it does not pass by its measures; empty when it does."""
    doubts: tuple[Overclaim, ...]
    same_text_as: tuple[str, ...]
    may_rule: bool
    """By their role or their seat; ``can_rule`` says whether it is still time to."""
    can_rule: bool
    is_ranked: bool

    def line(self, line_id: int) -> LineView:
        """NotVisible where the bid has no such line."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise NotVisible


def bid_lines(actor: Actor, procurement_id: int, bid_id: int) -> BidLines:
    """The lines of one opened bid. NotVisible for a bid of another tender or one that is not open; NotAllowed without
    a role that reads bids."""
    tender = readable_tender(actor, procurement_id)
    evaluation = evaluation_of_tender(tender.pk)
    opened = {bid.id: bid for bid in bids.opened_bids(tender.pk)} if evaluation else {}
    if evaluation is None or bid_id not in opened:
        raise NotVisible
    bid = opened[bid_id]
    requirements = tenders.requirements_of(tender.pk)
    scoring = scoring_of(tender, requirements)
    rulings = rulings_of(evaluation.pk)
    scored = scored_bids([bid], {}, rulings)[0]
    own = seat_in(seats_of(tender.pk), actor.user_id)
    may_rule = can_rank(actor, tender.authority_id) or bool(own and own.is_moderator)
    return BidLines(
        procurement_id=procurement_id,
        title=procurements.procurement_brief(procurement_id).title,
        bid_id=bid.id,
        supplier_name=bid.supplier_name,
        price=bid.price,
        receipt=bid.receipt,
        submitted_at=bid.submitted_at,
        offered_pence=bid.social_value_pence,
        scored_pence=scored.social_value_pence,
        lines=lines_of(bid, {row.id for row in requirements if row.is_mandatory}, rulings),
        reason=rules.unmet(scoring, scored),
        doubts=bid.doubts,
        same_text_as=bid.same_text_as,
        may_rule=may_rule,
        can_rule=may_rule and tender.status != TenderStatus.AWARDED,
        is_ranked=evaluation.status == EvaluationStatus.RANKED,
    )


def bid_of_line(actor: Actor, procurement_id: int, line_id: int) -> tuple[BidLines, LineView]:
    """One line with its bid. NotVisible for a line of another tender, or one that is not open."""
    tender = readable_tender(actor, procurement_id)
    for bid in bids.opened_bids(tender.pk):
        if any(line.id == line_id for line in bid.lines):
            found = bid_lines(actor, procurement_id, bid.id)
            return found, found.line(line_id)
    raise NotVisible


def bid_of_ruling(actor: Actor, procurement_id: int, ruling_id: int) -> tuple[BidLines, LineView]:
    """The line of a ruling with its bid. NotVisible for a ruling on another tender, or one that was lifted."""
    ruling = EvaluationRuling.objects.filter(pk=ruling_id, lifted_at__isnull=True).first()
    if ruling is None:
        raise NotVisible
    return bid_of_line(actor, procurement_id, ruling.offer_line_id)


def lines_of(
    bid: bids.OpenedBid,
    mandatory: Collection[int],
    rulings: Mapping[int, EvaluationRuling] | None = None,
) -> tuple[LineView, ...]:
    """``mandatory``: requirements; ``rulings``: by offer line, those that hold."""
    held = rulings or {}
    return tuple(
        _line(line, line.requirement_id in mandatory, held.get(line.id)) for line in bid.lines
    )


def _line(line: bids.OpenedLine, is_mandatory: bool, ruling: EvaluationRuling | None) -> LineView:
    scored = None
    if line.working.value is not None:
        scored = Decimal(0) if ruling else from_pence(line.scored_pence)
    return LineView(
        id=line.id,
        label=line.measure.label,
        quantity=line.quantity,
        unit=line.measure.unit,
        value=line.working.value,
        working=tuple((step.label, step.shown) for step in line.working.lines),
        method_statement=line.method_statement,
        is_mandatory=is_mandatory,
        attribution_percent=line.attribution_percent,
        attribution_reason=line.attribution_reason,
        parts=line.parts,
        maximum_quantity=line.maximum_quantity,
        scored_value=scored,
        ruling=RulingView(ruling.pk, ruling.reason, ruling.ruled_at, str(ruling.ruled_by))
        if ruling
        else None,
    )
