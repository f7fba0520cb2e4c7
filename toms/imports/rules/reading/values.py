"""The £ of one unit of the measures of a sheet, by place and sector. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from numbers import Real

from toms.frameworks.vocabulary import MeasureKind
from toms.imports.rules.cells import amount_of, clean
from toms.imports.rules.content import Row
from toms.imports.rules.findings import About, Reading
from toms.imports.rules.reading.columns import Columns
from toms.imports.rules.words import (
    LINK,
    NO_LINK,
    NO_VALUE,
    PLACED,
    kind_named,
    place_named,
    sector_named,
)

_YEAR = re.compile(r"\d{4}")


def amount_at(cells: Columns, at: int) -> str | None:
    """Plain decimal text; "" without a value; None when it is told to be wrong."""
    value = cells.cell("amount")[at]
    if type(value) is str:
        if not value:
            return ""
        value = clean(value)
        if value.casefold() in NO_VALUE or kind_named(value) is not None:
            return ""
    elif type(value) is float:
        shown = repr(value)
        point = shown.find(".")
        fits = 0 < point <= 9 and len(shown) <= 16 and len(shown) - point <= 10
        if fits and shown[0] not in "-0" and "e" not in shown:
            # The usual number: few digits and no exponent, so nothing can be wrong with it.
            return shown.removesuffix(".0")
    elif value is None or isinstance(value, bool):
        return ""
    elif not isinstance(value, Real):
        message = "This cell holds a date or time. Write the value as a number."
        cells.tell("error", at, "amount", message)
        return None
    amount, error, warning = amount_of(value)
    if error:
        cells.tell("error", at, "amount", error)
        return None
    if warning:
        cells.tell("warning", at, "amount", warning)
    return amount


class Values:
    """Takes the values into a reading, with what is wrong or odd about them."""

    def __init__(self, cells: Columns, about: About, found: Reading) -> None:
        self.cells, self.about, self.found = cells, about, found
        self.places = {text: place_named(text) for text in set(cells.text("place"))}
        self.sectors = {text: sector_named(text) for text in set(cells.text("sector"))}
        years, links = set(cells.text("price_year")), set(cells.text("source_url"))
        self.bad_years = {text for text in years if text and not _YEAR.search(text)}
        self.bad_links = {text for text in links if text and not LINK.match(text)}
        self.columns = [
            cells.text(name)
            for name in (
                "code", "place", "sector", "price_year", "source_name", "source_url", "method",
            )
        ]  # fmt: skip

    def add(
        self,
        lines: Sequence[int],
        amounts: Sequence[str | None],
        kinds: Sequence[MeasureKind],
    ) -> None:
        """The value of every line that has one and is of a kind with values."""
        placed = frozenset(PLACED)
        rows = list(zip(*self.columns, strict=True))
        for at, amount, kind in zip(lines, amounts, kinds, strict=True):
            if amount and kind in placed:
                self._value(at, rows[at], kind, amount)

    def _value(self, at: int, row: Sequence[str], kind: str, amount: str) -> None:
        found, about = self.found, self.about
        code, place_said, sector_said, year, source, link, method = row
        place, sector = self.places[place_said], self.sectors[sector_said]
        if kind == MeasureKind.LOCALISED and not place and not sector:
            message = f"{code} is localised. Name the place or the sector this value is for."
            self.cells.tell("error", at, "place", message)
            return
        key = (code, place, sector)
        if key in found.value_rows:
            self._twice(at, row, found.value_rows[key])
            return
        found.value_rows[key] = self.cells.first + at
        if year in self.bad_years:
            message = f"“{year}” is not a year. Write it like 2025 or 2025/26."
            self.cells.tell("warning", at, "price_year", message)
        if link in self.bad_links:
            self.cells.tell("error", at, "source_url", NO_LINK)
        value = {
            "place": place, "amount": amount, "price_year": year, "source_name": source or about.source_name,
            "source_url": link, "licence": about.licence, "method": method, "certainty": "",
            "valid_from": about.valid_from, "valid_to": "", "derivation": [], "sector": sector,
        }  # fmt: skip
        if code in found.proxies:
            found.proxies[code].append(value)
        else:
            found.proxies[code] = [value]

    def _twice(self, at: int, row: Sequence[str], first: int) -> None:
        named = ", ".join(text for text in row[1:3] if text)
        where = f" for {named}" if named else ""
        message = f"{row[0]} has a value{where} in row {first} already. Keep one of them."
        self.cells.tell("error", at, "code", message)

    def one_more(self, at: int, by_code: Mapping[str, Row]) -> None:
        """The code once more: one more place or sector of a value, or a mistake."""
        said = [column[at] for column in self.columns]
        code, place, sector = said[:3]
        title = self.cells.text("title")[at]
        first, row = self.found.rows_of[code], by_code[code]
        if not (place or sector) or (title and title != row["title"]):
            message = f"{code} is used in row {first} already. Every measure has its own code."
            self.cells.tell("error", at, "code", message)
            return
        amount = amount_at(self.cells, at)
        if amount == "":
            where = ", ".join(text for text in (place, sector) if text)
            message = f"{code} has no value for {where}. Enter it, or delete the line."
            self.cells.tell("error", at, "amount", message)
        if not amount:
            return
        if row["kind"] == MeasureKind.PROXY:
            row["kind"] = MeasureKind.LOCALISED.value
        if row["kind"] != MeasureKind.LOCALISED:
            message = (
                f"{code} is not localised, so it has one line. Change its kind in row {first}."
            )
            self.cells.tell("error", at, "kind", message)
            return
        self._value(at, said, MeasureKind.LOCALISED, amount)
