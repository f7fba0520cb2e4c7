"""How a commitment is spread over the quarters of its contract. Pure; nothing is lost or gained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import MILLI, quantity_text, split_evenly
from socialvalue.core.periods import quarter_end, quarter_label, quarters_between

ZERO = Decimal(0)
BEFORE_VERSIONS = "As it stood before versions were kept."
"""The reason of the first version kept of a plan that is older than its versions."""


@dataclass(frozen=True, slots=True)
class Share:
    """What falls due in one quarter: quantity, and its part of the commitment's pence."""

    quarter: date
    due_on: date
    quantity: Decimal
    value_pence: int


def quarters_of(starts_on: date, ends_on: date) -> list[date]:
    """First days of every quarter the contract touches."""
    return quarters_between(starts_on, ends_on)


def due_on(quarter: date, ends_on: date) -> date:
    """A milestone falls due on the last day of its quarter, or of the contract if that is earlier."""
    return min(quarter_end(quarter), ends_on)


def spread(quantity: Decimal, quarters: Sequence[date], *, adds_up: bool) -> dict[date, Decimal]:
    """Even shares in thousandths, the rest in the last quarter; they add up to ``quantity`` exactly.

    A rate or a latest figure is not divided: each quarter repeats the target.
    """
    if not adds_up:
        return dict.fromkeys(quarters, quantity)
    return dict(zip(quarters, split_evenly(quantity, len(quarters), MILLI), strict=True))


def spread_pence(value_pence: int, quantities: Sequence[Decimal]) -> list[int]:
    """Whole pence for each quantity, in proportion, adding up to ``value_pence`` exactly.

    The running total is rounded half up and each share is its step, so no penny is lost and no
    share is negative. Without any quantity everything goes last.
    """
    total = sum(quantities, ZERO)
    if not quantities:
        return []
    if total == 0:
        return [*([0] * (len(quantities) - 1)), value_pence]
    shares, running, given = [], ZERO, 0
    for quantity in quantities:
        running += quantity
        reached = int((value_pence * running / total).quantize(Decimal(1), rounding=ROUND_HALF_UP))
        shares.append(reached - given)
        given = reached
    return shares


def shares_of(quantities: Mapping[date, Decimal], value_pence: int, ends_on: date) -> list[Share]:
    """The quarters of a commitment that adds up, with their pence, in order of time."""
    quarters = sorted(quantities)
    pence = spread_pence(value_pence, [quantities[quarter] for quarter in quarters])
    return [
        Share(quarter, due_on(quarter, ends_on), quantities[quarter], part)
        for quarter, part in zip(quarters, pence, strict=True)
    ]


def plan_again(
    target: Decimal,
    settled: Mapping[date, Decimal],
    open_quarters: Sequence[date],
    *,
    adds_up: bool,
) -> dict[date, Decimal]:
    """Every quarter once the target changed: the settled ones as they were, the rest of it spread over the open ones.

    Together they make the target exactly. RuleBroken when the settled quarters hold more than the target, or when
    something is left and no quarter is.
    """
    if not adds_up:
        return {**settled, **dict.fromkeys(open_quarters, target)}
    held = sum(settled.values(), ZERO)
    if target < held:
        raise RuleBroken(
            f"The quarters that are over hold {quantity_text(held)} already, and the past stays as it was. "
            f"Enter {quantity_text(held)} or more; with {quantity_text(held)} nothing more is due.",
            field="quantity",
        )
    if not open_quarters:
        if target != held:
            raise RuleBroken("No quarter of the contract is left to plan.", field="from_quarter")
        return dict(settled)
    return {**settled, **spread(target - held, open_quarters, adds_up=True)}


def pence_of(
    quantities: Mapping[date, Decimal], value_pence: int, settled: Mapping[date, int]
) -> dict[date, int]:
    """Whole pence of each quarter, adding up to ``value_pence`` exactly.

    ``settled``: quarters whose pence stay as they were posted; what is left of the value is shared by the others by
    quantity. Rounding may leave the last of them a penny less than nothing.
    """
    open_quarters = sorted(quarter for quarter in quantities if quarter not in settled)
    left = value_pence - sum(settled.values())
    shares = spread_pence(left, [quantities[quarter] for quarter in open_quarters])
    return {**settled, **dict(zip(open_quarters, shares, strict=True))}


def check_quantities(
    target: Decimal,
    quantities: Mapping[date, Decimal],
    quarters: Sequence[date],
    *,
    adds_up: bool,
    settled: Mapping[date, Decimal] | None = None,
) -> None:
    """RuleBroken unless there is one quantity a quarter and they add up to the target exactly.

    The sentence says by how much they are off. A measure that does not add up repeats its target. ``settled``: what
    quarters hold that no longer move.
    """
    settled = settled or {}
    if set(quantities) != set(quarters):
        raise RuleBroken("Enter a quantity for every quarter of the contract; 0 where none is due.")
    for quarter, quantity in quantities.items():
        if quantity < 0:
            raise RuleBroken(f"{quarter_label(quarter)} must be 0 or more.")
        if quantity != quantity.quantize(MILLI):
            raise RuleBroken(f"{quarter_label(quarter)} must have at most 3 decimal places.")
        if quarter in settled and quantity != settled[quarter]:
            raise RuleBroken(
                f"{quarter_label(quarter)} is settled and stays {quantity_text(settled[quarter])}."
            )
    if not adds_up:
        if any(
            quantity != target for quarter, quantity in quantities.items() if quarter not in settled
        ):
            raise RuleBroken("The target of this measure is the same in every quarter.")
        return
    wrong = difference_sentence(target, sum(quantities.values(), ZERO))
    if wrong:
        raise RuleBroken(wrong)


def difference_sentence(target: Decimal, total: Decimal) -> str:
    """``The quarters add up to 11.5. They must add up to 12: add 0.5.`` or an empty text."""
    if total == target:
        return ""
    gap = target - total
    mend = f"add {quantity_text(gap)}" if gap > 0 else f"take {quantity_text(-gap)} away"
    return (
        f"The quarters add up to {quantity_text(total)}. They must add up to "
        f"{quantity_text(target)}: {mend}."
    )
