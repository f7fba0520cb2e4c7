"""The sheets of an uploaded file. Read afresh for every page: a file of 20,000 lines takes a fifth of a second."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from socialvalue.core.errors import RuleBroken
from socialvalue.core.workbooks import sheets_of
from toms.imports.rules import Sheet, Workbook
from toms.imports.vocabulary import FileKind

UNREADABLE = "The file cannot be read. Open it, save it again as XLSX, ODS or CSV, and choose that."
_DELIMITERS = (",", ";", "\t", "|")


def read_workbook(content: bytes, kind: str) -> Workbook:
    """Every sheet with its rows as long as each other. RuleBroken (field ``file``) when it cannot be read."""
    if kind == FileKind.CSV:
        return Workbook((Sheet("CSV", _csv_rows(content.decode("utf-8-sig"))),))
    return sheets_of(content, otherwise=UNREADABLE)


def _csv_rows(text: str) -> Sequence[Sequence[str]]:
    """Rows padded to the longest. The delimiter is the one that the first line holds most of."""
    if not text.strip():
        return ()
    first = re.sub(r'"[^"]*"', "", text[:20_000]).split("\n")
    lines = [line for line in first if line.strip()][:5] or [""]
    delimiter = max(_DELIMITERS, key=lambda mark: max(line.count(mark) for line in lines))
    csv.field_size_limit(1_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise RuleBroken(UNREADABLE, field="file") from error
    width = max(map(len, rows))
    return [row if len(row) == width else [*row, *[""] * (width - len(row))] for row in rows]
