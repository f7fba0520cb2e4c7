"""What may be accepted of a claim. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import quantity_text

MAX_REASON = 1_000
MAX_BATCH = 100
NO_EVIDENCE = "There is no evidence for this claim yet, so it cannot be verified. Return it and say what would show it"
OPEN_IT = (
    "This claim is one of those that are opened one by one. Open it, look into it and decide there"
)
NOT_TO_CORRECT = "Only a verified claim can be corrected. This one is not verified."


@dataclass(frozen=True, slots=True)
class SeenClaim:
    """A claim as somebody saw it: its number and the version it had."""

    claim_id: int
    version: int


def check_batch(seen: Sequence[SeenClaim]) -> None:
    """RuleBroken for a batch of nothing, of too much, and of a claim twice."""
    if not seen:
        raise RuleBroken("Tick at least one claim to verify")
    if len(seen) > MAX_BATCH:
        raise RuleBroken(f"Verify {MAX_BATCH} claims at once at most")
    if len({one.claim_id for one in seen}) != len(seen):
        raise RuleBroken("Open the queue again, then tick the claims there")


def accepted_quantity(
    *, claimed: Decimal, accepted: Decimal | None, reason: str, adds_up: bool
) -> Decimal:
    """What is verified: as claimed when nothing else is said, or less with a reason.

    RuleBroken for more than was claimed, for nothing at all, and for less without a reason.
    """
    if accepted is None or accepted == claimed:
        return claimed
    if accepted > claimed:
        raise RuleBroken(
            f"Enter {quantity_text(claimed)} or less. If more was delivered, return the claim to be mended",
            field="quantity",
        )
    if accepted < 0 or (accepted == 0 and adds_up):
        raise RuleBroken(
            "Enter more than 0. If nothing can be accepted, reject the claim", field="quantity"
        )
    check_reason(reason, "Enter the reason for accepting less than was claimed")
    return accepted


def check_reason(
    reason: str, message: str = "Enter the reason, so that the supplier knows what to do"
) -> str:
    """The reason without blanks around it. RuleBroken when there is none, or it is too long."""
    if not reason.strip():
        raise RuleBroken(message, field="reason")
    if len(reason) > MAX_REASON:
        raise RuleBroken(f"The reason must be {MAX_REASON:,} characters or less", field="reason")
    return reason.strip()


def check_correction(
    *,
    quantity: Decimal,
    denominator: Decimal | None,
    stands: Decimal,
    stands_denominator: Decimal | None,
    is_rate: bool,
    reason: str,
) -> str:
    """The reason of a correction. RuleBroken when the figures are not possible or nothing would change."""
    if quantity < 0:
        raise RuleBroken("Enter 0 or more", field="quantity")
    if is_rate:
        if denominator is None or denominator <= 0:
            raise RuleBroken("Enter what the figure is a part of: more than 0", field="denominator")
        if quantity > denominator:
            raise RuleBroken(
                f"Enter {quantity_text(denominator)} or less: it is a part of that",
                field="quantity",
            )
    elif denominator is not None:
        raise RuleBroken(
            "This measure has one figure only. Leave the second box empty", field="denominator"
        )
    if (quantity, denominator) == (stands, stands_denominator):
        raise RuleBroken(
            "This is what is verified already. Enter the right figure", field="quantity"
        )
    return check_reason(reason, "Enter the reason for the correction")
