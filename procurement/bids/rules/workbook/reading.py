"""An uploaded workbook read into the boxes of the offer page, each with its place. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from procurement.bids.rules.offers import (
    answer_name,
    attribution_name,
    method_name,
    part_name,
    proxy_name,
    quantity_name,
    reason_name,
)
from procurement.bids.rules.workbook.book import (
    AMOUNT,
    ANSWER,
    CODE,
    FAILED,
    KEY,
    METHOD,
    NOT_ASKED,
    OFFER,
    PART_KIND,
    PART_NAME,
    PART_QUANTITY,
    PARTNERS,
    PRICE,
    PRICE_KEY,
    PROXY,
    QUANTITY,
    QUESTIONS,
    REASON,
    SHARE,
    BookLine,
    Found,
    OfferBook,
    Place,
)
from procurement.bids.rules.workbook.cells import (
    as_kind,
    as_number,
    as_number_of,
    as_percent,
    as_words,
    as_yes_or_no,
)
from socialvalue.core.cells import Problem, Sheet, Workbook, text_of

_FIRST_ROWS = 20


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
    _read_parts(read, book, found)
    _read_questions(read, book, found)
    _read_price(read, found)
    return found


def _table(
    read: Workbook, name: str, headings: Sequence[str], found: Found, mark: str = KEY
) -> _Table | None:
    """The sheet with its headings, of which ``mark`` shows the row; None, with the problem said, when it is there and
    they are not. Workbooks made before reasons were asked for have no column for them."""
    sheet = read.sheet(name)
    if sheet is None:
        return None
    for at, row in enumerate(sheet.rows[:_FIRST_ROWS]):
        texts = [" ".join(text_of(value).split()).casefold() for value in row]
        if mark.casefold() not in texts:
            continue
        wanted = {heading: heading.casefold() for heading in (*headings, CODE, REASON)}
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
        boxes += [REASON] if REASON in table.columns else []
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
        quantity = as_number_of(line.unit)
    boxes = [
        (QUANTITY, quantity_name(key), quantity, True),
        (PROXY, proxy_name(key), as_number, line.is_negotiated),
        (SHARE, attribution_name(key), as_percent, line.has_share),
        (REASON, reason_name(key), as_words, line.has_share),
        (METHOD, method_name(key), as_words, True),
    ]
    for heading, name, reader, is_asked in boxes:
        if heading not in table.columns:
            continue
        place = Place(table.sheet.name, number, table.columns[heading])
        value = row[place.column]
        if is_asked:
            _take(found, name, place, reader, table)
        elif text_of(value):
            found.problems.append(_wrong(place, NOT_ASKED))


def _read_parts(read: Workbook, book: OfferBook, found: Found) -> None:
    """The partners: the sheet lists all of them, so that a row taken away is a partner taken away."""
    boxes = [PART_KIND, PART_NAME, PART_QUANTITY]
    table = _table(read, PARTNERS, [CODE, *boxes], found, mark=CODE)
    if table is None:
        if any(name.startswith("part_") for name in book.boxes):
            found.left_out.append("Partners and sub-contractors")
        return
    found.has_parts = True
    lines = {row.code.casefold(): row for row in book.lines}
    counts: dict[str, int] = {}
    for number, row in table.rows():
        if not any(as_words(row[table.columns[box]]) for box in (PART_NAME, PART_QUANTITY)):
            continue
        place = Place(PARTNERS, number, table.columns[CODE])
        code = text_of(row[place.column])
        line = lines.get(code.casefold())
        if line is None or not line.takes_parts:
            found.problems.append(_wrong(place, _no_such_line(code, line)))
            continue
        at = counts[line.key] = counts.get(line.key, -1) + 1
        readers = [as_kind, as_words, as_number_of(line.unit)]
        for heading, box, reader in zip(boxes, ("kind", "name", "quantity"), readers, strict=True):
            name = part_name(line.requirement_id, at, box)
            _take(found, name, Place(PARTNERS, number, table.columns[heading]), reader, table)


def _no_such_line(code: str, line: BookLine | None) -> str:
    if line is not None:
        return f"{line.code} cannot be shared out. Delete this row."
    if not code:
        return f"Write the code of the measure, as the sheet “{OFFER}” has it, or delete this row."
    return f"{code[:40]} is no measure of this tender. Write a code of the sheet “{OFFER}”, or delete this row."


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
