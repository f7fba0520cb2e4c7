"""What overseeing costs: hours at a rate, or an amount."""

from __future__ import annotations

from decimal import Decimal

from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import to_pence


def hours_cost(hours: Decimal, rate: Decimal) -> int:
    """Pence of ``hours`` at ``rate`` pounds, rounded once, half up."""
    return to_pence(hours * rate)


def cost_of(hours: Decimal | None, rate: Decimal | None, amount: Decimal | None) -> int:
    """Pence of one line: hours and their rate, or an amount, never both and never neither. RuleBroken otherwise."""
    if amount is not None and (hours is not None or rate is not None):
        raise RuleBroken("Enter hours and a rate, or an amount. Not both", field="amount")
    if amount is not None:
        if amount < 0:
            raise RuleBroken("The amount must be £0 or more", field="amount")
        return to_pence(amount)
    if hours is None:
        raise RuleBroken("Enter how many hours, or an amount instead", field="hours")
    if hours <= 0:
        raise RuleBroken("Enter more than 0 hours", field="hours")
    if rate is None or rate < 0:
        raise RuleBroken("Enter what one hour costs", field="rate")
    return hours_cost(hours, rate)
