"""How an offer is written down to be sealed, and its hash. Pure."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from procurement.bids.rules.offers import (
    HUNDRED,
    AnswerInput,
    LineInput,
    OfferInput,
    PartInput,
    in_order,
)

FORMAT = 1


def content_of(offer: OfferInput) -> dict[str, Any]:
    """The offer as plain values in a fixed order: what the bidder promises, nothing else. Numbers are text."""
    lines = sorted(
        (row for row in offer.lines if not row.is_blank), key=lambda row: row.requirement_id
    )
    answers = sorted(
        (row for row in offer.answers if row.text.strip()), key=lambda row: row.question_id
    )
    return {
        "price": _text(offer.price),
        "lines": [
            {
                "requirement_id": row.requirement_id,
                "quantity": _text(row.quantity),
                "attribution_percent": _text(row.attribution_percent),
                "negotiated_proxy": _text(row.negotiated_proxy),
                "method_statement": _lines(row.method_statement),
                "attribution_reason": _lines(row.attribution_reason),
                "parts": [
                    {"kind": part.kind, "name": part.name, "quantity": _text(part.quantity)}
                    for part in in_order(part for part in row.parts if not part.is_blank)
                ],
            }
            for row in lines
        ],
        "answers": [{"question_id": row.question_id, "text": _lines(row.text)} for row in answers],
    }


def offer_of(content: Mapping[str, Any]) -> OfferInput:
    """The inverse of ``content_of``; offers written before reasons and parts were asked for are read as well."""
    return OfferInput(
        price=_number(content["price"]),
        lines=tuple(
            LineInput(
                row["requirement_id"],
                _number(row["quantity"]),
                _number(row["attribution_percent"]) or HUNDRED,
                _number(row["negotiated_proxy"]),
                row["method_statement"],
                row.get("attribution_reason", ""),
                tuple(
                    PartInput(part["kind"], part["name"], _number(part["quantity"]))
                    for part in row.get("parts", ())
                ),
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
