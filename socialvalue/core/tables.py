"""One table for page, CSV, XLSX and PDF: columns with a kind, rows of plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Value = str | Decimal | int | date | datetime | bool | None
Kind = Literal["text", "money", "number", "percent", "date"]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading with its unit in it, and how its values are shown."""

    heading: str
    kind: Kind = "text"
    width: int = 18
    is_social_value: bool = False
    """Pounds of social value, left out when only counts are shown. What things cost is not."""

    @property
    def is_numeric(self) -> bool:
        return self.kind in ("money", "number", "percent")


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` hold one value a column. ``total`` is a last row that equals the sum of what is shown."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    total: Sequence[Value] | None = None
    empty: str = "Nothing to show yet."
    links: Sequence[str] = field(default_factory=tuple)
    """For a page: the address the first cell of each row opens, or an empty string."""

    def counts_only(self) -> Table:
        """The same rows without pounds of social value; the unit of a quantity of money is written out."""
        kept = [n for n, column in enumerate(self.columns) if not column.is_social_value]

        def cut(row: Sequence[Value]) -> tuple[Value, ...]:
            return tuple("pounds" if row[n] == "£" else row[n] for n in kept)

        return replace(
            self,
            columns=[self.columns[n] for n in kept],
            rows=[cut(row) for row in self.rows],
            total=None if self.total is None else cut(self.total),
        )
