"""What an offer is, box by box, and what it is worth. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from socialvalue.core.money import MAX_QUANTITY
from toms.valuation.rules import ALL_ADDITIONAL, Additionality, Working, value_of

HUNDRED = Decimal(100)
MAX_METHOD = 2000
MAX_ANSWER = 4000
MAX_REASON = 500
MAX_PARTS = 10
MAX_PART_NAME = 200
MAX_PROXY = Decimal("999999999.999999999")
YES_OR_NO = ("yes/no", "statement")


@dataclass(frozen=True, slots=True)
class PartInput:
    """How much of a line somebody else delivers, in the measure's unit. A draft may lack the name or the quantity."""

    kind: str
    """``partner`` or ``subcontractor``."""
    name: str = ""
    quantity: Decimal | None = None

    @property
    def is_blank(self) -> bool:
        return self.quantity is None and not self.name.strip()


def in_order(parts: Iterable[PartInput]) -> tuple[PartInput, ...]:
    """Parts as they are kept: by kind, then name, with single spaces. Those without name and quantity stay in."""
    tidy = [PartInput(row.kind, " ".join(row.name.split()), row.quantity) for row in parts]
    return tuple(sorted(tidy, key=part_order))


def part_order(part: PartInput) -> tuple[Any, ...]:
    name = " ".join(part.name.split())
    return part.kind, name.casefold(), name, part.quantity is not None, part.quantity or Decimal(0)


@dataclass(frozen=True, slots=True)
class LineInput:
    """What is offered under one requirement. ``quantity`` None: nothing is offered."""

    requirement_id: int
    quantity: Decimal | None = None
    attribution_percent: Decimal = HUNDRED
    negotiated_proxy: Decimal | None = None
    method_statement: str = ""
    attribution_reason: str = ""
    """Who else funds the same, where the share is below 100."""
    parts: tuple[PartInput, ...] = ()
    """What others deliver of it; the rest is the bidder's own."""

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
            and self.attribution_percent == HUNDRED
            and not self.attribution_reason.strip()
            and all(part.is_blank for part in self.parts)
        )

    @property
    def own_quantity(self) -> Decimal | None:
        """What the bidder delivers itself."""
        if self.quantity is None:
            return None
        others = (part.quantity or Decimal(0) for part in self.parts)
        return self.quantity - sum(others, Decimal(0))


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
    def takes_parts(self) -> bool:
        """Whether others can deliver some of it: a yes or a percentage cannot be shared out."""
        return not self.is_yes_or_no and self.unit != "%"

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


def reason_name(requirement_id: int) -> str:
    return f"reason_{requirement_id}"


def parts_name(requirement_id: int) -> str:
    """What the boxes of the parts of a line begin with."""
    return f"part_{requirement_id}"


def part_name(requirement_id: int, number: int, box: str) -> str:
    """The box of one part of a line, counted from 0; ``box`` is kind, name or quantity."""
    return f"{parts_name(requirement_id)}-{number}-{box}"


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
        boxes[reason_name(key)] = row.attribution_reason
        boxes[method_name(key)] = row.method_statement
        kept = in_order(part for part in row.parts if not part.is_blank)
        for number, part in enumerate(kept):
            boxes[part_name(key, number, "kind")] = part.kind
            boxes[part_name(key, number, "name")] = part.name
            boxes[part_name(key, number, "quantity")] = part.quantity
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
