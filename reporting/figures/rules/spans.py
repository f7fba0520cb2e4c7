"""The period a figure is for: a financial year or one quarter of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from socialvalue.core.periods import FinancialYear, add_months, month_of

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Span:
    """A financial year, or quarter ``quarter`` (1 to 4) of it. ``first`` and ``last`` are days, both inside."""

    year: FinancialYear
    quarter: int | None = None

    def __post_init__(self) -> None:
        if self.quarter is not None and self.quarter not in QUARTERS:
            raise ValueError("A quarter is 1, 2, 3 or 4")

    @property
    def first(self) -> date:
        return self.year.first_day if self.quarter is None else self.year.quarters[self.quarter - 1]

    @property
    def last(self) -> date:
        if self.quarter is None:
            return self.year.last_day
        return add_months(self.first, 3) - timedelta(days=1)

    @property
    def label(self) -> str:
        """``2026 to 2027`` or ``2026 to 2027, quarter 2``."""
        if self.quarter is None:
            return self.year.label
        return f"{self.year.label}, quarter {self.quarter}"

    @property
    def slug(self) -> str:
        """``2026-27`` or ``2026-27-quarter-2``: for the name of a file."""
        return (
            self.year.slug if self.quarter is None else f"{self.year.slug}-quarter-{self.quarter}"
        )

    @property
    def quarters(self) -> list[date]:
        return self.year.quarters if self.quarter is None else [self.first]

    @property
    def months(self) -> list[date]:
        return [month for month in self.year.months if self.first <= month <= self.last]

    def earlier(self) -> Span:
        """The same period one year before."""
        return Span(FinancialYear(self.year.start_year - 1), self.quarter)


def file_name(what: str, span: Span, at: date | None) -> str:
    """Without its ending, like ``dashboard-themes-2026-27-as-at-2026-10-15``: two periods never have one name."""
    return "-".join(filter(None, (what, span.slug, f"as-at-{at}" if at else "")))


@dataclass(frozen=True, slots=True)
class Window:
    """Days an authority belongs to a region, both counted; ``to_on`` None means it still does."""

    from_on: date
    to_on: date | None

    def covers(self, month: date) -> bool:
        """A month counts whole when the authority belongs on at least one day of it."""
        first = month_of(month)
        return month_of(self.from_on) <= first and (self.to_on is None or first <= self.to_on)


def runs_of(months: Iterable[date]) -> list[tuple[date, date]]:
    """First and last of each unbroken run of months, which are in order."""
    runs: list[tuple[date, date]] = []
    for month in months:
        if runs and add_months(runs[-1][1], 1) == month:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs
