"""From the award to the signature: what must be done first, and on which days a contract can be signed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from procurement.awards.rules.standstill import first_day_to_sign
from socialvalue.core.errors import RuleBroken
from socialvalue.core.periods import uk_date

NOT_SIGNED = "This contract is not signed yet."
NOTICE_BEFORE_SUMMARIES = (
    "Issue the assessment summaries first: every bidder has its own before the notice is published."
)


class Gate(StrEnum):
    """What a contract passes before it is live."""

    SUMMARIES = "summaries"
    STANDSTILL = "standstill"
    WAIT = "wait"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class SigningFacts:
    """Where an award stands. ``issued_on``, ``ends_on`` None: not yet."""

    awarded_on: date
    needs_summaries: bool
    needs_standstill: bool
    issued_on: date | None = None
    standstill_ends_on: date | None = None


def gates(facts: SigningFacts, today: date) -> list[Gate]:
    """What is still to be passed, in order; the last is the signature itself."""
    left = []
    if facts.needs_summaries and facts.issued_on is None:
        left.append(Gate.SUMMARIES)
    if facts.needs_standstill and facts.standstill_ends_on is None:
        left.append(Gate.STANDSTILL)
    if facts.standstill_ends_on is not None and today <= facts.standstill_ends_on:
        left.append(Gate.WAIT)
    return [*left, Gate.SIGNATURE]


def check_signature(facts: SigningFacts, signed_on: date, today: date) -> None:
    """RuleBroken for a day on which the contract could not be signed, or that has not come."""
    if facts.needs_summaries and facts.issued_on is None:
        raise RuleBroken(
            "Issue the assessment summaries to every bidder before the contract is signed."
        )
    if facts.needs_standstill and facts.standstill_ends_on is None:
        raise RuleBroken(
            "Record the notice that starts the standstill before the contract is signed."
        )
    if facts.standstill_ends_on is not None and signed_on <= facts.standstill_ends_on:
        raise RuleBroken(
            f"The standstill ends on {uk_date(facts.standstill_ends_on)}. The contract can be "
            f"signed from {uk_date(first_day_to_sign(facts.standstill_ends_on))}.",
            field="signed_on",
        )
    if signed_on < facts.awarded_on:
        raise RuleBroken(
            f"The day of signing must be on or after {uk_date(facts.awarded_on)}, the day of the award.",
            field="signed_on",
        )
    if facts.needs_summaries and facts.issued_on is not None and signed_on < facts.issued_on:
        raise RuleBroken(
            f"The assessment summaries were issued on {uk_date(facts.issued_on)}, and the contract is "
            "signed after them. Enter that day or a later one.",
            field="signed_on",
        )
    if signed_on > today:
        raise RuleBroken(
            "The day of signing must be today or in the past. Record it once it is signed.",
            field="signed_on",
        )
