"""How long a file is kept. Pure: today is an argument."""

from __future__ import annotations

from datetime import date, timedelta

MEANT_FOR = timedelta(days=184)
"""A file that came for a commitment and a quarter waits two quarters for the claim it is meant for."""


def retain_until(contract_ends_on: date, years: int) -> date:
    """The day from which a file may be removed: so many years after the last day of its contract."""
    year = contract_ends_on.year + years
    try:
        return contract_ends_on.replace(year=year)
    except ValueError:
        # The last of February in a year that has none.
        return date(year, 3, 1)
