"""The people of the thread, its days, and what the steps hand on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from socialvalue.accounts.models import Organisation
from socialvalue.core.actor import Actor
from socialvalue.core.periods import FinancialYear

YEAR = FinancialYear(2026)
QUARTERS = [date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)]
DEADLINE = datetime(2026, 2, 2, 12, 0, tzinfo=UTC)
LOCAL_JOB = Decimal(39_797)
"""£ of one FTE-year in the district of Warwick in the open measure set: median pay, a fact of the data file."""


def day(year: int, month: int, number: int, hour: int = 10) -> datetime:
    return datetime(year, month, number, hour, tzinfo=UTC)


@dataclass
class Thread:
    """The people, and what the steps hand on."""

    council: Organisation
    winner: Organisation
    loser: Organisation
    people: dict[str, Actor]
    ids: dict[str, int] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, who: str) -> Actor:
        return self.people[who]
