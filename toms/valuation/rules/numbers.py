"""Numbers as people read them, and enough places to work with before the one rounding."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

from socialvalue.core.money import quantity_text, unit_text

EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
"""Sixty digits: the longest quantity, value and shares multiply out whole, and a discount over 125 years is right far
beyond the penny it is rounded to."""
ONE = Decimal(1)
HUNDRED = Decimal(100)


def exactly(name: str, value: Decimal) -> Decimal:
    """The value itself when it is a Decimal. TypeError for a float, which has lost its exactness already."""
    if not isinstance(value, Decimal):
        raise TypeError(f"{name} must be a Decimal, not {type(value).__name__}")
    return value


def fraction(name: str, value: Decimal) -> Decimal:
    """The value itself when it is a fraction from 0 to 1. ValueError, naming it, when it is not."""
    exactly(name, value)
    if not (value.is_finite() and 0 <= value <= ONE):
        raise ValueError(f"{name} must be a fraction from 0 to 1")
    return value


def plain(number: Decimal) -> str:
    """All the places there are and none that are not: ``30,180``, ``0.123456789``."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def pounds_of_one(number: Decimal) -> str:
    """Pence are two places or none: ``12.50``, ``30,180``; a finer value keeps all it has."""
    text = plain(number)
    return f"{text}0" if text[-2:-1] == "." else text


def percent(part: Decimal) -> str:
    """A fraction as a percentage with all its places: ``12.5%``."""
    return f"{plain(EXACT.multiply(part, HUNDRED))}%"


def counted(quantity: Decimal) -> str:
    """``1,234.5``; a quantity finer than three places keeps all it has, so that the sum shown is the sum made."""
    fine = -int(quantity.as_tuple().exponent) > 3
    return plain(quantity) if fine else quantity_text(quantity)


def amount_of(quantity: Decimal, unit: str) -> str:
    """A quantity with its unit: ``25 FTE-years``, ``1 FTE-year``, ``£10,000``, ``12%``."""
    if unit == "£":
        return f"{'−' if quantity < 0 else ''}£{pounds_of_one(abs(quantity))}"
    if unit == "%":
        return f"{counted(quantity)}%"
    return f"{counted(quantity)} {unit_text(quantity, unit)}".strip()
