"""What a tender must hold, how its scores are worked out in words, and how its key is kept. Pure."""

from __future__ import annotations

from procurement.tenders.rules.asking import (
    HUNDRED,
    MOST_MEASURES,
    MOST_QUESTIONS,
    SMALL_PACK,
    QuestionInput,
    RequirementInput,
    WeightingRange,
    check_deadline,
    check_questions,
    check_requirements,
    check_scoring,
    few_of,
    plain,
    weights_sentence,
)
from procurement.tenders.rules.keys import (
    new_key,
    unwrap_key,
    wrap_key,
)
from procurement.tenders.rules.publishing import (
    Missing,
    TenderFacts,
    lacks_only_approval,
    missing_from,
)
from procurement.tenders.rules.words import (
    TOP_MARK,
    ScoringInWords,
    points_text,
    scoring_in_words,
)

__all__ = [
    "HUNDRED",
    "MOST_MEASURES",
    "MOST_QUESTIONS",
    "SMALL_PACK",
    "TOP_MARK",
    "Missing",
    "QuestionInput",
    "RequirementInput",
    "ScoringInWords",
    "TenderFacts",
    "WeightingRange",
    "check_deadline",
    "check_questions",
    "check_requirements",
    "check_scoring",
    "few_of",
    "lacks_only_approval",
    "missing_from",
    "new_key",
    "plain",
    "points_text",
    "scoring_in_words",
    "unwrap_key",
    "weights_sentence",
    "wrap_key",
]
