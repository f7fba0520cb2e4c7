"""England's bank holidays, as data."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

BANK_HOLIDAYS = Path(__file__).parent.parent / "data" / "bank-holidays.csv"


@cache
def bank_holidays() -> Mapping[date, str]:
    """England's bank holidays by day, with their names. The file covers whole years; read once."""
    with BANK_HOLIDAYS.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return MappingProxyType({date.fromisoformat(row["day"]): row["name"] for row in rows})
