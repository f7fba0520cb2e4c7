"""The bidder's own offer as its workbook says it, and what an uploaded one would change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from procurement.bids.queries.offers import OfferView
from procurement.bids.rules import (
    YES_OR_NO,
    OfferInput,
    PartInput,
    answer_name,
    attribution_name,
    boxes_of,
    in_order,
    method_name,
    parts_name,
    proxy_name,
    quantity_name,
    reason_name,
)
from procurement.bids.rules.workbook import BookLine, BookQuestion, OfferBook
from procurement.bids.vocabulary import PartKind
from procurement.tenders.queries import QuestionInfo, RequirementInfo, TenderView
from socialvalue.core.actor import Actor
from socialvalue.core.cells import plain
from socialvalue.core.clock import LONDON
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import pounds, quantity_text
from socialvalue.core.periods import uk_moment


def offer_book(actor: Actor, view: OfferView, *, submitted: bool = False) -> OfferBook:
    """The workbook of an offer that ``my_offer`` gave; with ``submitted`` it says that it is what was sent."""
    if actor.organisation_id is None:
        raise NotVisible
    tender = view.tender
    receipt = view.receipt if submitted else None
    said = (
        f"Submitted {uk_moment(receipt.submitted_at.astimezone(LONDON))}, UK time. Receipt {receipt.receipt}. "
        f"Content hash (SHA-256) {receipt.content_hash}."
        if receipt
        else ""
    )
    return OfferBook(
        tender_id=tender.tender_id,
        reference=tender.reference,
        title=tender.title,
        authority_name=tender.authority_name,
        supplier_id=tender.supplier_id,
        supplier_name=actor.organisation_name,
        deadline=f"{uk_moment(tender.deadline_at.astimezone(LONDON))}, UK time",
        lines=tuple(book_line(row) for row in tender.requirements),
        questions=tuple(
            BookQuestion(row.id, row.text, row.guidance, weight_in_words(row))
            for row in tender.questions
        ),
        boxes=_boxes(tender, view.offer),
        receipt=said,
        is_closed=not view.is_open,
    )


def book_line(row: RequirementInfo) -> BookLine:
    value, least = row.unit_value, row.minimum_quantity
    return BookLine(
        requirement_id=row.id,
        code=row.code,
        title=row.measure.title,
        unit=row.measure.unit,
        is_mandatory=row.is_mandatory,
        minimum=quantity_text(least) if least is not None else "",
        guidance=row.guidance,
        value=value.shown if value else "",
        source=value.cited if value else "",
        has_share=row.measure.adds_up,
        is_negotiated=row.is_negotiated,
        maximum=quantity_text(row.maximum_quantity) if row.maximum_quantity is not None else "",
        weight=f"{quantity_text(row.weight_percent)}%" if row.weight_percent is not None else "",
        place=row.place_name,
    )


def weight_in_words(question: QuestionInfo) -> str:
    """How an answer counts, in words."""
    if question.is_pass_fail or question.weight_percent is None:
        return "Pass or fail"
    weight = f"{quantity_text(question.weight_percent)}%"
    least = question.minimum_mark
    return weight if least is None else f"{weight}, and a mark of {least} or more to pass"


def _boxes(tender: TenderView, offer: OfferInput) -> dict[str, Any]:
    """Every box of the offer page. A measure that is left blank has no line: it is written as a blank line."""
    lines = tuple(offer.line(row.id) for row in tender.requirements)
    return boxes_of(replace(offer, lines=lines))


def offer_changes(
    view: TenderView, now: OfferInput, sent: OfferInput
) -> dict[str, tuple[str, str]]:
    """Box by box what is saved and what was sent, for the bidder's own eyes."""
    labels = {"price": "Whole-life price, excluding VAT"}
    words: dict[str, Callable[[Any], str]] = {"price": _as_pounds}
    for row in view.requirements:
        code, unit = row.code, row.measure.unit
        labels[quantity_name(row.id)] = f"Quantity of {code}"
        labels[attribution_name(row.id)] = f"Share of {code} due to this contract (%)"
        labels[proxy_name(row.id)] = f"Value of one unit of {code} (£)"
        labels[reason_name(row.id)] = f"Who else funds {code}"
        labels[parts_name(row.id)] = f"Partners and sub-contractors of {code}"
        labels[method_name(row.id)] = f"How you will deliver {code}"
        words[proxy_name(row.id)] = _in_full
        if unit == "£":
            words[quantity_name(row.id)] = _as_pounds
        elif unit in YES_OR_NO:
            words[quantity_name(row.id)] = _as_yes_or_no
    texts = [question.text for question in view.questions]
    for question in view.questions:
        which = f" (question {question.position})" if texts.count(question.text) > 1 else ""
        labels[answer_name(question.id)] = question.text + which
    there, mine = (_boxes_in_words(view, offer) for offer in (now, sent))
    # A question nobody has answered yet has no answer: it is compared as an empty one.
    return differences(labels, there, dict.fromkeys(labels, "") | mine, words=words)


def _boxes_in_words(view: TenderView, offer: OfferInput) -> dict[str, Any]:
    """Boxes as they are compared: the parts of a line are one box, a row each."""
    boxes = _boxes(view, offer)
    for row in view.requirements:
        prefix = f"{parts_name(row.id)}-"
        unread = {name for name in offer.unread if name.startswith(prefix)}
        said = [
            _part_in_words(part, row.measure.unit) for part in in_order(offer.line(row.id).parts)
        ]
        boxes[parts_name(row.id)] = "\n".join(
            said + [offer.unread[name] for name in sorted(unread)]
        )
    return boxes


def _part_in_words(part: PartInput, unit: str) -> str:
    much = quantity_text(part.quantity) if part.quantity is not None else "no quantity"
    shown = f"£{much}" if unit == "£" and part.quantity is not None else much
    return f"{PartKind(part.kind).label} {part.name}: {shown}"


def _as_pounds(value: Any) -> str:
    return pounds(value) if isinstance(value, Decimal) else str(value)


def _in_full(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def _as_yes_or_no(value: Any) -> str:
    return ("Yes" if value else "No") if isinstance(value, Decimal) else str(value)
