"""A workbook of claims: what stands in its columns, and every row of it checked in memory. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from procurement.bids.rules.workbook.cells import as_number
from procurement.deliveries.rules.claims import (
    MAX_NARRATIVE,
    STATEMENT,
    WHOLE_OR_NOTHING,
    Delivery,
    Promise,
    check_delivery,
    district_of,
)
from procurement.deliveries.rules.places import check_district, full_postcodes_in
from procurement.ledger.rules import MAX_VALUE_PENCE, TOO_MUCH
from socialvalue.core.cells import Problem, Sheet, Workbook, shown, text_of
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import MAX_QUANTITY, parse_decimal, round_pounds, to_pence
from socialvalue.core.periods import quarter_label
from toms.valuation.rules import exact_worth

CLAIMS = "Claims"
KEY = "Key"
COUNTED = "What is counted"
QUANTITY = "How much was delivered"
WHOLE = "Out of (percentages only)"
WORDS = "What was delivered, where and for whom"
DISTRICT = "Postcode district"
BOXES = (QUANTITY, WHOLE, WORDS, DISTRICT)
GIVEN = (
    KEY, "Contract", "Authority", "Measure", "Quarter", COUNTED, "Promised in the quarter", "Claimed so far",
)  # fmt: skip
TO_MEND = "What to mend"
"""The column that a marked CSV file gets behind its own."""

MAX_ROWS = 100_000
MAX_LINES = 200_000
MAX_MARKED = 1_000
"""So many faults are marked and listed: a spreadsheet with more notes than that does not open."""
FIRST_ROWS = 50
TELL_EVERY = 10_000
NOT_OURS = (
    "This is not a claims workbook: it has no column “Key”. Download the workbook, fill that in and choose it."
)  # fmt: skip
NOTHING = "There is nothing in this file to send: every box is empty."
TOO_MANY = f"The file holds more than {MAX_ROWS:,} claims. Send it in parts."
NOT_YOURS = "This row belongs to nothing you can claim. Delete it, or start from a new download."
NO_KEY = "This row has lost its key. Delete it, or start from a new download."
FAILED = "The formula in this cell gives an error. Mend it, or type what it should give."
_MILLI_PLACES = 3
_KEY = re.compile(r"C([1-9][0-9]{0,17})-([0-9]{4})(01|04|07|10)")
_OTHER_POUND = re.compile("^(-?)\\s*[\u0153\u00c2]\\s*")
"""A pound sign of an old DOS file, or half of one in UTF-8, read as Windows text."""
_GUARDED = re.compile(r"^'(?=[=+\-@\t\r])")
_COLUMN_OF = {
    "quantity": QUANTITY,
    "denominator": WHOLE,
    "narrative": WORDS,
    "postcode_district": DISTRICT,
    "quarter": KEY,
}


@dataclass(frozen=True, slots=True)
class BookRow:
    """A row of the workbook as it is downloaded: a commitment in a quarter that has begun."""

    commitment_id: int
    quarter: date
    contract: str
    authority: str
    measure: str
    counted: str
    promised: str
    claimed: str
    is_rate: bool
    is_taken: bool
    """It has its one figure: nothing more can be claimed for the quarter."""

    @property
    def key(self) -> str:
        return key_of(self.commitment_id, self.quarter)


@dataclass(frozen=True, slots=True)
class Claimable:
    """A commitment as far as a row of a file needs it. ``taken``: quarters that have the one figure they may have."""

    commitment_id: int
    contract_id: int
    authority_id: int
    promise: Promise
    quarters: frozenset[date]
    stands_alone: bool
    taken: frozenset[date]
    unit_value: Decimal | None
    attribution: Decimal
    """The share due to the contract, a fraction."""
    kept: Decimal


class Entered(NamedTuple):
    """One claim of a file. ``line`` is its row as the spreadsheet counts, from 1."""

    line: int
    claimable: Claimable
    quarter: date
    quantity: Decimal
    denominator: Decimal | None
    narrative: str
    postcode_district: str
    value_pence: int


@dataclass(slots=True)
class Checked:
    """Every row with something entered. ``problems`` are the first of ``faults``."""

    sheet: str
    rows: list[Entered] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    faults: int = 0
    filled: int = 0


def key_of(commitment_id: int, quarter: date) -> str:
    """What a row is known by. It begins with a letter, so that no spreadsheet makes a number or a date of it."""
    return f"C{commitment_id}-{quarter:%Y%m}"


def submission_key(upload_id: int, line: int) -> str:
    """The key of the claim that a row becomes: the same row of the same upload is never two claims."""
    return f"upload:{upload_id}:row:{line}"


def check_book(
    book: Workbook,
    claimable: Mapping[int, Claimable],
    *,
    today: date,
    tell: Callable[[int], object] = lambda done: None,
) -> Checked:
    """Every row of the file against what its supplier may claim. RuleBroken when the file as a whole cannot be read.

    ``tell`` hears now and then how many rows were looked at.
    """
    sheet, head, columns = _find(book)
    if len(sheet.rows) > MAX_LINES:
        raise RuleBroken(
            f"The file has more than {MAX_LINES:,} lines. Delete those without claims."
        )
    found = Checked(sheet.name)
    gone = [name for name in BOXES if name not in columns]
    if gone:
        said = (
            f"The column “{gone[0]}” is gone. Put its heading back, or start from a new download."
        )
        found.problems.append(Problem("error", sheet.name, head + 1, 0, said))
        found.faults = 1
        return found
    _Check(sheet, columns, claimable, today, found).rows(head + 1, tell)
    if found.filled > MAX_ROWS:
        raise RuleBroken(TOO_MANY)
    if not found.filled:
        raise RuleBroken(NOTHING)
    return found


def _find(book: Workbook) -> tuple[Sheet, int, dict[str, int]]:
    """The sheet with the claims, its row of headings and where each of them stands."""
    for sheet in book.sheets:
        for at, row in enumerate(sheet.rows[:20]):
            texts = [" ".join(text_of(value).split()).casefold() for value in row]
            if KEY.casefold() in texts and QUANTITY.casefold() in texts:
                wanted = {name: name.casefold() for name in (KEY, *BOXES)}
                columns = {
                    name: texts.index(text) for name, text in wanted.items() if text in texts
                }
                return sheet, at, columns
    raise RuleBroken(NOT_OURS, field="file")


class _Check:
    """One pass over a sheet. What is right takes the short way; the rest is judged by the rules of the claim page."""

    def __init__(
        self,
        sheet: Sheet,
        columns: Mapping[str, int],
        claimable: Mapping[int, Claimable],
        today: date,
        found: Checked,
    ) -> None:
        self.sheet, self.columns, self.claimable, self.today = sheet, columns, claimable, today
        self.found = found
        self.known: dict[str, tuple[Claimable, date] | None] = {}
        self.seen: dict[tuple[Any, ...], int] = {}
        self.alone: dict[tuple[int, date], int] = {}
        self.places: dict[str, bool] = {"": True}

    def rows(self, first: int, tell: Callable[[int], object]) -> None:
        key, quantity, whole, words, district = (self.columns[name] for name in (KEY, *BOXES))
        failed = self.sheet.failed
        for at in range(first, len(self.sheet.rows)):
            if not (at - first) % TELL_EVERY:
                tell(at - first)
            row = self.sheet.rows[at]
            boxes = (row[quantity], row[whole], row[words], row[district])
            if boxes == ("", "", "", "") and not failed:
                continue
            self._row(at, row[key], boxes)
        tell(len(self.sheet.rows) - first)

    def _row(self, at: int, key: Any, boxes: Sequence[Any]) -> None:
        is_failed = [
            name for name in BOXES if (at, self.columns[name]) in self.sheet.failed
        ] if self.sheet.failed else []  # fmt: skip
        if not is_failed and not any(text_of(value) for value in boxes):
            return
        self.found.filled += 1
        if is_failed:
            for name in is_failed:
                self._wrong(at, name, FAILED)
            return
        if key not in self.known:
            self.known[key] = self._about(text_of(key))
        about = self.known[key]
        if about is None:
            self._wrong(at, KEY, NOT_YOURS if text_of(key) else NO_KEY)
            return
        entered = self._entered(at, *about, boxes)
        if entered is not None:
            self.found.rows.append(entered)

    def _about(self, key: str) -> tuple[Claimable, date] | None:
        parts = _KEY.fullmatch(key)
        if parts is None or int(parts[1]) not in self.claimable or not int(parts[2]):
            return None
        return self.claimable[int(parts[1])], date(int(parts[2]), int(parts[3]), 1)

    def _entered(
        self, at: int, about: Claimable, quarter: date, boxes: Sequence[Any]
    ) -> Entered | None:
        quantity = self._number(at, QUANTITY, boxes[0])
        whole = self._number(at, WHOLE, boxes[1]) if boxes[1] != "" else None
        words, district = boxes[2], boxes[3]
        if words != "":
            words = _GUARDED.sub("", text_of(words))
        if district != "":
            district = district_of(text_of(district))
        if quantity is None:
            if text_of(boxes[0]) == "":
                self._wrong(at, QUANTITY, "Enter how much was delivered, or clear the row.")
            return None
        if whole is None and boxes[1] != "" and text_of(boxes[1]):
            return None
        if not self._may_stand(at, about, quarter, quantity, whole, words, district):
            return None
        pence = 0
        if about.unit_value is not None:
            exact = exact_worth(
                quantity=quantity,
                unit_value=about.unit_value,
                attribution=about.attribution,
                kept=about.kept,
            )
            pence = to_pence(round_pounds(exact))
            if pence > MAX_VALUE_PENCE:
                self._wrong(at, QUANTITY, TOO_MUCH)
                return None
        return Entered(at + 1, about, quarter, quantity, whole, words, district, pence)

    def _may_stand(
        self,
        at: int,
        about: Claimable,
        quarter: date,
        quantity: Decimal,
        whole: Decimal | None,
        words: str,
        district: str,
    ) -> bool:
        is_plain = _is_plain(about, quarter, quantity, whole) and self._is_said(words, district)
        if not is_plain:
            delivery = Delivery(quarter, quantity, whole, words, 0, district)
            try:
                check_delivery(delivery, about.promise, self.today)
            except RuleBroken as error:
                for name, message in error.errors:
                    self._wrong(at, _COLUMN_OF.get(name or "", QUANTITY), message)
                return False
        if about.stands_alone:
            return self._is_alone(at, about, quarter)
        said = (about.commitment_id, quarter, quantity, whole, words, district)
        line = self.seen.setdefault(said, at + 1)
        if line != at + 1:
            self._wrong(
                at,
                QUANTITY,
                f"Row {line} says exactly the same. Delete one of the two, or say in words how they differ.",
            )
            return False
        return True

    def _is_said(self, words: str, district: str) -> bool:
        """The same of the words and the place."""
        if district not in self.places:
            self.places[district] = _is_district(district)
        return (
            self.places[district]
            and len(words) <= MAX_NARRATIVE
            and not (words and full_postcodes_in(words))
        )

    def _is_alone(self, at: int, about: Claimable, quarter: date) -> bool:
        line = self.alone.setdefault((about.commitment_id, quarter), at + 1)
        if line != at + 1:
            self._wrong(
                at, QUANTITY, f"Row {line} has the figure for this quarter. Clear one of the two."
            )
            return False
        if quarter in about.taken:
            self._wrong(
                at,
                QUANTITY,
                f"There is a figure for {quarter_label(quarter)} already. Clear this row, or withdraw that claim.",
            )
            return False
        return True

    def _number(self, at: int, column: str, value: Any) -> Decimal | None:
        """A quantity to three places; None when the cell is empty or, once that is said, wrong."""
        try:
            number = number_of(value)
        except ValueError as error:
            self._wrong(at, column, str(error))
            return None
        return number

    def _wrong(self, at: int, column: str, message: str) -> None:
        self.found.faults += 1
        if len(self.found.problems) < MAX_MARKED:
            self.found.problems.append(
                Problem("error", self.sheet.name, at + 1, self.columns[column], message)
            )


def _is_plain(about: Claimable, quarter: date, quantity: Decimal, whole: Decimal | None) -> bool:
    """Whether ``check_delivery`` would find nothing in the figures, seen without its sentences: with very many rows
    they take long."""
    promise = about.promise
    if promise.is_rate:
        is_right = whole is not None and 0 <= quantity <= whole and whole > 0
    else:
        is_right = whole is None and quantity > 0 and promise.unit not in WHOLE_OR_NOTHING
    return is_right and promise.unit != STATEMENT and quarter in about.quarters


def _is_district(district: str) -> bool:
    try:
        return check_district(district) == district
    except RuleBroken:
        return False


def number_of(value: Any) -> Decimal | None:
    """A quantity as a cell holds it, exact, to three places. ValueError says how to mend it; None: it is empty."""
    if type(value) is float:
        number = shown(value)
    else:
        text = _OTHER_POUND.sub(r"\1", as_number(value))
        if not text:
            return None
        try:
            number = parse_decimal(_GUARDED.sub("", text))
        except ValueError as error:
            raise ValueError("This must be a number, like 12 or 12.5.") from error
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError("This must be a number, like 12 or 12.5.")  # not a number: it is a value
    if -exponent > _MILLI_PLACES and number != round(number, _MILLI_PLACES):
        raise ValueError("This must have at most 3 decimal places.")
    if number > MAX_QUANTITY:
        raise ValueError(f"This must be {MAX_QUANTITY:,f} or less.")
    return number
