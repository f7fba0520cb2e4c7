"""What a ranking rests on, read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from procurement.bids import queries as bids
from procurement.evaluations import rules
from procurement.evaluations.models import Evaluation, EvaluationMark, EvaluationRuling
from procurement.evaluations.queries.scoring import rulings_of, scored_bids, scoring_of
from procurement.evaluations.queries.verdicts import marks_given, moderated_of
from procurement.tenders import queries as tenders

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class Grounds:
    """What was published, what was offered, what was decided."""

    scoring: rules.Scoring
    opened: list[bids.OpenedBid]
    scored: list[rules.ScoredBid]
    rulings: dict[int, EvaluationRuling]
    """By offer line, those that hold."""
    requirements: list[tenders.RequirementInfo]
    questions: list[tenders.QuestionInfo]
    marks: list[EvaluationMark]
    """Every evaluator's, recused people's too."""


def grounds_of(
    tender: Tender,
    evaluation: Evaluation,
    brief: tenders.TenderBrief | None = None,
    *,
    with_verdicts: bool = True,
) -> Grounds:
    """With as many queries for two hundred lines of thirty bids as for one. ``brief``: where it was read already.

    ``with_verdicts`` False: without the moderated ones, where a ranking says what they led to.
    """
    brief = brief or tenders.brief_of(tender)
    requirements = tenders.requirements_of(tender.pk, brief)
    questions = tenders.questions_of(tender.pk)
    opened = bids.opened_bids(tender.pk, brief=brief, asked=requirements)
    rulings = rulings_of(evaluation.pk)
    marks = marks_given(evaluation.pk) if with_verdicts else []
    verdicts = moderated_of(evaluation.pk, marks) if with_verdicts else {}
    return Grounds(
        scoring=scoring_of(tender, requirements, questions),
        opened=opened,
        scored=scored_bids(opened, verdicts, rulings),
        rulings=rulings,
        requirements=requirements,
        questions=questions,
        marks=marks,
    )
