"""One's own marking: every bid and every question, what is done and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from procurement.evaluations.models import EvaluationMark
from procurement.evaluations.permissions import MARK_REASON
from procurement.evaluations.queries.bid import room
from procurement.evaluations.queries.marking import failed_as_offered
from procurement.evaluations.queries.progress import (
    AnswerCell,
    AnswerList,
    AnswerRow,
    numbered_questions,
)
from procurement.evaluations.queries.scoring import scoring_of
from procurement.evaluations.queries.verdicts import verdict_of
from procurement.evaluations.rules.panels import shown
from procurement.evaluations.vocabulary import PanelRole
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class OwnCell(AnswerCell):
    """One answer: what I gave, and why."""

    rationale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMarking(AnswerList[OwnCell]):
    """``why_not`` is empty while this person marks; ``locked_at`` set once they have finished."""

    evaluation_id: int
    locked_at: datetime | None
    why_not: str
    must_declare: bool
    """Interests are still to be declared."""

    @property
    def may_lock(self) -> bool:
        return not self.why_not and not self.missing


def own_marking(actor: Actor, procurement_id: int) -> OwnMarking:
    """For an evaluator of the panel, recused ones too. NotVisible elsewhere or before the opening; else NotAllowed."""
    here = room(actor, procurement_id)
    if here.own is None or here.own.role != PanelRole.EVALUATOR:
        raise NotAllowed(MARK_REASON)
    scoring = scoring_of(here.tender)
    questions = numbered_questions(here.tender, scoring)
    given = {
        (row.bid_id, row.question_id): row
        for row in EvaluationMark.objects.filter(member_id=here.own.id)
    }
    reasons = failed_as_offered(scoring, here.opened)
    rows = []
    for bid in here.opened:
        cells = []
        for number, question in questions:
            mark = given.get((bid.id, question.id))
            cells.append(
                OwnCell(
                    number,
                    shown(verdict_of(mark)) if mark else "",
                    mark.rationale if mark else "",
                )
            )
        rows.append(AnswerRow(bid.id, bid.supplier_name, reasons[bid.id], tuple(cells)))
    return OwnMarking(
        procurement_id=procurement_id,
        evaluation_id=here.evaluation.pk,
        title=here.title,
        questions=tuple((number, row.text) for number, row in questions),
        rows=tuple(rows),
        locked_at=here.own.locked_at,
        why_not=here.why_not_mark,
        must_declare=bool(here.own.undeclared) and not here.own.is_recused,
        are_all_locked=here.are_all_locked,
    )
