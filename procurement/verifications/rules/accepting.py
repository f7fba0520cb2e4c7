"""What may be accepted of a claim. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.deliveries.rules import WHOLE_OR_NOTHING
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import measured, quantity_text

MAX_REASON = 1_000
MAX_BATCH = 100
TEN_TIMES = 10
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


@dataclass(frozen=True, slots=True)
class Verified:
    """A verified claim, as far as its correction needs it: what was claimed, what stands verified, what was promised.

    Quantities of a rate are its part; ``promised`` is then a percentage.
    """

    unit: str
    adds_up: bool
    is_rate: bool
    claimed: Decimal
    claimed_whole: Decimal | None
    stands: Decimal
    stands_whole: Decimal | None
    promised: Decimal


def check_correction(
    about: Verified, *, quantity: Decimal, whole: Decimal | None, reason: str, is_sure: bool = False
) -> str:
    """The reason of a correction. RuleBroken when the figures are not possible or nothing would change.

    What adds up is never corrected to more than was claimed: nobody claimed it, and parts of a shared delivery would
    count twice. A figure that stands alone cannot be claimed a second time, and of a rate the share counts: more than
    was claimed needs ``is_sure``.
    """
    _check_possible(about, quantity, whole)
    if about.adds_up and quantity > about.claimed:
        raise RuleBroken(
            f"Enter {measured(about.claimed, about.unit)} or less: that is what was claimed. "
            "If more was delivered, ask the supplier for a claim of the rest",
            field="quantity",
        )
    if (quantity, whole) == (about.stands, about.stands_whole):
        raise RuleBroken(
            "This is what is verified already. Enter the right figure", field="quantity"
        )
    doubt = doubt_about(about, quantity, whole)
    if doubt and not is_sure:
        raise RuleBroken(f"{doubt} Check the figure, then tick that it is right", field="is_sure")
    return check_reason(reason, "Enter the reason for the correction")


def doubt_about(about: Verified, quantity: Decimal, whole: Decimal | None) -> str:
    """What is hard to believe of a corrected figure that does not add up; empty when nothing is."""
    if about.adds_up:
        return ""
    now, before = _shown(quantity, whole), _shown(about.claimed, about.claimed_whole)
    if _size(quantity, whole) <= _size(about.claimed, about.claimed_whole):
        return ""
    if about.promised and _size(quantity, whole) >= about.promised * TEN_TIMES:
        return f"{now} is ten times what was promised, or more. The supplier claimed {before}."
    return f"{now} is more than the supplier claimed, {before}."


def _check_possible(about: Verified, quantity: Decimal, whole: Decimal | None) -> None:
    if quantity < 0:
        raise RuleBroken("Enter 0 or more", field="quantity")
    if about.is_rate:
        if whole is None or whole <= 0:
            raise RuleBroken("Enter what the figure is a part of: more than 0", field="denominator")
        if quantity > whole:
            raise RuleBroken(
                f"Enter {quantity_text(whole)} or less: it is a part of that", field="quantity"
            )
    elif whole is not None:
        raise RuleBroken(
            "This measure has one figure only. Leave the second box empty", field="denominator"
        )
    elif about.unit in WHOLE_OR_NOTHING and quantity not in (0, 1):
        raise RuleBroken("Enter 1 when it was done and 0 when it was not", field="quantity")


def _size(quantity: Decimal, whole: Decimal | None) -> Decimal:
    """What figures are compared by: of a rate the percentage."""
    return quantity * 100 / whole if whole else quantity


def _shown(quantity: Decimal, whole: Decimal | None) -> str:
    if whole is None:
        return quantity_text(quantity)
    return f"{quantity_text(quantity)} of {quantity_text(whole)}"
