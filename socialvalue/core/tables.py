"""One table for page, CSV, XLSX and PDF: columns with a kind, rows of plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
