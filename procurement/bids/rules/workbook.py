"""The offer as a workbook: what its sheets are called, how their cells are read back as boxes of the page. Pure.

A cell is read into the text that a person would have typed on the offer page; the page's own form decides whether that
text will do, so that both ways in have the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from procurement.bids.rules.offers import (
    YES_OR_NO,
    answer_name,
    attribution_name,
    method_name,
    proxy_name,
    quantity_name,
)
from socialvalue.core.cells import Problem, Sheet, Workbook, plain, shown, text_of
from socialvalue.core.money import parse_decimal

FORMAT = "1"
MAX_ROWS = 2000
HOW_TO, OFFER, QUESTIONS, PRICE, IDENTITY = "How to", "Offer", "Questions", "Price", "Workbook"
KEY, CODE = "Key", "Code"
QUANTITY = "Quantity over the whole contract"
PROXY = "Your value of one unit (£)"
SHARE = "Share due to this contract"
METHOD = "How you will deliver it"
ANSWER = "Your answer"
AMOUNT = "Price (£)"
PRICE_KEY = "P"
NOT_OURS = "This is not an offer workbook. Download the workbook of this tender, fill it in and choose that."
NOT_ASKED = "This box is not asked for here. Clear the cell."
FAILED = "The formula in this cell gives an error. Mend it, or type what it should give."
_FIRST_ROWS = 20
_SPACES = re.compile("[\u00a0\u2007\u2009\u202f]")
_POUND = re.compile(
    "^(-?)\\s*(?:[^\x00-\x7f]{0,4}\u00a3|\uffe1|\u20a4|\ufffd|\u252c\u00fa|\u00fa|GBP)\\s*", re.I
)
"""A pound sign as it is, full width, as a lira sign, or as it looks after a file was read in another encoding."""
_PER_CENT = re.compile(r"\s*(?:%|\uff05|per ?cent)$", re.I)


@dataclass(frozen=True, slots=True)
class BookLine:
    """A measure asked, as its row says it. ``value`` is the £ of one unit in words, "" where it has none."""

    requirement_id: int
    code: str
    title: str
    unit: str
    is_mandatory: bool
    minimum: str
    guidance: str
    value: str
    source: str
    has_share: bool
    is_negotiated: bool

    @property
    def key(self) -> str:
        return f"M{self.requirement_id}"

    @property
    def is_yes_or_no(self) -> bool:
        return self.unit in YES_OR_NO

    @property
    def label(self) -> str:
        return f"{self.code} {self.title}"


@dataclass(frozen=True, slots=True)
class BookQuestion:
    question_id: int
    text: str
    guidance: str
    weight: str

    @property
    def key(self) -> str:
        return f"Q{self.question_id}"


@dataclass(frozen=True, slots=True)
class OfferBook:
    """Everything the workbook of one supplier's offer on one tender says. ``boxes`` are named as on the offer page."""

    tender_id: int
    reference: str
    title: str
    authority_name: str
    supplier_id: int
    supplier_name: str
    deadline: str
    lines: tuple[BookLine, ...]
    questions: tuple[BookQuestion, ...]
    boxes: Mapping[str, Any]
    receipt: str = ""
    """What was submitted, to read: its receipt in words. "" while it is worked on."""
    is_closed: bool = False

    @property
    def is_read_only(self) -> bool:
        return bool(self.receipt) or self.is_closed


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box of the page stands in the workbook. ``row`` counts from 1, ``column`` from 0."""

    sheet: str
    row: int
    column: int


@dataclass(slots=True)
class Found:
    """What an uploaded workbook holds: boxes as typed, where each stands, what is wrong, which rows are not there."""

    boxes: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


# --- whose workbook -------------------------------------------------------------------------------


def identity(book: OfferBook) -> list[tuple[str, str]]:
    """The rows by which an uploaded workbook is known again."""
    return [
        ("Do not change this sheet: it says which offer this is.", ""),
        ("Format", FORMAT),
        ("Tender", str(book.tender_id)),
        ("Reference", book.reference),
        ("Title", book.title),
        ("Supplier", str(book.supplier_id)),
    ]


def refusal(read: Workbook, book: OfferBook) -> str:
    """Why an uploaded workbook cannot be this offer; "" when it is."""
    sheet = read.sheet(IDENTITY)
    said = {text_of(row[0]): text_of(row[1]) for row in sheet.rows if len(row) > 1} if sheet else {}
    if said.get("Format") != FORMAT or not said.get("Tender") or not said.get("Supplier"):
        return NOT_OURS
    if said["Tender"] != str(book.tender_id):
        other = f"{said.get('Title', '')} ({said.get('Reference', '')})"[:200]
        return (
            f"This workbook is for another tender: {other}. This page is for {book.title} ({book.reference}). "
            "Download the workbook of this tender and use that."
        )
    if said["Supplier"] != str(book.supplier_id):
        return (
            "This workbook was made for another organisation. Download the workbook again, signed in for "
            f"{book.supplier_name}."
        )
    long = next((one.name for one in read.sheets if len(one.rows) > MAX_ROWS), "")
    too_long = f"The sheet “{long[:31]}” has more than {MAX_ROWS:,} rows. Delete those that are not needed."
    return too_long if long else ""


# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet with its headings found."""

    sheet: Sheet
    head: int
    columns: Mapping[str, int]

    def rows(self) -> Iterator[tuple[int, Any]]:
        """Row number from 1, and the row; rows without any content are left out."""
        for at in range(self.head + 1, len(self.sheet.rows)):
            row = self.sheet.rows[at]
            if any(text_of(value) for value in row):
                yield at + 1, row


def read_offer(read: Workbook, book: OfferBook) -> Found:
    """The boxes of an uploaded workbook for which ``refusal`` is "". A row or sheet that is not there is left out."""
    found = Found()
    _read_lines(read, book, found)
    _read_questions(read, book, found)
    _read_price(read, found)
    return found


def _table(read: Workbook, name: str, headings: Sequence[str], found: Found) -> _Table | None:
    """The sheet with its headings; None, with the problem said, when it is there and they are not."""
    sheet = read.sheet(name)
    if sheet is None:
        return None
    for at, row in enumerate(sheet.rows[:_FIRST_ROWS]):
        texts = [" ".join(text_of(value).split()).casefold() for value in row]
        if KEY.casefold() not in texts:
            continue
        wanted = {heading: heading.casefold() for heading in (*headings, CODE)}
        columns = {name: texts.index(text) for name, text in wanted.items() if text in texts}
        missing = [heading for heading in headings if heading not in columns]
        if not missing:
            return _Table(sheet, at, columns)
        said = f"The column “{missing[0]}” is gone. Put its heading back, or start from a new download."
        found.problems.append(Problem("error", name, at + 1, 0, said))
        return None
    said = "The row of headings is gone. Put it back, or start from a new download."
    found.problems.append(Problem("error", name, 1, 0, said))
    return None


def _keyed(
    table: _Table, known: Mapping[str, Any], boxes: Sequence[str], found: Found, noun: str
) -> Iterator[tuple[Any, int, Any]]:
    """What each row is about, its number and its cells. Rows of nothing known are problems when a box is filled."""
    seen: dict[str, int] = {}
    by_code = _by_code(known)
    at_key = table.columns[KEY]
    for number, row in table.rows():
        key = text_of(row[at_key])
        if not key and CODE in table.columns:
            key = by_code.get(text_of(row[table.columns[CODE]]), "")
        place = Place(table.sheet.name, number, at_key)
        if key in seen:
            said = f"This {noun} stands here twice: row {seen[key]} has it as well. Delete one of the two."
            found.problems.append(_wrong(place, said))
        elif key in known:
            seen[key] = number
            yield known[key], number, row
        elif key or any(text_of(row[table.columns[box]]) for box in boxes):
            said = f"This row belongs to no {noun} of this tender. Delete it, or put back its key of column A."
            found.problems.append(_wrong(place, said))


def _by_code(known: Mapping[str, Any]) -> dict[str, str]:
    """Key of each code, for rows that lost theirs."""
    return {row.code: key for key, row in known.items() if isinstance(row, BookLine)}


def _read_lines(read: Workbook, book: OfferBook, found: Found) -> None:
    known = {line.key: line for line in book.lines}
    boxes = [QUANTITY, PROXY, SHARE, METHOD]
    table = _table(read, OFFER, [KEY, *boxes], found)
    there = set()
    if table is not None:
        for line, number, row in _keyed(table, known, boxes, found, "measure"):
            there.add(line.key)
            _read_line(table, line, number, row, found)
    found.left_out += [line.label for line in book.lines if line.key not in there]


def _read_line(table: _Table, line: BookLine, number: int, row: Any, found: Found) -> None:
    key = line.requirement_id
    if line.is_yes_or_no:
        quantity = as_yes_or_no
    elif line.unit == "%":
        quantity = as_percent
    else:
        quantity = _as_number_of(line.unit)
    boxes = [
        (QUANTITY, quantity_name(key), quantity, True),
        (PROXY, proxy_name(key), as_number, line.is_negotiated),
        (SHARE, attribution_name(key), as_percent, line.has_share),
        (METHOD, method_name(key), as_words, True),
    ]
    for heading, name, reader, is_asked in boxes:
        place = Place(table.sheet.name, number, table.columns[heading])
        value = row[place.column]
        if is_asked:
            _take(found, name, place, reader, table)
        elif text_of(value):
            found.problems.append(_wrong(place, NOT_ASKED))


def _read_questions(read: Workbook, book: OfferBook, found: Found) -> None:
    known = {row.key: row for row in book.questions}
    table = _table(read, QUESTIONS, [KEY, ANSWER], found) if known else None
    there = set()
    if table is not None:
        for question, number, _ in _keyed(table, known, [ANSWER], found, "question"):
            there.add(question.key)
            place = Place(table.sheet.name, number, table.columns[ANSWER])
            _take(found, answer_name(question.question_id), place, as_words, table)
    found.left_out += [row.text for row in book.questions if row.key not in there]


def _read_price(read: Workbook, found: Found) -> None:
    table = _table(read, PRICE, [KEY, AMOUNT], found)
    if table is not None:
        for _, number, _ in _keyed(table, {PRICE_KEY: "price"}, [AMOUNT], found, "price"):
            place = Place(table.sheet.name, number, table.columns[AMOUNT])
            _take(found, "price", place, as_number, table)
    if "price" not in found.places:
        found.left_out.append("Whole-life price")


def _take(found: Found, name: str, place: Place, reader: Any, table: _Table) -> None:
    at = place.row - 1, place.column
    found.places[name] = place
    try:
        if at in table.sheet.failed:
            raise ValueError(FAILED)
        found.boxes[name] = reader(table.sheet.rows[at[0]][at[1]])
    except ValueError as error:
        found.boxes[name] = ""
        found.problems.append(_wrong(place, str(error)))


def _wrong(place: Place, message: str) -> Problem:
    return Problem("error", place.sheet, place.row, place.column, message)


# --- cells ----------------------------------------------------------------------------------------


def as_words(value: Any) -> str:
    """A text as it is, but for the space around it; line ends as one character."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text_of(value)


def as_number(value: Any) -> str:
    """A number as it would be typed: a pound sign in whatever encoding, and spaces of any kind, are read.

    ValueError, saying how to mend it, for a date or a tick. Text that is no number is left to the page's form.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        raise ValueError("This cell holds a yes or no. Write a number, like 12 or 12.5.")
    if isinstance(value, date | time | timedelta):
        raise ValueError(
            "The spreadsheet made a date of what was typed here. Set the cell to a number and type it again, like 12.5."
        )
    if not isinstance(value, str):
        return plain(shown(value))
    text = _SPACES.sub(" ", value).replace("\u2212", "-").strip()
    return _POUND.sub(r"\1£", text)


def _as_number_of(unit: str) -> Any:
    """A number that may have its own unit behind it: ``120 staff hours``."""

    def read(value: Any) -> str:
        text = as_number(value)
        has_unit = bool(unit) and text.casefold().endswith(f" {unit.casefold()}")
        return text[: -len(unit)].strip() if has_unit else text

    return read


def as_percent(value: Any) -> str:
    """A percentage as it would be typed: ``50%``, ``50`` and ``0.5`` are all fifty per cent.

    A number up to 1 is a fraction, because a spreadsheet keeps 50% as 0.5; with its sign it is what it says: ``0.5%``.
    """
    text = as_number(value)
    bare = _PER_CENT.sub("", text)
    if bare != text:
        return bare
    try:
        number = parse_decimal(text)
    except ValueError:
        return text
    return plain(number * 100) if 0 < number <= 1 else text


def as_yes_or_no(value: Any) -> str:
    """``1`` or ``0``, as the page's choice has them."""
    text = text_of(value).casefold()
    if text in ("yes", "y", "true", "1"):
        return "1"
    if text in ("no", "n", "false", "0"):
        return "0"
    if text:
        raise ValueError("Write Yes or No, or clear the cell.")
    return ""


# --- writing --------------------------------------------------------------------------------------


def fraction(percent: Decimal) -> Decimal:
    """A percentage as a spreadsheet keeps it: 50 is 0.5."""
    return percent / 100
