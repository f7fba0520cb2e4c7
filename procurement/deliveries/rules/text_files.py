"""A CSV file as a sheet, in whatever way a spreadsheet saved it. Pure."""

from __future__ import annotations

import csv
import io

from socialvalue.core.cells import Sheet, Workbook
from socialvalue.core.errors import RuleBroken

NO_TEXT = "This is not a spreadsheet. Choose an XLSX, ODS or CSV file."
DAMAGED = (
    "The CSV file cannot be read: a quotation mark is not closed. Save it again and choose that."
)
_LONGEST_CELL = 100_000


def text_of_file(content: bytes) -> str:
    """UTF-8 and UTF-16 with their marks, UTF-8 without, or Windows text. RuleBroken for what is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise RuleBroken(NO_TEXT, field="file")
    if "\x00" in text or text.startswith("%PDF-"):
        raise RuleBroken(NO_TEXT, field="file")
    return text


def separator_of(text: str) -> str:
    """What stands between the cells, by the first line that has any."""
    for line in text.splitlines()[:20]:
        counts = {sign: line.count(sign) for sign in (",", ";", "\t")}
        if any(counts.values()):
            return max(counts, key=lambda sign: counts[sign])
    return ","


def sheet_of_text(content: bytes, name: str = "CSV") -> Workbook:
    """One sheet, its rows as long as each other; blank rows stay, so that row numbers are those of the file."""
    text = text_of_file(content)
    csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text)))
    except csv.Error as error:
        raise RuleBroken(DAMAGED, field="file") from error
    width = max(map(len, rows), default=0)
    padded = [row if len(row) == width else [*row, *[""] * (width - len(row))] for row in rows]
    return Workbook((Sheet(name, padded),))
