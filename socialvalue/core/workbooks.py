"""Workbooks that people send and get back: read within limits, written so that nothing runs, marked cell by cell."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from numbers import Real
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from socialvalue.core.cells import Problem, Sheet, Workbook, column_index, text_of
from socialvalue.core.errors import RuleBroken

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""A fixed date: the same rows give the same bytes."""
LONGEST_CELL = 32_767
MAX_UNPACKED = 100 * 1024 * 1024
UNWRITABLE = re.compile(r"_x[0-9a-fA-F]{4}_x[0-9a-fA-F]{4}_")
"""Two of the format's own escapes in a row are not read back as they were written."""
LOCKED = "The file is locked with a password. Save it without one and choose that."
TO_MEND = "What to mend"
"""The last sheet of a marked copy."""
_AUTHOR = "Social value import"
_TRIAL = Path(__file__).with_name("trial.py")
_TRIAL_SECONDS = 60
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_MACROS = "The file holds macros. Save it without macros and choose that."


def new_book(out: io.BytesIO) -> Any:
    """An empty XLSX workbook. Texts stay texts: nothing in it runs as a formula or opens as a link."""
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "remove_timezone": True,
        },
    )
    book.set_properties({"created": CREATED})
    return book


def fits_cell(text: str) -> bool:
    """Whether a text is read back from a cell as it was written."""
    return len(text) <= LONGEST_CELL and not UNWRITABLE.search(text)


# --- reading --------------------------------------------------------------------------------------


def is_ods(content: bytes, *, max_bytes: int, otherwise: str) -> bool:
    """An OpenDocument spreadsheet within the limits. RuleBroken (``otherwise``, field ``file``) for one that is not."""
    if not content.startswith(b"PK\x03\x04") or len(content) > max_bytes:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "mimetype" not in names or "content.xml" not in names:
                return False
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise RuleBroken(
                    "The file unpacks to more than 100 MB. Choose a smaller one.", field="file"
                )
            if archive.read("mimetype").strip() != _ODS_TYPE:
                raise RuleBroken(otherwise, field="file")
    except zipfile.BadZipFile as error:
        raise RuleBroken(otherwise, field="file") from error
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise RuleBroken(_MACROS, field="file")
    return True


def sheets_of(content: bytes, *, otherwise: str, with_failed: bool = False) -> Workbook:
    """Every sheet of an XLSX or ODS file. RuleBroken (``otherwise``, field ``file``) when it cannot be read.

    A cell whose formula failed (``#DIV/0!``) reads as empty in XLSX; ``with_failed`` says which these are.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        failed = _failed(content) if with_failed else {}
        return Workbook(
            tuple(_sheet(book, name, failed.get(name, frozenset())) for name in book.sheet_names)
        )
    except PasswordError as error:
        raise RuleBroken(LOCKED, field="file") from error
    except (CalamineError, ZipError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise RuleBroken(otherwise, field="file") from error


def _sheet(book: Any, name: str, failed: frozenset[tuple[int, int]]) -> Sheet:
    found = book.get_sheet_by_name(name)
    rows = found.to_python(skip_empty_area=False)
    return Sheet(name, rows, tuple(found.merged_cell_ranges or ()), failed)


def sizes_of(content: bytes, *, otherwise: str) -> list[tuple[int, int]]:
    """Rows and columns of every sheet, before anything else reads it. RuleBroken (field ``file``) as ``sheets_of``.

    Read in a child of its own, with bounds on memory and time: a small file can name a cell so far away that reading
    it takes all there is. The file goes to the child's input, never to disk.
    """
    try:
        done = subprocess.run(  # noqa: S603  # our own script, the file only on its input
            [sys.executable, "-P", str(_TRIAL)],
            input=content,
            capture_output=True,
            timeout=_TRIAL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RuleBroken(
            "The file takes too long to read. Choose a smaller one.", field="file"
        ) from error
    if done.returncode == 2:
        raise RuleBroken(LOCKED, field="file")
    if done.returncode:
        raise RuleBroken(otherwise, field="file")
    return [(rows, columns) for rows, columns in json.loads(done.stdout)]


def unpacked_bytes(content: bytes) -> int:
    """How large an XLSX or ODS file is unpacked; 0 for a file that is neither."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        return 0


def _failed(content: bytes) -> dict[str, frozenset[tuple[int, int]]]:
    """Cells that hold an error, by sheet. Read by pattern: no parser of XML is fed with what strangers send."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
            return {}
        targets = {
            one["Id"]: f"xl/{one['Target'].removeprefix('/xl/')}"
            for one in _tags(archive.read("xl/_rels/workbook.xml.rels"), "Relationship")
            if "Id" in one and "Target" in one
        }
        found = {}
        for one in _tags(archive.read("xl/workbook.xml"), "sheet"):
            path = targets.get(one.get("id", ""), "")
            if path in names and "name" in one:
                xml = archive.read(path)
                if b't="e"' not in xml:
                    continue
                found[unescape(one["name"], {"&quot;": '"', "&apos;": "'"})] = frozenset(
                    cell_of(cell["r"])
                    for cell in _tags(xml, "c")
                    if cell.get("t") == "e" and "r" in cell
                )
        return found


def _tags(xml: bytes, name: str) -> Iterator[dict[str, str]]:
    """Attributes of every tag of this name, without their prefixes."""
    for tag in re.finditer(rf"<(?:\w+:)?{name}\s([^>]*)>", xml.decode("utf-8", "replace")):
        yield dict(re.findall(r'(?:\w+:)?(\w+)="([^"]*)"', tag.group(1)))


def cell_of(reference: str) -> tuple[int, int]:
    """Row and column, from 0, of ``J5``. ValueError for anything else."""
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", reference)
    if found is None:
        raise ValueError(f"{reference!r} is no cell")
    return int(found.group(2)) - 1, column_index(found.group(1))


# --- the person's own file, marked ----------------------------------------------------------------


def marked_copy(
    book: Workbook,
    problems: Sequence[Problem],
    *,
    dress: Callable[[Any, Any, Sheet], None] | None = None,
) -> bytes:
    """Every sheet with its values; wrong cells red, odd ones yellow, each with a comment; a last sheet lists them.

    ``dress`` may set the columns of each new sheet: it is given the workbook, the page and the sheet that was read.
    """
    out = io.BytesIO()
    copy = new_book(out)
    looks = {
        "error": copy.add_format({"bg_color": "#F6D7D2", "border": 2, "border_color": "#CA3535"}),
        "warning": copy.add_format({"bg_color": "#FFF2B3", "border": 1, "border_color": "#A88600"}),
    }
    days = copy.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in book.sheets:
        page = copy.add_worksheet(_sheet_name(sheet.name, copy))
        if dress is not None:
            dress(copy, page, sheet)
        _copy_sheet(page, sheet, _marks(sheet, problems), looks, days)
    _list(copy, problems)
    copy.close()
    return out.getvalue()


def _copy_sheet(
    page: Any,
    sheet: Sheet,
    marks: Mapping[tuple[int, int], list[Problem]],
    looks: Mapping[str, Any],
    days: Any,
) -> None:
    for at, row in enumerate(sheet.rows):
        for column, value in enumerate(row):
            found = marks.get((at, column))
            look = looks["error" if _is_error(found) else "warning"] if found else None
            _write(page, at, column, value, look, days)
            if found:
                said = "\n".join(problem.message for problem in found)
                page.write_comment(at, column, said[:30_000], {"author": _AUTHOR, "x_scale": 2})


def _marks(sheet: Sheet, problems: Sequence[Problem]) -> Mapping[tuple[int, int], list[Problem]]:
    found: dict[tuple[int, int], list[Problem]] = {}
    for problem in problems:
        if problem.sheet == sheet.name:
            found.setdefault((problem.row - 1, problem.column), []).append(problem)
    return found


def _is_error(problems: Sequence[Problem]) -> bool:
    return any(problem.level == "error" for problem in problems)


def _write(page: Any, at: int, column: int, value: Any, look: Any, days: Any) -> None:
    """A value as it was: text as text, numbers as numbers, days as days."""
    if value is None or value == "":
        if look is not None:
            page.write_blank(at, column, None, look)
    elif isinstance(value, bool):
        page.write_boolean(at, column, value, look)
    elif isinstance(value, str):
        page.write_string(at, column, value, look)
    elif isinstance(value, Real):
        page.write_number(at, column, value, look)
    elif isinstance(value, date | time | timedelta):
        page.write_datetime(at, column, value, look or days)
    else:
        page.write_string(at, column, text_of(value), look)


def _sheet_name(name: str, book: Any) -> str:
    plain = "".join(" " if char in "[]:*?/\\" else char for char in name).strip("'")[:31] or "Sheet"
    taken = {sheet.get_name().casefold() for sheet in book.worksheets()}
    return plain if plain.casefold() not in taken else f"{plain[:27]} {len(taken)}"


def _list(book: Any, problems: Sequence[Problem]) -> None:
    page = book.add_worksheet(_sheet_name(TO_MEND, book))
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, heading in enumerate(("Sheet", "Cell", "Kind", "What is wrong and how to mend it")):
        page.write_string(0, column, heading, bold)
    for at, problem in enumerate(problems, start=1):
        kind = "Wrong" if problem.level == "error" else "Odd: check it"
        for column, text in enumerate((problem.sheet, problem.cell, kind, problem.message)):
            page.write_string(at, column, text)
    page.set_column(0, 2, 16)
    page.set_column(3, 3, 100)
    page.freeze_panes(1, 0)
