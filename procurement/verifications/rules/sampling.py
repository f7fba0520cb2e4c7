"""Which claims are looked into one by one. Pure: seed, claim and share decide, and anybody can work it out again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from procurement.verifications.vocabulary import Sampled
from socialvalue.core.errors import RuleBroken
from socialvalue.core.periods import add_months, quarter_start, quarters_between

LOTS = 16**8
"""A lot is the first eight hexadecimal digits of a hash: a whole number from 0 to one below this."""
QUARTERS_BACK = 8
"""How many quarters before the current one have a seed from the start: claims may be sent late."""
MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class Terms:
    """A sampling rule: from which day on, the value in pence at which every claim is opened, the share of the rest."""

    from_date: date
    always_above_pence: int
    share_percent: Decimal


def terms_on(rules: Sequence[Terms], day: date) -> Terms | None:
    """The rule for a claim that was sent on ``day``: the latest that had begun; None when none had."""
    begun = [rule for rule in rules if rule.from_date <= day]
    return max(begun, key=lambda rule: rule.from_date, default=None)


def lot(seed: str, claim_id: int) -> int:
    """The number a claim draws: the first eight hexadecimal digits of the SHA-256 of ``seed:claim``."""
    return int(hashlib.sha256(f"{seed}:{claim_id}".encode()).hexdigest()[:8], 16)


def drawn(seed: str, claim_id: int, share: Decimal) -> bool:
    """Whether a claim is in the sample of this share, a percentage: its lot lies in the first part of all lots.

    At 0 none is drawn, at 100 every one. A greater share draws all that a smaller one does, and more.
    """
    return lot(seed, claim_id) * 100 < share * LOTS


def lot_percent(seed: str, claim_id: int) -> Decimal:
    """The lot as a percentage of all lots, cut to two places: as such it is below the share just when it is drawn."""
    return (Decimal(lot(seed, claim_id)) * 100 / LOTS).quantize(Decimal("0.01"), ROUND_DOWN)


def how_sampled(
    terms: Terms | None, *, value_pence: int | None, seed: str | None, claim_id: int
) -> Sampled:
    """How a claim comes to be looked into.

    Without a rule nothing says that it has to be opened. Under a rule every one without a value (None), and at the
    rule's value or more; of the others those that the seed draws. Without a seed nobody can say yet: ``UNSAID``, and
    such a claim is opened.
    """
    if terms is None:
        return Sampled.NO_RULE
    if value_pence is None:
        return Sampled.NO_VALUE
    if value_pence >= terms.always_above_pence:
        return Sampled.ABOVE
    if seed is None:
        return Sampled.UNSAID
    return Sampled.DRAWN if drawn(seed, claim_id, terms.share_percent) else Sampled.NOT_DRAWN


def is_same_draw(recorded: str, again: Sampled) -> bool:
    """Whether a decision's record agrees with the draw made again.

    ``ABOVE`` was once recorded too where no rule was in force and where the claim had no value. Such records are
    never changed, and agree with what is said of these claims now.
    """
    return recorded == again or (
        recorded == Sampled.ABOVE and again in (Sampled.NO_RULE, Sampled.NO_VALUE)
    )


def sample_quarters(today: date) -> list[date]:
    """The quarters that have a seed as soon as there is a rule: the current one and those before it."""
    return quarters_between(
        quarter_start(add_months(quarter_start(today), -3 * QUARTERS_BACK)), today
    )


def check_terms(terms: Terms, reason: str, today: date) -> str:
    """The reason without blanks around it. RuleBroken with every fault of the form at once."""
    faults: list[tuple[str, str]] = []
    if terms.from_date <= today:
        faults.append(
            (
                "from_date",
                "The first day must be after today: a rule is set before the claims are known",
            )
        )
    if terms.always_above_pence < 0:
        faults.append(("always_above", "Enter 0 or more"))
    if not 0 <= terms.share_percent <= 100:
        faults.append(("share_percent", "Enter a share from 0 to 100"))
    if not reason.strip():
        faults.append(("reason", "Enter the reason for this rule, so that others can judge it"))
    elif len(reason.strip()) > MAX_REASON:
        faults.append(("reason", f"The reason must be {MAX_REASON} characters or less"))
    if faults:
        (field, message), *more = faults
        raise RuleBroken(message, field=field, more=[(name, text) for name, text in more])
    return reason.strip()
