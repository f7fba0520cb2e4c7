"""Spreadsheets out: the user's own file with its wrong cells marked, and an edition that reads back as it is."""

from __future__ import annotations

import csv
import io

from socialvalue.core.errors import RuleBroken
from socialvalue.core.workbooks import fits_cell, marked_copy, new_book
from toms.imports import rules

__all__ = ["edition_csv", "edition_xlsx", "marked_copy"]


# --- an edition -------------------------------------------------------------------------------------


def edition_xlsx(content: rules.EditionContent) -> bytes:
    """A sheet a table, every cell text, so that no digit changes on the way. RuleBroken when a text is too long."""
    out = io.BytesIO()
    book = new_book(out)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for name, rows in rules.tables_of(content).items():
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        for column, heading in enumerate(rules.TABLES[name]):
            page.write_string(0, column, heading, bold)
            page.set_column(column, column, 24)
        for at, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                if not fits_cell(text):
                    raise RuleBroken(
                        "A text of this edition does not fit into a cell. Download it as CSV."
                    )
                if text:
                    page.write_string(at, column, text)
    book.close()
    return out.getvalue()


def edition_csv(content: rules.EditionContent) -> bytes:
    """One table, the first column says which kind of record a line is. Cells are guarded against formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for name, rows in rules.tables_of(content).items():
        if name == "Edition":
            writer.writerow([rules.RECORD, *rules.TABLES[name]])
        elif rows:
            writer.writerow([f"# {name}", *rules.TABLES[name]])
        for row in rows:
            writer.writerow([name, *(rules.guard(text) for text in row)])
    return out.getvalue().encode("utf-8-sig")
