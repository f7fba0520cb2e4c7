"""What cannot be written out as it is sealed. One offer that cannot be kept would stop the opening of all. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from procurement.bids.rules.offers import (
    OfferInput,
    Wrong,
    answer_name,
    attribution_name,
    method_name,
    part_name,
    proxy_name,
    quantity_name,
    reason_name,
)


def wrong_to_keep(offer: OfferInput) -> list[Wrong]:
    """Numbers with more decimals than their column has, and texts with a character that no column takes."""
    found = [
        Wrong(name, f"Use at most {places} decimals: {number:f} has more")
        for name, number, places in _numbers(offer)
        if number is not None and number != round(number, places)
    ]
    return found + [
        Wrong(name, "Remove the invisible null character from this text")
        for name, text in _texts(offer)
        if "\0" in text
    ]


def _numbers(offer: OfferInput) -> Iterator[tuple[str, Decimal | None, int]]:
    yield "price", offer.price, 2
    for line in offer.lines:
        key = line.requirement_id
        yield quantity_name(key), line.quantity, 3
        yield attribution_name(key), line.attribution_percent, 2
        yield proxy_name(key), line.negotiated_proxy, 9
        for number, part in enumerate(line.parts):
            yield part_name(key, number, "quantity"), part.quantity, 3


def _texts(offer: OfferInput) -> Iterator[tuple[str, str]]:
    for line in offer.lines:
        key = line.requirement_id
        yield method_name(key), line.method_statement
        yield reason_name(key), line.attribution_reason
        for number, part in enumerate(line.parts):
            yield part_name(key, number, "name"), part.name
    for answer in offer.answers:
        yield answer_name(answer.question_id), answer.text
