"""The words of a tender pack: when to bid and how, and what the contract says about commitments. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from socialvalue.core.periods import uk_moment

CLAUSE = (
    "The commitments in the schedule are part of the contract. They are what the supplier offered in its bid, measure "
    "by measure.",
    "A commitment is a quantity. Its value in pounds says what the quantity counted for when the bids were compared: "
    "it is not a price, and delivering the same value in another way does not deliver the quantity.",
    "A commitment keeps the measure, its counting rule, its unit value and the share due to this contract as the "
    "schedule states them, until the contract ends. Later editions of the measures do not change it.",
    "Before the work starts, the supplier and the authority agree an action plan: for each commitment the quantity "
    "for each quarter, the person responsible, the milestones and the evidence. The plan spreads the commitments over "
    "time and does not reduce them.",
    "After each quarter the supplier claims what it delivered in that quarter, with evidence. A quantity that other "
    "contracts also paid for is claimed by its share. Evidence holds no more personal data than it needs.",
    "The authority verifies each claim: it accepts it, accepts less with a reason, or returns it to be mended. Only "
    "verified quantities count as delivered, and nobody verifies a claim of their own.",
    "A commitment changes only in writing, agreed by both sides, with the quantity before, the quantity after and the "
    "reason.",
    "Where verified delivery falls behind the action plan, the supplier states within a month how and when it will "
    "catch up. Any other remedy applies only where the terms of the contract provide for it.",
    "The authority may publish the commitments and what was verified.",
)
"""The commitment schedule clause, numbered from 1. A starting point: the authority's own terms come first."""
CLAUSE_STANDING = "The authority starts from this wording. Where the terms of the contract differ, they come first."


def with_zone(local: datetime) -> str:
    """``9 September 2026, midday, UK time (British Summer Time)`` of a moment in London."""
    is_summer = local.dst() != timedelta(0)
    return f"{uk_moment(local)}, UK time ({'British Summer Time' if is_summer else 'Greenwich Mean Time'})"


def how_to_bid(*, site: str, deadline: str, questions_until: str, has_questions: bool) -> list[str]:
    """What a bidder does, step by step. ``deadline`` and ``questions_until`` in words; "" while they are not set."""
    answers = " and the answers" if has_questions else ""
    before = f"before {deadline}" if deadline else "before the deadline"
    until = f" until {questions_until}" if questions_until else " until the deadline"
    return [
        f"Sign in at {site} and open this tender. An account is free, works for every authority, and is yours within "
        "minutes.",
        f"Enter a quantity for each measure you offer{answers}, and your price. Or work offline: download the offer "
        "workbook (XLSX) there, fill it in and upload it.",
        f"Submit {before}. You can submit early and replace your bid until then. A bid that comes at that moment or "
        "later is not taken.",
        "You get a receipt with the time and a fingerprint of what you submitted, and can read your own bid at any "
        "time.",
        "Bids are encrypted until two people of the authority open them after the deadline. Until then nobody there "
        "can see who has bid, or what.",
        f"Questions can be asked there{until}. The answers go to everybody invited, without saying who asked.",
        "Changes to this tender are sent to everybody invited.",
    ]
