"""What was published about scoring, and the opened bids, as the rules take them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.bids import queries as bids
from procurement.evaluations import rules
from procurement.evaluations.models import EvaluationRuling
from procurement.tenders import queries as tenders
from procurement.tenders.rules import capped
from procurement.tenders.vocabulary import WeightingKind
from socialvalue.core.money import from_pence, to_pence
from toms.frameworks.vocabulary import MeasureKind

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


def scoring_of(
    tender: Tender,
    requirements: Iterable[tenders.RequirementInfo] | None = None,
    questions: Iterable[tenders.QuestionInfo] | None = None,
) -> rules.Scoring:
    """What the tender published about scoring, as the rules take it."""
    asked = tenders.requirements_of(tender.pk) if requirements is None else requirements
    posed = tenders.questions_of(tender.pk) if questions is None else questions
    return rules.Scoring(
        is_pass_fail=tender.weighting_kind == WeightingKind.PASS_FAIL,
        weighting_percent=tender.whole_percent,
        quantitative_percent=tender.quantitative_percent,
        requirements=tuple(
            rules.Asked(
                row.id,
                row.label,
                row.measure.unit,
                row.is_mandatory,
                row.minimum_quantity,
                row.weight_percent,
            )
            for row in asked
        ),
        questions=tuple(
            rules.AskedQuestion(
                row.id, f"Question {number}", row.weight_percent, row.is_pass_fail, row.minimum_mark
            )
            for number, row in enumerate(posed, start=1)
        ),
        formula=tender.formula,
        target_pence=None if tender.target_value is None else to_pence(tender.target_value),
        tie_rule=tender.tie_rule,
    )


def rulings_of(evaluation_id: int) -> dict[int, EvaluationRuling]:
    """The rulings that hold, by offer line."""
    rows = EvaluationRuling.objects.filter(evaluation_id=evaluation_id, lifted_at__isnull=True)
    return {row.offer_line_id: row for row in rows.select_related("ruled_by").order_by("pk")}


def scored_bids(
    opened: Iterable[bids.OpenedBid],
    verdicts: Mapping[int, Mapping[int, rules.Verdict]],
    ruled_out: Collection[int] = (),
) -> list[rules.ScoredBid]:
    """Opened bids as the rules take them. ``ruled_out``: offer lines that count as nought."""
    return [
        rules.ScoredBid(
            bid_id=bid.id,
            lines=tuple(
                rules.ScoredLine(
                    line.requirement_id,
                    line.quantity,
                    line.scored_pence,
                    amount_of(line),
                    line.id in ruled_out,
                )
                for line in bid.lines
            ),
            verdicts=verdicts.get(bid.id, {}),
            price_pence=None if bid.price is None else to_pence(bid.price),
        )
        for bid in opened
    ]


def amount_of(line: bids.OpenedLine) -> Decimal:
    """What a measure with a weight of its own is scored by: £, or this contract's share of a quantity without £."""
    if line.unit_value is not None or line.measure.kind == MeasureKind.NEGOTIATED:
        return from_pence(line.scored_pence)
    return capped(line.quantity, line.maximum_quantity) * line.attribution_percent / 100
