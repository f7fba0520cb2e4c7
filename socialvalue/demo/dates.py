"""The days of the demonstration, counted from the day it is entered, so that it is alive whenever it starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from procurement.policies import queries as policies
from socialvalue.core.clock import LONDON
from socialvalue.core.errors import RuleBroken
from socialvalue.core.periods import FinancialYear, add_months, quarter_start

OLDEST_QUARTER = -10
"""Eleven quarters, the running one included, touch three financial years on any day of the year."""


@dataclass(frozen=True, slots=True)
class Days:
    """``now`` is when the demonstration is entered; nothing in it happens later, but for open deadlines."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()

    @property
    def year(self) -> FinancialYear:
        return FinancialYear.of(self.today)

    def quarter(self, offset: int) -> date:
        """First day of the quarter so many quarters from the running one; negative is past."""
        return add_months(quarter_start(self.today), 3 * offset)

    def by_now(self, day: date, hour: int = 10, minute: int = 0) -> datetime:
        """That day and hour, never later than now."""
        return min(self.moment(day, hour, minute), self.now)

    @staticmethod
    def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
        """That day and hour in London."""
        return datetime.combine(day, time(hour, minute), LONDON)

    @staticmethod
    def lawful(day: date, category: str) -> date:
        """The day, or the same day of the last year for which thresholds are known.

        Thresholds are published for two years at a time; a demonstration entered after the last of them commences its
        procurements under those.
        """
        for years in range(50):
            earlier = add_months(day, -12 * years)
            try:
                policies.decide(
                    authority_id=None,
                    category=category,
                    amount=Decimal(1),
                    basis="excl",
                    vat_rate_percent=None,
                    commenced_on=earlier,
                )
            except RuleBroken:
                continue
            return earlier
        raise RuleBroken(f"No threshold is known for {day}.")
