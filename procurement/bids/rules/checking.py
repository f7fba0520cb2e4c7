"""What stands between an offer and its submission, and until when it may be sent. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from procurement.bids.rules.offers import (
    HUNDRED,
    MAX_ANSWER,
    MAX_METHOD,
    MAX_PROXY,
    MAX_REASON,
    Asked,
    LineInput,
    OfferInput,
    Wrong,
    answer_name,
    attribution_name,
    method_name,
    proxy_name,
    quantity_name,
    reason_name,
    working_of,
)
from procurement.bids.rules.sharing import wrong_with_parts, wrong_with_sharing
from procurement.bids.vocabulary import OfferState
from socialvalue.core.money import MAX_POUNDS, measured, pounds, quantity_text


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
    if len(line.attribution_reason) > MAX_REASON:
        reason = reason_name(asked.requirement_id)
        found.append(
            Wrong(
                reason,
                f"Why the share of {asked.label} is below 100 must be {MAX_REASON} characters or fewer",
            )
        )
    found += wrong_with_parts(asked, line)
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
    (and a value of one unit where it is negotiated), a share below 100 a reason, parts a name and a quantity within the
    line's, every question an answer, and the offer a price.
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
        return wrong_with_sharing(asked, line)
    found = []
    least = asked.minimum_quantity
    if least is not None and line.quantity is not None and line.quantity < least:
        found.append(
            Wrong(
                name,
                f"{asked.label}: {measured(line.quantity, asked.unit)} is below the minimum of "
                f"{measured(least, asked.unit)}",
            )
        )
    if asked.is_negotiated and line.negotiated_proxy is None:
        found.append(
            Wrong(proxy_name(asked.requirement_id), f"Enter the value of one unit of {asked.label}")
        )
    if line.attribution_percent < HUNDRED and not line.attribution_reason.strip():
        share = quantity_text(line.attribution_percent)
        found.append(
            Wrong(
                reason_name(asked.requirement_id),
                f"Say who else funds {asked.label}, or make its share 100: it is {share} now",
            )
        )
    found += wrong_with_sharing(asked, line)
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


def is_amended_since(submitted_at: datetime, amended_at: datetime | None) -> bool:
    """What is asked was changed after, or in the very moment of, the submission."""
    return amended_at is not None and amended_at >= submitted_at


def bidder_state(
    state: str, *, is_open: bool, is_opened: bool, has_changes: bool
) -> tuple[str, str]:
    """Status key and words for the supplier's own list. ``state`` is an ``OfferState`` or empty."""
    if is_opened:
        return "opened", "Opened by the authority"
    if state == OfferState.DRAFT:
        return ("draft", "Draft, not submitted") if is_open else ("closed", "Closed, not submitted")
    if state != OfferState.SUBMITTED:
        return ("not_started", "Not started") if is_open else ("closed", "Closed, no offer")
    if is_open and has_changes:
        return "in_progress", "Submitted, with changes not submitted"
    return "submitted", "Submitted"
