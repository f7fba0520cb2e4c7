"""How a tender is scored, in words: the formula, every case, an example."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from procurement.procurements.queries import part_of
from procurement.tenders.models import Tender
from procurement.tenders.queries.asked import (
    QuestionInfo,
    RequirementInfo,
    questions_of,
    requirements_of,
)
from procurement.tenders.rules import (
    AskedInWords,
    MeasureInWords,
    QuestionInWords,
    ScoringInWords,
    scoring_in_words,
)


def asked_in_words(
    procurement_id: int, requirements: Sequence[RequirementInfo], questions: Sequence[QuestionInfo]
) -> AskedInWords:
    """What the words about the scoring look at. One query."""
    return AskedInWords(
        [
            MeasureInWords(
                row.code,
                row.measure.unit,
                row.unit_value is not None or row.is_negotiated,
                row.is_mandatory,
                row.minimum_quantity,
                row.maximum_quantity,
                row.weight_percent,
            )
            for row in requirements
        ],
        [QuestionInWords(row.weight_percent, row.minimum_mark) for row in questions],
        is_lot=part_of(procurement_id) is not None,
    )


def scoring_now(
    tender: Tender,
    requirements: Sequence[RequirementInfo] | None = None,
    questions: Sequence[QuestionInfo] | None = None,
) -> ScoringInWords | None:
    """The formula of a tender in words; None while it is not set. What is known of it already is not read again."""
    return scoring_in_words(
        kind=tender.weighting_kind,
        percent=tender.whole_percent,
        quantitative_percent=tender.quantitative_percent,
        of_quality=_of_quality(tender),
        formula=tender.formula,
        target=tender.target_value,
        tie_rule=tender.tie_rule,
        asked=asked_in_words(
            tender.procurement_id,
            requirements_of(tender.pk) if requirements is None else requirements,
            questions_of(tender.pk) if questions is None else questions,
        ),
    )


def _of_quality(tender: Tender) -> tuple[Decimal, Decimal] | None:
    share, quality = tender.weighting_percent, tender.quality_percent
    if not tender.is_share_of_quality or share is None or quality is None:
        return None
    return share, quality


def scoring_of(tender_id: int) -> ScoringInWords | None:
    """The published formula in words; None while it is not set. For rooms that have shown the visibility."""
    return scoring_now(Tender.objects.get(pk=tender_id))
