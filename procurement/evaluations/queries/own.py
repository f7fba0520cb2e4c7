"""One's own marking: every bid and every question, what is done and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from procurement.evaluations.models import EvaluationMark
from procurement.evaluations.permissions import MARK_REASON
from procurement.evaluations.queries.bid import room
from procurement.evaluations.queries.marking import failed_as_offered
from procurement.evaluations.queries.scoring import scoring_of
from procurement.evaluations.queries.verdicts import verdict_of
from procurement.evaluations.rules.panels import shown
from procurement.evaluations.vocabulary import PanelRole
from procurement.tenders import queries as tenders
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class OwnCell:
    """One answer: what I gave, empty where nothing yet. ``rationale`` for the page before locking."""

    number: int
    text: str
    shown: str
    rationale: str


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One bid. ``reason``: why it does not pass and needs no marks."""

    bid_id: int
    supplier_name: str
    reason: str
    cells: tuple[OwnCell, ...]

    @property
    def done(self) -> int:
        return sum(bool(cell.shown) for cell in self.cells)

    @property
    def missing(self) -> int:
        return 0 if self.reason else len(self.cells) - self.done


@dataclass(frozen=True, slots=True)
class OwnMarking:
    """``why_not`` is empty while this person marks; ``locked_at`` set once they have finished."""

    procurement_id: int
    evaluation_id: int
    title: str
    questions: tuple[tuple[int, str], ...]
    rows: tuple[OwnRow, ...]
    locked_at: datetime | None
    why_not: str
    must_declare: bool
    """Interests are still to be declared."""
    are_all_locked: bool

    @property
    def missing(self) -> int:
        return sum(row.missing for row in self.rows)

    @property
    def total(self) -> int:
        return sum(len(row.cells) for row in self.rows if not row.reason)

    @property
    def done(self) -> int:
        return self.total - self.missing

    @property
    def first_open(self) -> OwnRow | None:
        """Where to go on."""
        return next((row for row in self.rows if row.missing), None)

    @property
    def may_lock(self) -> bool:
        return not self.why_not and not self.missing


def own_marking(actor: Actor, procurement_id: int) -> OwnMarking:
    """For an evaluator of the panel, recused ones too. NotVisible elsewhere or before the opening; else NotAllowed."""
    here = room(actor, procurement_id)
    if here.own is None or here.own.role != PanelRole.EVALUATOR:
        raise NotAllowed(MARK_REASON)
    scoring = scoring_of(here.tender)
    wanted = {row.question_id for row in scoring.to_mark}
    questions = [
        (number, row)
        for number, row in enumerate(tenders.questions_of(here.tender.pk), start=1)
        if row.id in wanted
    ]
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
                    question.text,
                    shown(verdict_of(mark)) if mark else "",
                    mark.rationale if mark else "",
                )
            )
        rows.append(OwnRow(bid.id, bid.supplier_name, reasons[bid.id], tuple(cells)))
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
