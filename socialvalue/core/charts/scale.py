"""Ticks that are exact, labels that say so, and numbers as coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")
ZERO = Decimal(0)
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_SIZES = (
    ("bn", Decimal(10) ** 9),
    ("m", Decimal(10) ** 6),
    ("k", Decimal(10) ** 3),
    ("", Decimal(1)),
)


def bar_width(value: Decimal, largest: Decimal) -> Decimal:
    """Width of a bar from 0 to 100, to one place; above the largest it stays full."""
    if largest <= 0 or value <= 0:
        return Decimal("0.0")
    return min(value * 100 / largest, Decimal(100)).quantize(TENTH, rounding=ROUND_HALF_UP)


def nice_ticks(low: Decimal, high: Decimal, most: int = 5) -> list[Decimal]:
    """Multiples of 1, 2, 2.5 or 5 times a power of ten, from at or below ``low`` to at or above ``high``.

    Nought is always among them. At most ``most`` gaps on each side of it together, plus one.
    """
    low, high = min(low, ZERO), max(high, ZERO)
    if low == high:
        high = Decimal(1)
    rough = (high - low) / most
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(factor * power for factor in _STEPS if factor * power >= rough)
    first = (low / step).to_integral_value(rounding=ROUND_FLOOR)
    last = (high / step).to_integral_value(rounding=ROUND_CEILING)
    return [step * n for n in range(int(first), int(last) + 1)]


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def tick_labels(ticks: Sequence[Decimal], unit: str) -> list[str]:
    """Exact labels in one size (k, m, bn) with the same number of decimals; nought is plain."""
    largest = max((abs(tick) for tick in ticks), default=ZERO)
    if largest < 10_000:  # "£200" reads better than "£0.2k"
        largest = min(largest, Decimal(1))
    suffix, size = next(((s, n) for s, n in _SIZES if largest >= n), _SIZES[-1])
    places = max((_places(tick / size) for tick in ticks), default=0)
    return [_with_unit(tick / size, places, suffix, unit) for tick in ticks]


def _with_unit(number: Decimal, places: int, suffix: str, unit: str) -> str:
    sign = "−" if number < 0 else ""
    text = f"{abs(number):,.{0 if number == 0 else places}f}"
    suffix = "" if number == 0 else suffix
    if unit == "£":
        return f"{sign}£{text}{suffix}"
    return f"{sign}{text}{suffix}{'%' if unit == '%' else ''}"


def short_label(value: Decimal, unit: str) -> str:
    """About three figures, for the end of a bar; the table below has every one."""
    magnitude = abs(value)
    suffix, size = next(((s, n) for s, n in _SIZES if magnitude >= n), _SIZES[-1])
    number = (value / size).quantize(TENTH, rounding=ROUND_HALF_UP)
    return _with_unit(number, _places(number), suffix, unit)


def full_label(value: Decimal, unit: str) -> str:
    """Every figure, grouped; a percentage to one decimal place."""
    if unit == "%":
        value = value.quantize(TENTH, rounding=ROUND_HALF_UP)
    sign = "−" if value < 0 else ""
    text = f"{abs(value):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if unit == "£":
        whole = value == value.to_integral_value()
        return f"{sign}£{abs(value):,.{0 if whole else 2}f}"
    return f"{sign}{text}%" if unit == "%" else f"{sign}{text}{f' {unit}' if unit else ''}"


@dataclass(frozen=True)
class Scale:
    """Values on a line of ``length`` units, from the first tick to the last."""

    ticks: tuple[Decimal, ...]
    length: Decimal

    @classmethod
    def of(cls, values: Iterable[Decimal | None], length: int, most: int = 5) -> Scale:
        known = [value for value in values if value is not None]
        ticks = nice_ticks(min(known, default=ZERO), max(known, default=ZERO), most)
        return cls(tuple(ticks), Decimal(length))

    def at(self, value: Decimal) -> Decimal:
        """Distance from the first tick, to a tenth."""
        span = self.ticks[-1] - self.ticks[0]
        return ((value - self.ticks[0]) * self.length / span).quantize(
            TENTH, rounding=ROUND_HALF_UP
        )
