"""The copy of a person's data as one file: JSON for machines, a CSV for each table, and a page of words."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from socialvalue.core.sheets import to_csv
from socialvalue.core.tables import Table

ZIP = "application/zip"
WORDS = """This is a copy of the data this service keeps about you, made for you on {when} (UK time).

your-data.json holds everything, for programs. The CSV files hold the same, a table each, and open in a spreadsheet.

What is not in it: secrets that would let somebody sign in as you; what you typed in a bid before its tender was opened,
which is encrypted; names that others wrote into records in their own words; and what records say that belongs to your
organisation. You find those records by their numbers, where you may read them.

What is kept, why and for how long: {privacy}
"""


def data_file(tables: Sequence[Table], *, made_at: datetime, when: str, privacy: str) -> bytes:
    """A ZIP archive. ``when`` is the moment in words; ``privacy`` the address of the privacy page."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", WORDS.format(when=when, privacy=privacy))
        whole = {"made_at": made_at, "tables": [_as_json(table) for table in tables]}
        archive.writestr(
            "your-data.json", json.dumps(whole, indent=2, ensure_ascii=False, default=_plain)
        )
        for number, table in enumerate(tables, start=1):
            name = re.sub(r"[^a-z0-9]+", "-", table.caption.lower()).strip("-")
            archive.writestr(f"{number:02}-{name}.csv", to_csv(table))
    return out.getvalue()


def _as_json(table: Table) -> dict[str, Any]:
    headings = [column.heading for column in table.columns]
    return {
        "table": table.caption,
        "rows": [dict(zip(headings, row, strict=True)) for row in table.rows],
    }


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"A {type(value).__name__} cannot be written.")
