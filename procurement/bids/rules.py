"""What an offer is, when it may be submitted, how it is written down to be sealed, and its hash. Pure."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from procurement.bids.vocabulary import BidStatus
from socialvalue.core.money import MAX_POUNDS, MAX_QUANTITY, pounds, quantity_text
from toms.valuation.rules import Working, value_of

HUNDRED = Decimal(100)
MAX_METHOD = 2000
MAX_ANSWER = 4000
MAX_PROXY = Decimal("999999999.999999999")
YES_OR_NO = ("yes/no", "statement")
FORMAT = 1


# --- the offer ----------------------------------------------------------------------------------


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


# --- valuing ------------------------------------------------------------------------------------


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
        unit=asked.unit,
        source=source if unit_value is not None else "",
    )


def total_pence(workings: Sequence[Working | None]) -> int:
    """The social value of an offer: the sum of its lines as rounded."""
    return sum(row.value_pence for row in workings if row is not None)


# --- checking -----------------------------------------------------------------------------------


def wrong_with_line(asked: Asked, line: LineInput) -> list[Wrong]:
    """Ranges that hold for a draft as well: not negative, not absurd, a share above 0 and at most 100."""
    found: list[Wrong] = []
    name = quantity_name(asked.requirement_id)
    if line.quantity is not None and not 0 <= line.quantity <= asked.most:
        most = f" and at most {quantity_text(asked.most)}"
        found.append(Wrong(name, f"The quantity of {asked.label} must be 0 or more{most}"))
    if not 0 < line.attribution_percent <= HUNDRED:
        share = attribution_name(asked.requirement_id)
        found.append(
            Wrong(share, f"The share of {asked.label} must be more than 0 and at most 100")
        )
    if line.negotiated_proxy is not None and not 0 <= line.negotiated_proxy <= MAX_PROXY:
        proxy = proxy_name(asked.requirement_id)
        found.append(Wrong(proxy, f"The value of one unit of {asked.label} must be 0 or more"))
    if len(line.method_statement) > MAX_METHOD:
        method = method_name(asked.requirement_id)
        found.append(
            Wrong(
                method,
                f"What you say about {asked.label} must be {MAX_METHOD:,} characters or fewer",
            )
        )
    if not found:
        working = working_of(asked, line)
        if working is not None and working.value is not None and working.value > MAX_POUNDS:
            found.append(
                Wrong(
                    name,
                    f"{asked.label} comes to {pounds(working.value)}. Check the quantity and its unit",
                )
            )
    return found


def wrong_for_submission(
    asked: Sequence[Asked], questions: Sequence[tuple[int, str]], offer: OfferInput
) -> list[Wrong]:
    """Everything that stands between this offer and its submission, in the order of the page.

    Mandatory measures need a quantity above 0, minimums must be reached, what is offered needs a method statement
    (and a value of one unit where it is negotiated), every question an answer, and the offer a price.
    """
    found = [
        Wrong(name, f"Change “{text}”: it could not be read") for name, text in offer.unread.items()
    ]
    for row in asked:
        if quantity_name(row.requirement_id) in offer.unread:
            continue
        line = offer.line(row.requirement_id)
        found += wrong_with_line(row, line) or _line_incomplete(row, line)
    for question_id, text in questions:
        answer = offer.answer(question_id)
        if not answer.strip():
            found.append(Wrong(answer_name(question_id), f"Answer the question: {text}"))
        elif len(answer) > MAX_ANSWER:
            found.append(
                Wrong(
                    answer_name(question_id),
                    f"The answer must be {MAX_ANSWER:,} characters or fewer: {text}",
                )
            )
    if offer.price is None and "price" not in offer.unread:
        found.append(Wrong("price", "Enter your whole-life price, excluding VAT"))
    elif offer.price is not None and not 0 < offer.price <= MAX_POUNDS:
        found.append(Wrong("price", "The price must be more than £0"))
    return found


def _line_incomplete(asked: Asked, line: LineInput) -> list[Wrong]:
    name = quantity_name(asked.requirement_id)
    if not line.is_offered:
        if asked.is_mandatory:
            return [Wrong(name, f"{asked.label} is mandatory: enter a quantity above 0")]
        return []
    found = []
    least = asked.minimum_quantity
    if least is not None and line.quantity is not None and line.quantity < least:
        found.append(
            Wrong(
                name,
                f"{asked.label}: {quantity_text(line.quantity)} is below the minimum of "
                f"{quantity_text(least)} {asked.unit}",
            )
        )
    if asked.is_negotiated and line.negotiated_proxy is None:
        found.append(
            Wrong(proxy_name(asked.requirement_id), f"Enter the value of one unit of {asked.label}")
        )
    if not line.method_statement.strip():
        found.append(
            Wrong(method_name(asked.requirement_id), f"Say how you will deliver {asked.label}")
        )
    return found


def can_submit(*, deadline_at: datetime, now: datetime) -> bool:
    """Before the deadline, not at it."""
    return now < deadline_at


def may_open_at(*, deadline_at: datetime | None, now: datetime) -> bool:
    """From the deadline on, never before."""
    return deadline_at is not None and now >= deadline_at


def bidder_state(status: str | None, *, is_open: bool, has_changes: bool) -> tuple[str, str]:
    """Status key and words for the supplier's own list."""
    if status is None:
        return ("not_started", "Not started") if is_open else ("closed", "Closed, no offer")
    if status == BidStatus.DRAFT:
        return ("draft", "Draft, not submitted") if is_open else ("closed", "Closed, not submitted")
    if status == BidStatus.OPENED:
        return "opened", "Opened by the authority"
    if is_open and has_changes:
        return "in_progress", "Submitted, with changes not submitted"
    return "submitted", "Submitted"


# --- writing it down ----------------------------------------------------------------------------


def content_of(offer: OfferInput) -> dict[str, Any]:
    """The offer as plain values in a fixed order: what the bidder promises, nothing else. Numbers are text."""
    lines = sorted(
        (row for row in offer.lines if not row.is_blank), key=lambda row: row.requirement_id
    )
    answers = sorted((row for row in offer.answers if row.text), key=lambda row: row.question_id)
    return {
        "price": _text(offer.price),
        "lines": [
            {
                "requirement_id": row.requirement_id,
                "quantity": _text(row.quantity),
                "attribution_percent": _text(row.attribution_percent),
                "negotiated_proxy": _text(row.negotiated_proxy),
                "method_statement": _lines(row.method_statement),
            }
            for row in lines
        ],
        "answers": [{"question_id": row.question_id, "text": _lines(row.text)} for row in answers],
    }


def offer_of(content: Mapping[str, Any]) -> OfferInput:
    """The inverse of ``content_of``."""
    return OfferInput(
        price=_number(content["price"]),
        lines=tuple(
            LineInput(
                row["requirement_id"],
                _number(row["quantity"]),
                _number(row["attribution_percent"]) or HUNDRED,
                _number(row["negotiated_proxy"]),
                row["method_statement"],
            )
            for row in content["lines"]
        ),
        answers=tuple(AnswerInput(row["question_id"], row["text"]) for row in content["answers"]),
        unread=dict(content.get("unread", {})),
    )


def is_same_offer(one: OfferInput, other: OfferInput) -> bool:
    return content_of(one) == content_of(other) and dict(one.unread) == dict(other.unread)


def draft_text(offer: OfferInput, *, page_key: str, page_from: int) -> str:
    """A draft as it is encrypted: the offer, the boxes that could not be read, and the page that wrote it."""
    return canonical(
        content_of(offer)
        | {
            "unread": dict(offer.unread),
            "page_key": page_key,
            "page_from": page_from,
            "format": FORMAT,
        }
    )


@dataclass(frozen=True, slots=True)
class Draft:
    offer: OfferInput
    page_key: str
    """The page that wrote last; the same page may go on without having seen its own autosaves."""
    page_from: int


def draft_of(text: str) -> Draft:
    content = json.loads(text)
    return Draft(offer_of(content), content["page_key"], content["page_from"])


def sealed_text(offer: OfferInput, *, tender_id: int, supplier_id: int, salt: str) -> str:
    """What is hashed and sealed. The salt keeps a short offer from being guessed from its hash; the ids keep a
    sealed offer from being moved to another tender or supplier."""
    return canonical(
        content_of(replace(offer, unread={}))
        | {"format": FORMAT, "tender_id": tender_id, "supplier_id": supplier_id, "salt": salt}
    )


def sealed_offer(text: str, *, tender_id: int, supplier_id: int) -> OfferInput:
    """The inverse of ``sealed_text``. ValueError when it was written for another tender or supplier."""
    content = json.loads(text)
    if (content["tender_id"], content["supplier_id"]) != (tender_id, supplier_id):
        raise ValueError("This offer was sealed for another tender or supplier.")
    return offer_of(content)


def canonical(content: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces: the same content is the same bytes."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(text: str) -> str:
    """SHA-256 of the canonical text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def receipt_number(random_bytes: bytes) -> str:
    """``SV-ABCDE-FGHIJ`` from at least 7 random bytes."""
    text = base64.b32encode(random_bytes).decode()[:10]
    return f"SV-{text[:5]}-{text[5:]}"


def _text(number: Decimal | None) -> str | None:
    if number is None:
        return None
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _lines(text: str) -> str:
    """Line ends as one character, so that browsers do not change the hash."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
