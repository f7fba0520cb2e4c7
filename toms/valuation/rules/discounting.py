"""Values that fall in later years: what is left of the outcome then, and what it is worth today.

Source: The Green Book (HM Treasury 2022, annex 6; the same schedule since 2003): 3.5% a year for years 0 to 30, 3.0%
for years 31 to 75, 2.5% for years 76 to 125. The steps compound: year 31 is thirty years at 3.5% and one at 3.0%. Year
0 is not discounted. Off unless asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from toms.valuation.rules.numbers import EXACT, ONE, fraction, percent, plain

GREEN_BOOK: tuple[tuple[int, Decimal], ...] = (
    (30, Decimal("0.035")),
    (75, Decimal("0.030")),
    (125, Decimal("0.025")),
)
"""Last year of each step, and its rate."""
LAST_YEAR = GREEN_BOOK[-1][0]
FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Timing:
    """A value that falls ``in_year`` years ahead; 0 is now.

    ``rate`` replaces the schedule, as a fraction a year. ``drop_off`` is the fraction of the outcome lost from each
    year to the next; none is lost in year 0. ValueError for a negative year, a fraction outside 0 to 1, or a year after
    125 with no rate, because the schedule ends there.
    """

    in_year: int
    rate: Decimal | None = None
    drop_off: Decimal | None = None

    def __post_init__(self) -> None:
        if self.in_year < 0:
            raise ValueError("the year must be 0 or later")
        if self.rate is not None:
            fraction("discount rate", self.rate)
        elif self.in_year > LAST_YEAR:
            raise ValueError(f"the Green Book schedule ends at year {LAST_YEAR}; give a rate")
        if self.drop_off is not None:
            fraction("drop-off", self.drop_off)

    @property
    def steps(self) -> tuple[tuple[Decimal, int], ...]:
        """Rate and number of years of each step that is gone through, earliest first."""
        if self.rate is not None:
            return ((self.rate, self.in_year),) if self.in_year else ()
        found, begun = [], 0
        for last, rate in GREEN_BOOK:
            years = min(self.in_year, last) - begun
            if years > 0:
                found.append((rate, years))
            begun = last
        return tuple(found)

    @property
    def divisor(self) -> Decimal:
        """What a value of that year is divided by to be worth today's: 1 in year 0."""
        whole = ONE
        for rate, years in self.steps:
            whole = EXACT.multiply(whole, EXACT.power(EXACT.add(ONE, rate), years))
        return whole

    @property
    def left(self) -> Decimal:
        """The fraction of the outcome that is left in that year."""
        if self.drop_off is None or self.in_year == 0:
            return ONE
        return EXACT.power(EXACT.subtract(ONE, self.drop_off), self.in_year)

    @property
    def factor_shown(self) -> str:
        """The discount factor to four places, as the published tables print it."""
        factor = EXACT.divide(ONE, self.divisor)
        return f"{factor.quantize(FOUR_PLACES, rounding=ROUND_HALF_UP):f}"

    @property
    def rates_shown(self) -> str:
        """``3.5% a year for 30 years, then 3% a year for 1 year``."""
        return ", then ".join(
            f"{percent(rate)} a year for {years} year{'' if years == 1 else 's'}"
            for rate, years in self.steps
        )

    @property
    def divisor_shown(self) -> str:
        """The same as arithmetic: ``1.035^30 ÷ 1.03^1``."""
        return " ÷ ".join(
            f"{plain(EXACT.add(ONE, rate).normalize())}^{years}" for rate, years in self.steps
        )


def discount_factor(year: int, rate: Decimal | None = None) -> Decimal:
    """Today's value of £1 that falls in ``year``, unrounded: 1 in year 0, 0.9662 (to four places) in year 1."""
    return EXACT.divide(ONE, Timing(year, rate).divisor)
