"""What a tender must hold, how its scores are worked out in words, and how its key is kept. Pure."""

from __future__ import annotations

from procurement.tenders.rules.adopted import (
    Asked,
    Most,
    not_in_use,
    too_many,
)
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
from procurement.tenders.rules.formulas import SCORE_STEP, Offered, quantity_points, rounded
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
from procurement.tenders.rules.sensitivity import (
    ExampleBid,
    Gap,
    Sensitivity,
    Stretch,
    TriedBid,
    crossing,
    scored_examples,
    sensitivity,
    usual_examples,
)
from procurement.tenders.rules.words import (
    TOP_MARK,
    ScoringInWords,
    points_text,
    scoring_in_words,
    two_places,
)

__all__ = [
    "HUNDRED",
    "MOST_MEASURES",
    "MOST_QUESTIONS",
    "SCORE_STEP",
    "SMALL_PACK",
    "TOP_MARK",
    "Asked",
    "ExampleBid",
    "Gap",
    "Missing",
    "Most",
    "Offered",
    "QuestionInput",
    "RequirementInput",
    "ScoringInWords",
    "Sensitivity",
    "Stretch",
    "TenderFacts",
    "TriedBid",
    "WeightingRange",
    "check_deadline",
    "check_questions",
    "check_requirements",
    "check_scoring",
    "crossing",
    "few_of",
    "lacks_only_approval",
    "missing_from",
    "new_key",
    "not_in_use",
    "plain",
    "points_text",
    "quantity_points",
    "rounded",
    "scored_examples",
    "scoring_in_words",
    "sensitivity",
    "too_many",
    "two_places",
    "unwrap_key",
    "usual_examples",
    "weights_sentence",
    "wrap_key",
]
