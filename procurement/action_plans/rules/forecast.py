"""Where a commitment ends if it goes on as it went, and what would put it right. Pure; unrounded until shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

from socialvalue.core.money import MILLI, count_text, measured
from socialvalue.core.periods import uk_date

ZERO = Decimal(0)
LOOK_BACK = 4
"""So many quarters make a year: the pace of the last ones counts, whatever was long ago."""
METHOD = (
    "The forecast takes the pace of the quarters that are over, at most the last four: what was verified in them, "
    "divided by their number, for every quarter that is left. The low end takes the slowest of them for every "
    "quarter that is left, the high end the fastest. What is claimed and not verified yet does not count, and a "
    "quarter that ended less than 30 days ago counts once something of it is verified. It is arithmetic, not a "
    "promise: nothing is known of seasons or of work that is under way."
)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Quantities at the end of the contract, in the measure's unit, in thousandths."""

    expected: Decimal
    low: Decimal
    high: Decimal
    promised: Decimal
    pace: Decimal
    """A quarter."""
    quarters_seen: int
    quarters_left: int

    @property
    def has_range(self) -> bool:
        """One quarter alone gives a pace and no range."""
        return self.quarters_seen > 1 and self.low != self.high

    @property
    def short_by(self) -> Decimal:
        return max(self.promised - self.expected, ZERO)

    @property
    def warns(self) -> bool:
        """At this pace less than the promise is delivered."""
        return self.short_by > 0


def forecast(
    *,
    promised: Decimal,
    verified: Decimal,
    by_quarter: Sequence[Decimal],
    quarters_left: int,
) -> Forecast | None:
    """The end of a commitment that adds up, at its run rate; None before a quarter is over or when nothing is promised.

    ``by_quarter``: verified in each quarter that is over, oldest first; ``verified``: all of it, early deliveries of
    later quarters in; ``quarters_left``: the other quarters of the contract, the present one counted.
    """
    if not by_quarter or promised <= 0:
        return None
    seen = by_quarter[-LOOK_BACK:]
    pace = sum(seen, ZERO) / len(seen)
    before = sum(by_quarter, ZERO)

    def at(rate: Decimal) -> Decimal:
        # What is verified for a quarter that is not over is there already and never falls below.
        return max(before + rate * quarters_left, verified).quantize(MILLI, rounding=ROUND_HALF_UP)

    return Forecast(
        expected=at(pace),
        low=at(min(seen)),
        high=at(max(seen)),
        promised=promised,
        pace=pace.quantize(MILLI, rounding=ROUND_HALF_UP),
        quarters_seen=len(seen),
        quarters_left=quarters_left,
    )


def forecast_sentence(found: Forecast, unit: str, ends_on: date) -> str:
    """``At the pace so far it ends at 82 hours of 100 on 31 March 2028, between 70 and 95: 18 hours short.``"""
    said = (
        f"At the pace so far it ends at {measured(found.expected, unit)} of "
        f"{measured(found.promised, unit)} on {uk_date(ends_on)}"
    )
    if found.has_range:
        said += f", between {measured(found.low, unit)} and {measured(found.high, unit)}"
    if found.warns:
        return f"{said}: {measured(found.short_by, unit)} short."
    return f"{said}."


def put_right(
    *,
    promised: Decimal,
    verified: Decimal,
    quarters_left: int,
    pace: Decimal | None,
    unit: str,
    ends_on: date,
) -> str:
    """What would make the promise good: so much a quarter from now on; empty when it is good already.

    Rounded up to thousandths, so that delivering exactly this is enough.
    """
    missing = promised - verified
    if missing <= 0:
        return ""
    if quarters_left < 1:
        return (
            f"The contract is over and {measured(missing, unit)} less than promised is verified. A claim for an "
            "earlier quarter or a remedy of the contract can put it right."
        )
    rate = (missing / quarters_left).quantize(MILLI, rounding=ROUND_UP)
    said = (
        f"Deliver {measured(rate, unit)} in each of the {count_text(quarters_left, 'quarter')} left"
        if quarters_left > 1
        else f"Deliver {measured(rate, unit)} in the quarter that is left"
    )
    so_far = f" It was {measured(pace, unit)} a quarter so far." if pace is not None else ""
    return f"{said} to reach {measured(promised, unit)} by {uk_date(ends_on)}.{so_far}"
