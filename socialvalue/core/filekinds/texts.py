"""Words and rows, kept as UTF-8. What a browser, a shell or a spreadsheet could run is refused or made plain."""

from __future__ import annotations

import codecs
import csv
import io
import re

from socialvalue.core.filekinds.recognised import Recognised, refuse, refuse_kind

_MARKUP = re.compile(
    r"<\s*(?:[!/]\s*)?(doctype|html|head|body|script|svg|iframe|object|embed|img|link|meta|style|form|base|math|xml"
    r"|xsl|\?xml|\?php|%)|<\?|<%|javascript\s*:|vbscript\s*:|\bon(?:error|load|click)\s*=",
    re.I,
)
_PAGE = "it is a web page or a drawing for one"
_PRINT = "Print it to a PDF and choose that."
_SCRIPT = re.compile(
    r"\A\s*(#!|@echo\s+off|%!PS|\{\\rtf|MIME-Version:|\[InternetShortcut\]|REGEDIT)", re.I
)
_UTF7 = re.compile(r"\+AD[wx][-+A-Za-z/]")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NUMBER = re.compile(r"[-+]?[£$€]?[\d,. ]+%?")
_SIGNS = ("=", "+", "-", "@", "|", "\t")


def text(content: bytes) -> Recognised:
    """Plain words as UTF-8; rows get an apostrophe before what a spreadsheet would work out."""
    words = _decoded(content)
    if _CONTROLS.search(words):
        raise refuse_kind()
    if _SCRIPT.match(words):
        raise refuse_kind("it is a program, or the source of a document", _PRINT)
    if _MARKUP.search(words) or _UTF7.search(words):
        raise refuse_kind(_PAGE, _PRINT)
    # Marks that turn the direction of writing can make one thing look like another.
    words = _DIRECTIONS.sub("", words)
    if not _looks_like_csv(words):
        return Recognised("text/plain", ".txt", words.encode())
    return Recognised("text/plain", ".csv", _without_formulas(words).encode())


def _decoded(content: bytes) -> str:
    marked = next((name for bom, name in _BOMS if content.startswith(bom)), "")
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse_kind()


def _looks_like_csv(words: str) -> bool:
    lines = [line for line in words.splitlines() if line.strip()][:5]
    return len(lines) > 1 and all("," in line for line in lines)


def _without_formulas(words: str) -> str:
    """The same rows; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    try:
        rows = list(csv.reader(io.StringIO(words)))
    except csv.Error as error:
        raise refuse(
            "The rows cannot be read. Save the table as XLSX or as a PDF and choose that."
        ) from error
    if not any(_is_formula(cell) for row in rows for cell in row):
        return words
    out = io.StringIO()
    csv.writer(out).writerows(
        ["'" + cell if _is_formula(cell) else cell for cell in row] for row in rows
    )
    return out.getvalue()


def _is_formula(cell: str) -> bool:
    bare = cell.lstrip(" \r\n\"'")
    if cell.startswith("'"):
        return False
    return bare.startswith(_SIGNS) and not _NUMBER.fullmatch(bare.strip()) and len(bare) > 1
