"""How long a table may be to be written at once. Pure."""

from __future__ import annotations

from datetime import timedelta

AT_ONCE_ROWS = 10_000
"""An Excel file of so many rows takes a second or two; a CSV file an eighth of that."""
TOO_LONG = "This list is too long for an Excel file at once. Press “Make the Excel file” under it, or take the CSV."
SILENT_FOR = timedelta(minutes=2)
"""A job says every few thousand rows that it lives."""
GIVEN_UP_AFTER = timedelta(hours=1)
MOST_WAITING = 5
"""Files that one person may have waiting."""


def is_long(rows: int) -> bool:
    """Whether an Excel file of so many rows is left to a job."""
    return rows > AT_ONCE_ROWS
