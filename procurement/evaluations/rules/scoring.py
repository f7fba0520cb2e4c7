"""What was published about scoring, and a bid as it is scored. Pure: no Django, no clock, Decimal only.

The social value part of an award is 100 points. ``quantitative_percent`` of them go by the quantities offered, the rest
by the answers; without questions that carry points the quantities carry all 100. See ``gate`` for what a bid must meet,
``ranking`` for the points and the order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from procurement.evaluations.rules.verdicts import Verdict
from procurement.tenders.rules import SCORE_STEP
from procurement.tenders.vocabulary import Formula, TieRule

HUNDRED = Decimal(100)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure as the tender asks for it. ``weight_percent``: of the points for quantities, where each has its own."""

    requirement_id: int
    label: str
    unit: str = ""
    is_mandatory: bool = False
    minimum_quantity: Decimal | None = None
    weight_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question: pass or fail, or marked 0 to 5 with a weight in percent of the points for answers."""

    question_id: int
    label: str
    weight_percent: Decimal | None = None
    is_pass_fail: bool = False
    minimum_mark: int | None = None


@dataclass(frozen=True, slots=True)
class Scoring:
    """What was published."""

    is_pass_fail: bool
    weighting_percent: Decimal | None
    quantitative_percent: Decimal
    requirements: Sequence[Asked] = ()
    questions: Sequence[AskedQuestion] = ()
    formula: str = Formula.SHARE_OF_HIGHEST
    target_pence: int | None = None
    tie_rule: str = TieRule.SHARED

    @property
    def quantitative_share(self) -> Decimal:
        """Points out of 100 that quantities carry."""
        has_weights = any(row.weight_percent is not None for row in self.questions)
        return self.quantitative_percent if has_weights else HUNDRED

    @property
    def qualitative_share(self) -> Decimal:
        return HUNDRED - self.quantitative_share

    @property
    def weights(self) -> dict[int, Decimal]:
        """By requirement, where each measure is scored by itself; else empty."""
        return {
            row.requirement_id: row.weight_percent
            for row in self.requirements
            if row.weight_percent is not None
        }

    @property
    def to_mark(self) -> tuple[AskedQuestion, ...]:
        """The questions that need a verdict: those that can fail a bid, and those that carry points here."""
        has_points = not self.is_pass_fail and self.qualitative_share > 0
        return tuple(
            row
            for row in self.questions
            if row.is_pass_fail or row.minimum_mark is not None or has_points
        )

    @property
    def needs_marks(self) -> bool:
        return bool(self.to_mark)


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """What one bid offers of one measure.

    ``quantity`` is all that is offered; ``value_pence`` and ``amount`` are of what is scored, without what lies above a
    cap. ``amount``: £, or the quantity of a measure without a value; for weights by measure only.
    """

    requirement_id: int
    quantity: Decimal
    value_pence: int = 0
    amount: Decimal = ZERO
    is_ruled_out: bool = False


@dataclass(frozen=True, slots=True)
class ScoredBid:
    """A bid as it is scored: whole pence, a line a requirement, the moderated verdict a question."""

    bid_id: int
    lines: Sequence[ScoredLine] = ()
    verdicts: Mapping[int, Verdict] = field(default_factory=dict)
    price_pence: int | None = None

    @property
    def social_value_pence(self) -> int:
        """What counts: without lines that were ruled out and what lies above a cap."""
        return sum(line.value_pence for line in self.lines if not line.is_ruled_out)

    @property
    def amounts(self) -> dict[int, Decimal]:
        return {line.requirement_id: line.amount for line in self.lines if not line.is_ruled_out}


@dataclass(frozen=True, slots=True)
class Score:
    """Points out of 100 of the social value part. ``rank`` is set if and only if the bid passed."""

    bid_id: int
    social_value_pence: int
    quantitative: Decimal
    qualitative: Decimal
    total: Decimal
    is_passed: bool
    reason: str
    rank: int | None


def round_score(points: Decimal) -> Decimal:
    return points.quantize(SCORE_STEP, rounding=ROUND_HALF_UP)
