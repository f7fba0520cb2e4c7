"""A second opinion: what was valued, valued another way beside it. Nothing is written; two figures stand side by side.

A difference is only made of two figures in pounds. What has none on one side says why, and is never taken for £0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure as it was valued and as another edition values it, in pence. None: counted, not valued."""

    value_pence: int | None
    other_pence: int | None
    reason: str = ""
    """Why the two cannot be compared; empty when they can."""

    @property
    def is_comparable(self) -> bool:
        return self.value_pence is not None and self.other_pence is not None

    @property
    def difference_pence(self) -> int | None:
        """What the other edition says more (or, below 0, less)."""
        if self.value_pence is None or self.other_pence is None:
            return None
        return self.other_pence - self.value_pence


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of figures as they were rounded: nothing is rounded again.

    ``value_pence`` is everything that was valued, ``comparable_pence`` the part of it that the other edition values
    too, ``other_pence`` that part valued there. ``elsewhere_pence`` is the value of the ``elsewhere`` rows
    that are valued there only.
    """

    rows: int = 0
    comparable: int = 0
    value_pence: int = 0
    comparable_pence: int = 0
    other_pence: int = 0
    elsewhere_pence: int = 0
    elsewhere: int = 0

    @property
    def is_any_there(self) -> bool:
        """The other edition values something."""
        return self.comparable + self.elsewhere > 0

    @property
    def difference_pence(self) -> int:
        return self.other_pence - self.comparable_pence

    @property
    def there_pence(self) -> int:
        """All that the other edition values."""
        return self.other_pence + self.elsewhere_pence

    @property
    def is_any_comparable(self) -> bool:
        return self.comparable > 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.rows + other.rows,
            self.comparable + other.comparable,
            self.value_pence + other.value_pence,
            self.comparable_pence + other.comparable_pence,
            self.other_pence + other.other_pence,
            self.elsewhere_pence + other.elsewhere_pence,
            self.elsewhere + other.elsewhere,
        )


def totals(rows: Iterable[Compared]) -> Totals:
    """The sums of figures that stand side by side, read once."""
    count = comparable = value = both = other = elsewhere = only_there = 0
    for row in rows:
        count += 1
        value += row.value_pence or 0
        if row.value_pence is not None and row.other_pence is not None:
            comparable += 1
            both += row.value_pence
            other += row.other_pence
        elif row.other_pence is not None:
            only_there += 1
            elsewhere += row.other_pence
    return Totals(count, comparable, value, both, other, elsewhere, only_there)
