"""Workbooks of invented frameworks. No word and no value of a licensed set is in them."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

WORDS = [
    "lantern",
    "meadow",
    "copper",
    "harbour",
    "willow",
    "thimble",
    "orchard",
    "pebble",
    "saddle",
    "marble",
    "bramble",
    "ferry",
    "candle",
    "acorn",
    "kettle",
    "mitten",
    "puddle",
    "ribbon",
    "sparrow",
    "teapot",
]
UNITS = ("people x hours", "FTE-years", "people", "tonnes", "weeks", "staff hours")
HEADINGS = (
    "Ref", "Measure", "Full text", "Theme", "Outcome", "Unit", "Proxy value", "Price year", "Source",
    "Evidence required", "Guidance",
)  # fmt: skip


def phrase(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(words)).capitalize()


def measure_rows(
    count: int, *, seed: int = 1, themes: int = 5, wordiness: int = 1
) -> list[list[Any]]:
    """Rows under ``HEADINGS``; every fourth measure has no value. Values have nine decimals and fit a cell."""
    chance = random.Random(seed)  # noqa: S311  # words of a test
    rows: list[list[Any]] = []
    for number in range(1, count + 1):
        amount = Decimal(chance.randrange(1, 10**13)) / 10**9
        theme = (number - 1) * themes // count + 1
        rows.append(
            [
                f"ZQ{number}",
                f"{phrase(chance, 5)} {number}",
                phrase(chance, 25 * wordiness) + ".",
                f"{WORDS[theme].capitalize()} theme",
                f"{WORDS[number % 12].capitalize()} outcome",
                UNITS[number % len(UNITS)],
                amount if number % 4 else None,
                2024 + number % 3,
                f"{phrase(chance, 3)} survey",
                phrase(chance, 12 * wordiness),
                phrase(chance, 15 * wordiness),
            ]
        )
    return rows


def xlsx(
    sheets: dict[str, Sequence[Sequence[Any]]],
    merged: dict[str, Sequence[tuple[int, int, int, int, str]]] | None = None,
) -> bytes:
    """A workbook. ``merged``: first row, first column, last row, last column (from 0), text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, str):
                    sheet.write_string(at, column, value)
                else:
                    sheet.write_number(at, column, value)
        for top, left, bottom, right, text in (merged or {}).get(name, ()):
            sheet.merge_range(top, left, bottom, right, text)
    book.close()
    return out.getvalue()


def ods(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """The least that an OpenDocument spreadsheet is made of."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(
            "<table:table-row>" + "".join(_ods_cell(v) for v in row) + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    }
    spaces = " ".join(f'xmlns:{key}="{value}"' for key, value in names.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def _ods_cell(value: Any) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        return (
            '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(value)}</text:p></table:table-cell>"
        )
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def csv_bytes(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(
        ["" if value is None else value for value in row] for row in rows
    )
    return out.getvalue().encode("utf-8-sig")


def messy_workbook(count: int = 300) -> bytes:
    """As such workbooks come: a cover sheet, a banner, headings over two rows, blank lines, footnotes."""
    width = len(HEADINGS)
    rows = measure_rows(count)
    lines: list[list[Any]] = [
        ["", *[""] * (width - 1)],
        [""] * width,
        ["", "", "", "", "", "", "", "", "", "", ""],
        [*HEADINGS[:6], *HEADINGS[6:9], *HEADINGS[9:]],
    ]
    merged = [
        (0, 0, 0, width - 1, "Lantern Framework 2026"),
        (2, 0, 2, 5, "Measures"),
        (2, 6, 2, 8, "Financial"),
        (2, 9, 2, 10, "Delivery"),
    ]
    theme = ""
    for row in rows:
        if row[3] != theme:
            theme = row[3]
            lines.append([""] * width)
            at = len(lines)
            lines.append([""] * width)
            merged.append((at, 0, at, width - 1, f"Section: {theme}"))
        lines.append(row)
    lines += [
        [""] * width,
        ["* Values are invented for this test."],
        ["Note: no licence holds for these words."],
    ]
    return xlsx({"Read me": [["About this workbook"], ["Nothing to import here"]], "Measures": lines},
                {"Measures": merged})  # fmt: skip
