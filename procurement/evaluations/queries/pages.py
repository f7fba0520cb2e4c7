"""The board and the marking page. Bids are read by those who decide on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.bids import queries as bids
from procurement.bids.rules import Overclaim
from procurement.evaluations import rules
from procurement.evaluations.models import Evaluation, EvaluationMark, EvaluationResult
from procurement.evaluations.permissions import (
    MARK_REASON,
    READ_REASON,
    can_mark,
    can_open,
    can_rank,
    can_read,
)
from procurement.evaluations.queries.marking import (
    evaluation_of_tender,
    marks_of,
    scoring_of,
)
from procurement.evaluations.vocabulary import EvaluationStatus, Mark
from procurement.procurements import queries as procurements
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a bid: quantity and £, and the sum behind the £."""

    label: str
    quantity: Decimal
    unit: str
    value: Decimal | None
    working: tuple[tuple[str, str], ...]
    method_statement: str
    is_mandatory: bool
    attribution_percent: Decimal


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One bid on the board. Scores are None until the bids are ranked; ``reason`` why it fails."""

    bid_id: int
    supplier_id: int
    supplier_name: str
    price: Decimal | None
    social_value_pence: int
    lines: tuple[LineView, ...]
    marked: int
    to_mark: int
    is_passed: bool | None
    reason: str
    quantitative: Decimal | None = None
    qualitative: Decimal | None = None
    total: Decimal | None = None
    award_points: Decimal | None = None
    rank: int | None = None
    is_joint: bool = False
    doubts: tuple[Overclaim, ...] = ()
    same_text_as: tuple[str, ...] = ()

    @property
    def social_value(self) -> Decimal:
        return Decimal(self.social_value_pence) / 100

    @property
    def rank_shown(self) -> str:
        if self.rank is None:
            return ""
        return f"{self.rank} (joint)" if self.is_joint else str(self.rank)


@dataclass(frozen=True, slots=True)
class Board:
    """The evaluation of one tender as the page shows it. ``rows`` is empty until bids are open."""

    procurement_id: int
    title: str
    reference: str
    tender_id: int
    evaluation_id: int | None
    status: str
    deadline_at: datetime | None
    opened_at: datetime | None
    ranked_at: datetime | None
    is_pass_fail: bool
    weighting_percent: Decimal | None
    formula: tuple[str, ...]
    rows: tuple[BoardRow, ...]
    marks_missing: int
    is_awarded: bool
    may_open: bool
    can_open: bool
    can_mark: bool
    can_rank: bool

    @property
    def is_ranked(self) -> bool:
        return self.status == EvaluationStatus.RANKED

    @property
    def is_being_marked(self) -> bool:
        return self.status == EvaluationStatus.OPEN

    @property
    def needs_marks(self) -> bool:
        return any(row.to_mark for row in self.rows)


@dataclass(frozen=True, slots=True)
class AnswerToMark:
    """A question, what the bidder answered, and the mark so far. ``version`` 0: not marked yet."""

    question_id: int
    text: str
    guidance: str
    weight_percent: Decimal
    response: str
    mark: int | None
    rationale: str
    version: int
    marked_by: str


@dataclass(frozen=True, slots=True)
class BidToMark:
    """Everything the marking page of one bid shows."""

    evaluation_id: int
    procurement_id: int
    title: str
    bid_id: int
    supplier_name: str
    price: Decimal | None
    social_value_pence: int
    lines: tuple[LineView, ...]
    answers: tuple[AnswerToMark, ...]
    descriptors: tuple[tuple[int, str], ...]
    is_open: bool
    reason: str
    position: int
    bid_count: int
    doubts: tuple[Overclaim, ...]
    same_text_as: tuple[str, ...]


def board(actor: Actor, procurement_id: int, now: datetime) -> Board:
    """The evaluation board of a procurement.

    NotVisible for another authority or without a published tender, NotAllowed without a role that
    reads bids.
    """
    tender = _tender(actor, procurement_id)
    brief = procurements.procurement_brief(procurement_id)
    evaluation = evaluation_of_tender(tender.pk)
    scoring = scoring_of(tender)
    rows = _rows(tender, evaluation, scoring) if evaluation else ()
    waiting = sum(row.to_mark - row.marked for row in rows if row.is_passed is not False)
    return Board(
        procurement_id=procurement_id,
        title=brief.title,
        reference=brief.reference,
        tender_id=tender.pk,
        evaluation_id=evaluation.pk if evaluation else None,
        status=evaluation.status if evaluation else "",
        deadline_at=tender.deadline_at,
        opened_at=tender.opened_at,
        ranked_at=evaluation.ranked_at if evaluation else None,
        is_pass_fail=scoring.is_pass_fail,
        weighting_percent=scoring.weighting_percent,
        formula=tuple(rules.formula_sentences(scoring)),
        rows=rows,
        marks_missing=waiting,
        is_awarded=tender.status == TenderStatus.AWARDED,
        may_open=bids.may_open(tender.pk, now),
        can_open=can_open(actor, tender.authority_id),
        can_mark=can_mark(actor, tender.authority_id),
        can_rank=can_rank(actor, tender.authority_id),
    )


def bid_to_mark(actor: Actor, procurement_id: int, bid_id: int) -> BidToMark:
    """One bid with its answers. NotVisible for a bid of another tender or one that is not open."""
    tender = _tender(actor, procurement_id)
    evaluation = evaluation_of_tender(tender.pk)
    opened = bids.opened_bids(tender.pk) if evaluation else []
    places = {bid.id: index for index, bid in enumerate(opened)}
    if evaluation is None or bid_id not in places:
        raise NotVisible
    if not can_mark(actor, tender.authority_id) and not can_read(actor, tender.authority_id):
        raise NotAllowed(MARK_REASON)
    bid = opened[places[bid_id]]
    requirements = tenders.requirements_of(tender.pk)
    scoring = scoring_of(tender, requirements)
    mandatory = {row.id for row in requirements if row.is_mandatory}
    quantities = {line.requirement_id: line.quantity for line in bid.lines}
    return BidToMark(
        evaluation_id=evaluation.pk,
        procurement_id=procurement_id,
        title=procurements.procurement_brief(procurement_id).title,
        bid_id=bid.id,
        supplier_name=bid.supplier_name,
        price=bid.price,
        social_value_pence=bid.social_value_pence,
        lines=_lines(bid, mandatory),
        answers=_answers(tender.pk, evaluation.pk, bid),
        descriptors=tuple((mark.value, str(mark.label)) for mark in Mark),
        is_open=evaluation.status == EvaluationStatus.OPEN,
        reason=rules.unmet(scoring.requirements, quantities),
        position=places[bid_id] + 1,
        bid_count=len(opened),
        doubts=bid.doubts,
        same_text_as=bid.same_text_as,
    )


def _tender(actor: Actor, procurement_id: int) -> Tender:
    tender = tenders.tender_of_procurement(actor, procurement_id)
    if tender is None or tender.status == TenderStatus.DRAFT:
        raise NotVisible
    if not can_read(actor, tender.authority_id):
        raise NotAllowed(READ_REASON)
    return tender


def _rows(tender: Tender, evaluation: Evaluation, scoring: rules.Scoring) -> tuple[BoardRow, ...]:
    opened = bids.opened_bids(tender.pk)
    marks = marks_of(evaluation.pk)
    results = {row.bid_id: row for row in EvaluationResult.objects.filter(evaluation=evaluation)}
    ranks = [row.rank for row in results.values() if row.rank is not None]
    mandatory = {asked.requirement_id for asked in scoring.requirements if asked.is_mandatory}
    rows = []
    for bid in opened:
        quantities = {line.requirement_id: line.quantity for line in bid.lines}
        reason = rules.unmet(scoring.requirements, quantities)
        result = results.get(bid.id)
        rows.append(
            BoardRow(
                bid_id=bid.id,
                supplier_id=bid.supplier_id,
                supplier_name=bid.supplier_name,
                price=bid.price,
                social_value_pence=bid.social_value_pence,
                lines=_lines(bid, mandatory),
                marked=len(marks.get(bid.id, {})) if scoring.needs_marks else 0,
                to_mark=len(scoring.questions) if scoring.needs_marks else 0,
                is_passed=not reason,
                reason=reason,
                quantitative=result.quantitative_score if result else None,
                qualitative=result.qualitative_score if result else None,
                total=result.total_score if result else None,
                award_points=rules.award_points(result.total_score, tender.whole_percent)
                if result
                else None,
                rank=result.rank if result else None,
                is_joint=bool(result and result.rank and ranks.count(result.rank) > 1),
                doubts=bid.doubts,
                same_text_as=bid.same_text_as,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.supplier_name)))


def _lines(bid: bids.OpenedBid, mandatory: set[int]) -> tuple[LineView, ...]:
    return tuple(
        LineView(
            label=line.measure.label,
            quantity=line.quantity,
            unit=line.measure.unit,
            value=line.working.value,
            working=tuple((step.label, step.shown) for step in line.working.lines),
            method_statement=line.method_statement,
            is_mandatory=line.requirement_id in mandatory,
            attribution_percent=line.attribution_percent,
        )
        for line in bid.lines
    )


def _answers(tender_id: int, evaluation_id: int, bid: bids.OpenedBid) -> tuple[AnswerToMark, ...]:
    given = {
        row.question_id: row
        for row in EvaluationMark.objects.filter(
            evaluation_id=evaluation_id, bid_id=bid.id
        ).select_related("marked_by")
    }
    found = []
    for question in tenders.questions_of(tender_id):
        mark = given.get(question.id)
        found.append(
            AnswerToMark(
                question_id=question.id,
                text=question.text,
                guidance=question.guidance,
                weight_percent=question.weight_percent,
                response=bid.answers.get(question.id, ""),
                mark=mark.mark if mark else None,
                rationale=mark.rationale if mark else "",
                version=mark.version if mark else 0,
                marked_by=str(mark.marked_by) if mark else "",
            )
        )
    return tuple(found)
