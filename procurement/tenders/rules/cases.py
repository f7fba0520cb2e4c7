"""What happens in every case that a formula alone does not say, a line each. Pure.

Only lines that a tender can meet: none on maximums without a maximum, none on answers without questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.tenders.vocabulary import Formula, TieRule
from socialvalue.core.money import measured

Case = tuple[str, str]
"""The case, and what happens then."""


@dataclass(frozen=True, slots=True)
class MeasureInWords:
    """A measure asked for, as far as the scoring looks at it. ``is_valued``: it has a £ value, or may get one."""

    code: str
    unit: str = ""
    is_valued: bool = True
    is_mandatory: bool = False
    minimum_quantity: Decimal | None = None
    maximum_quantity: Decimal | None = None
    weight_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class QuestionInWords:
    """A question in its place. ``weight_percent`` None: judged pass or fail."""

    weight_percent: Decimal | None = None
    minimum_mark: int | None = None


@dataclass(frozen=True, slots=True)
class AskedInWords:
    """All that is asked. ``is_lot``: the tender is one lot of several."""

    measures: Sequence[MeasureInWords] = ()
    questions: Sequence[QuestionInWords] = ()
    is_lot: bool = False

    @property
    def has_weights(self) -> bool:
        """Each measure is scored by itself."""
        return any(row.weight_percent is not None for row in self.measures)

    @property
    def has_marks(self) -> bool:
        return any(row.weight_percent is not None for row in self.questions)

    @property
    def has_minimum_marks(self) -> bool:
        return any(row.minimum_mark is not None for row in self.questions)

    @property
    def has_pass_fail(self) -> bool:
        return any(row.weight_percent is None for row in self.questions)


def to_pass(asked: AskedInWords) -> list[str]:
    """What a bid must do to pass: ends of a sentence that begins with "it". Empty: every bid passes."""
    found = []
    mandatory = [row for row in asked.measures if row.is_mandatory]
    if mandatory:
        least = any(row.minimum_quantity is not None for row in mandatory)
        found.append(
            "offers every mandatory measure"
            + (", at its minimum or more where one is set" if least else "")
        )
    if asked.has_pass_fail:
        found.append("meets every question that is pass or fail")
    if asked.has_minimum_marks:
        found.append("gets every minimum mark")
    return found


def cases_of(
    asked: AskedInWords, *, formula: str, tie_rule: str, by_quantity: bool, by_answers: bool
) -> tuple[Case, ...]:
    """Every case of a weighted tender. ``by_quantity``, ``by_answers``: there are points for them."""
    return (
        *(_of_quantities(asked, formula) if by_quantity else ()),
        *_of_bids(asked),
        *_of_answers(asked, by_answers=by_answers),
        ("Equal points", TIES[TieRule(tie_rule)]),
        *_lots(asked),
        (
            "Rounding",
            "Points for quantity and points for answers are each rounded once, at the end: half up, to six places.",
        ),
    )


def cases_of_pass_fail(asked: AskedInWords) -> tuple[Case, ...]:
    """Every case of a tender without points."""
    return (
        *_of_bids(asked),
        *_of_answers(asked, by_answers=False),
        ("Several bids pass", "They are equal on social value."),
        *_lots(asked),
    )


TIES = {
    TieRule.SHARED: "The bids share the place, and the award decides between them with a written reason.",
    TieRule.ANSWERS: (
        "The bid with more points for its answers comes first. If these are equal too, the bids share the place."
    ),
    TieRule.SOCIAL_VALUE: (
        "The bid with more social value in £, as it is scored, comes first. "
        "If that is equal too, the bids share the place."
    ),
    TieRule.LOWER_PRICE: (
        "The bid with the lower price comes first, one without a price last. "
        "If the prices are equal too, the bids share the place."
    ),
}


def _of_quantities(asked: AskedInWords, formula: str) -> list[Case]:
    found = [("Nobody offers any social value", "No bid earns points for quantity.")]
    if asked.has_weights:
        found = [
            ("Nobody offers a measure", "No bid earns its points; no other measure gets them.")
        ]
    if formula == Formula.SHARE_OF_PRICE:
        found.append(
            (
                "A bid without a price above nought",
                "It earns no points for quantity and sets no highest.",
            )
        )
    else:
        found.append(("A bid without a price", "It is scored like any other."))
    found += [
        (
            f"More than {measured(row.maximum_quantity, row.unit)} of {row.code}",
            "What is above it earns no points. All that is offered is promised.",
        )
        for row in asked.measures
        if row.maximum_quantity is not None
    ]
    return found


def _of_bids(asked: AskedInWords) -> list[Case]:
    found = []
    if asked.measures:
        found += [
            ("A measure left out", "It counts as nought. A negative quantity cannot be offered."),
            (
                "A claim that is ruled out",
                "It counts as nought, with a written reason, and all bids are scored again.",
            ),
        ]
    if to_pass(asked):
        found.append(
            ("A bid that does not pass", "It has no points and no rank, and sets no highest.")
        )
    return found


def _of_answers(asked: AskedInWords, *, by_answers: bool) -> list[Case]:
    found = [
        (f"Question {number} marked below {row.minimum_mark}", "The bid does not pass.")
        for number, row in enumerate(asked.questions, start=1)
        if row.minimum_mark is not None
    ]
    if asked.has_marks and by_answers:
        found.append(
            (
                "A question that does not apply to a bid",
                "It has no mark; the weights of the bid's other answers are scaled to 100. "
                "Where none applies, the bid earns no points for answers.",
            )
        )
    elif asked.questions:
        found.append(("A question that does not apply to a bid", "It fails no bid."))
    return found


def _lots(asked: AskedInWords) -> list[Case]:
    if not asked.is_lot:
        return []
    return [
        (
            "Other lots",
            "Each lot is scored by itself; what is offered for another counts nothing here.",
        )
    ]
