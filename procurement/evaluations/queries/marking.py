"""Where an evaluation stands: its scoring, its marks, what is still to be given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from procurement.bids import queries as bids
from procurement.evaluations import rules
from procurement.evaluations.models import Evaluation, EvaluationMark, EvaluationResult
from procurement.evaluations.permissions import (
    READ_REASON,
    can_read,
)
from procurement.evaluations.vocabulary import EvaluationStatus
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import TenderStatus, WeightingKind
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.money import to_pence

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class EvaluationBrief:
    """Where an evaluation stands, in numbers only, for rooms that have shown visibility."""

    id: int
    status: str
    opened_at: datetime
    ranked_at: datetime | None
    bids: int
    passed: int
    marks: int


def evaluation_for(actor: Actor, evaluation_id: int) -> Evaluation:
    """The evaluation, when the actor may read its bids. NotVisible elsewhere, NotAllowed at home."""
    found = Evaluation.objects.filter(pk=evaluation_id).first()
    if found is None:
        raise NotVisible
    tender = tenders.tender_for(actor, found.tender_id)
    if not can_read(actor, tender.authority_id):
        raise NotAllowed(READ_REASON)
    return found


def evaluation_of_tender(tender_id: int) -> Evaluation | None:
    """The evaluation of a tender. The caller has shown that the actor may see the tender."""
    return Evaluation.objects.filter(tender_id=tender_id).first()


def evaluation_brief(tender_id: int) -> EvaluationBrief | None:
    """Status and counts, in three queries whatever the number of bids."""
    found = evaluation_of_tender(tender_id)
    if found is None:
        return None
    passed = list(
        EvaluationResult.objects.filter(evaluation=found).values_list("is_passed", flat=True)
    )
    marks = EvaluationMark.objects.filter(evaluation=found).count()
    return EvaluationBrief(
        found.pk, found.status, found.opened_at, found.ranked_at, len(passed), sum(passed), marks
    )


@dataclass(frozen=True, slots=True)
class MarkingProgress:
    """How many bids there are and how many marks are still to be given."""

    bids: int
    marks_missing: int


def progress_of(tender: Tender) -> MarkingProgress:
    """Counts for the thread, with as many queries for one bid as for twenty."""
    evaluation = evaluation_of_tender(tender.pk)
    if evaluation is None:
        return MarkingProgress(0, 0)
    scored = scored_bids(bids.opened_bids(tender.pk), marks_of(evaluation.pk))
    return MarkingProgress(len(scored), sum(rules.unmarked(scoring_of(tender), scored).values()))


def scoring_of(
    tender: Tender, requirements: Iterable[tenders.RequirementInfo] | None = None
) -> rules.Scoring:
    """What the tender published about scoring, as the rules take it."""
    asked = tenders.requirements_of(tender.pk) if requirements is None else requirements
    return rules.Scoring(
        is_pass_fail=tender.weighting_kind == WeightingKind.PASS_FAIL,
        weighting_percent=tender.whole_percent,
        quantitative_percent=tender.quantitative_percent,
        requirements=tuple(
            rules.Asked(row.id, row.label, row.measure.unit, row.is_mandatory, row.minimum_quantity)
            for row in asked
        ),
        questions={row.id: row.weight_percent for row in tenders.questions_of(tender.pk)},
        formula=tender.formula,
        target_pence=None if tender.target_value is None else to_pence(tender.target_value),
    )


def marks_of(evaluation_id: int) -> dict[int, dict[int, int]]:
    """Marks by bid, then question."""
    found: dict[int, dict[int, int]] = {}
    rows = EvaluationMark.objects.filter(evaluation_id=evaluation_id)
    for bid_id, question_id, mark in rows.values_list("bid_id", "question_id", "mark"):
        found.setdefault(bid_id, {})[question_id] = mark
    return found


def scored_bids(
    opened: Iterable[bids.OpenedBid], marks: Mapping[int, Mapping[int, int]]
) -> list[rules.ScoredBid]:
    """Opened bids as the rules take them."""
    return [
        rules.ScoredBid(
            bid_id=bid.id,
            social_value_pence=bid.social_value_pence,
            quantities={line.requirement_id: line.quantity for line in bid.lines},
            marks=marks.get(bid.id, {}),
            price_pence=None if bid.price is None else to_pence(bid.price),
        )
        for bid in opened
    ]


def tender_id_of(actor: Actor, procurement_id: int) -> int:
    """The tender whose bids are to be opened. NotVisible elsewhere or before publication."""
    tender = tenders.tender_of_procurement(actor, procurement_id)
    if tender is None or tender.status == TenderStatus.DRAFT:
        raise NotVisible
    return tender.pk


def evaluation_id_of(actor: Actor, procurement_id: int) -> int:
    """The evaluation of a procurement. NotVisible elsewhere or before the bids are open."""
    evaluation = evaluation_of_tender(tender_id_of(actor, procurement_id))
    if evaluation is None:
        raise NotVisible
    return evaluation.pk


def is_ranked(tender_id: int) -> bool:
    return Evaluation.objects.filter(tender_id=tender_id, status=EvaluationStatus.RANKED).exists()
