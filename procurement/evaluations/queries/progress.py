"""What one's own marking and the moderation share: bids, their answers, and how far one is with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from procurement.tenders import queries as tenders

if TYPE_CHECKING:
    from procurement.evaluations.rules import Scoring
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """One answer of one bid. ``shown``: the verdict in words, empty where one is still to be given."""

    number: int
    shown: str


CellT = TypeVar("CellT", bound=AnswerCell)


@dataclass(frozen=True, slots=True)
class AnswerRow(Generic[CellT]):
    """One bid. ``reason``: why it does not pass and needs no verdicts."""

    bid_id: int
    supplier_name: str
    reason: str
    cells: tuple[CellT, ...]

    @property
    def missing(self) -> int:
        return 0 if self.reason else sum(not cell.shown for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerList(Generic[CellT]):
    """Every bid with its answers."""

    procurement_id: int
    title: str
    questions: tuple[tuple[int, str], ...]
    """Those that need a verdict, with the number they have in the tender."""
    rows: tuple[AnswerRow[CellT], ...]
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
    def first_open(self) -> AnswerRow[CellT] | None:
        """Where to go on."""
        return next((row for row in self.rows if row.missing), None)


def numbered_questions(tender: Tender, scoring: Scoring) -> list[tuple[int, tenders.QuestionInfo]]:
    """The questions that need a verdict, with the number each has in the tender."""
    wanted = {row.question_id for row in scoring.to_mark}
    return [
        (number, row)
        for number, row in enumerate(tenders.questions_of(tender.pk), start=1)
        if row.id in wanted
    ]
