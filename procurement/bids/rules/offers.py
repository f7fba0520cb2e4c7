"""What an offer is, box by box, and what it is worth. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from socialvalue.core.money import MAX_QUANTITY
from toms.valuation.rules import ALL_ADDITIONAL, Additionality, Working, value_of

HUNDRED = Decimal(100)
MAX_METHOD = 2000
MAX_ANSWER = 4000
MAX_PROXY = Decimal("999999999.999999999")
YES_OR_NO = ("yes/no", "statement")


@dataclass(frozen=True, slots=True)
class LineInput:
    """What is offered under one requirement. ``quantity`` None: nothing is offered."""

    requirement_id: int
    quantity: Decimal | None = None
    attribution_percent: Decimal = HUNDRED
    negotiated_proxy: Decimal | None = None
    method_statement: str = ""

    @property
    def is_offered(self) -> bool:
        """A quantity of 0 promises nothing, so it is no offer."""
        return self.quantity is not None and self.quantity > 0

    @property
    def is_blank(self) -> bool:
        return (
            self.quantity is None
            and not self.method_statement.strip()
            and self.negotiated_proxy is None
        )


@dataclass(frozen=True, slots=True)
class AnswerInput:
    question_id: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class OfferInput:
    """A whole offer. ``price`` is whole life in pounds excluding VAT.

    ``unread`` keeps boxes that could not be read, by name and exactly as typed, so that a draft loses nothing.
    """

    price: Decimal | None = None
    lines: tuple[LineInput, ...] | Sequence[LineInput] = ()
    answers: tuple[AnswerInput, ...] | Sequence[AnswerInput] = ()
    unread: Mapping[str, str] = field(default_factory=dict)

    def line(self, requirement_id: int) -> LineInput:
        """The line of a requirement; a blank one when there is none."""
        found = (row for row in self.lines if row.requirement_id == requirement_id)
        return next(found, LineInput(requirement_id))

    def answer(self, question_id: int) -> str:
        return next((row.text for row in self.answers if row.question_id == question_id), "")


@dataclass(frozen=True, slots=True)
class Asked:
    """The part of a requirement that an offer is held against."""

    requirement_id: int
    label: str
    unit: str
    is_mandatory: bool
    minimum_quantity: Decimal | None
    unit_value: Decimal | None
    """£ of one unit as published; None when not valued or negotiated."""
    is_negotiated: bool
    source: str = ""
    additionality: Additionality = ALL_ADDITIONAL
    """What the measure's method takes off."""

    @property
    def is_yes_or_no(self) -> bool:
        """Offered or not: 1 or 0."""
        return self.unit in YES_OR_NO

    @property
    def most(self) -> Decimal:
        """The largest quantity that means anything in this unit."""
        if self.is_yes_or_no:
            return Decimal(1)
        return HUNDRED if self.unit == "%" else MAX_QUANTITY


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something to mend before submitting: the box on the offer page, and the sentence."""

    name: str
    message: str


def quantity_name(requirement_id: int) -> str:
    return f"quantity_{requirement_id}"


def attribution_name(requirement_id: int) -> str:
    return f"attribution_{requirement_id}"


def proxy_name(requirement_id: int) -> str:
    return f"proxy_{requirement_id}"


def method_name(requirement_id: int) -> str:
    return f"method_{requirement_id}"


def answer_name(question_id: int) -> str:
    return f"answer_{question_id}"


def boxes_of(offer: OfferInput) -> dict[str, Any]:
    """The offer box by box, as the offer page names them; a box that could not be read holds what was typed."""
    boxes: dict[str, Any] = {"price": offer.price}
    for row in offer.lines:
        key = row.requirement_id
        boxes[quantity_name(key)] = row.quantity
        boxes[attribution_name(key)] = row.attribution_percent
        boxes[proxy_name(key)] = row.negotiated_proxy
        boxes[method_name(key)] = row.method_statement
    boxes |= {answer_name(row.question_id): row.text for row in offer.answers}
    return boxes | dict(offer.unread)


def working_of(asked: Asked, line: LineInput) -> Working | None:
    """The value of one offered line with its sum; None when nothing is offered."""
    if not line.is_offered or line.quantity is None or not 0 < line.attribution_percent <= HUNDRED:
        return None
    unit_value = line.negotiated_proxy if asked.is_negotiated else asked.unit_value
    source = "Unit value proposed in this offer" if asked.is_negotiated else asked.source
    return value_of(
        quantity=line.quantity,
        unit_value=unit_value,
        attribution_percent=line.attribution_percent,
        additionality=asked.additionality,
        unit=asked.unit,
        source=source if unit_value is not None else "",
    )


def total_pence(workings: Sequence[Working | None]) -> int:
    """The social value of an offer: the sum of its lines as rounded."""
    return sum(row.value_pence for row in workings if row is not None)
