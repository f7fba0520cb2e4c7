"""The four levels of the cube: which columns an entry is cut by, and which sums are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MONEY = ("value_pence", "entries")
"""Where units mix, only money and the number of entries add up."""
ALL = ("quantity", "denominator", *MONEY)


@dataclass(frozen=True, slots=True)
class Level:
    """One table of sums. ``keys`` are columns of the ledger entry and of the table alike."""

    name: str
    table: str
    keys: tuple[str, ...]
    sums: tuple[str, ...]


LEVELS = (
    Level("cell", "reporting_cell", ("authority_id", "basis", "measure_id", "period"), ALL),
    Level(
        "theme cell", "reporting_themecell", ("authority_id", "basis", "theme_id", "period"), MONEY
    ),
    Level("commitment total", "reporting_commitmenttotal", ("commitment_id", "basis"), ALL),
    Level("contract cell", "reporting_contractcell", ("contract_id", "basis", "period"), MONEY),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that does not hold what the ledger adds up to. None on a side: there is no such cell, or no such entry."""

    level: str
    key: Mapping[str, Any]
    in_cube: Mapping[str, Decimal | int] | None
    in_ledger: Mapping[str, Decimal | int] | None

    @property
    def name(self) -> str:
        """Which cell, without its figures."""
        parts = ", ".join(
            f"{column.removesuffix('_id')} {value}" for column, value in self.key.items()
        )
        return f"{self.level} of {parts}"

    def __str__(self) -> str:
        return f"{self.name}: the cube says {_figures(self.in_cube)}, the ledger says {_figures(self.in_ledger)}"


def _figures(sums: Mapping[str, Decimal | int] | None) -> str:
    if sums is None:
        return "nothing"
    return " ".join(f"{name}={value}" for name, value in sums.items())
