"""An edition as plain tables and back: what the export writes and the import reads again. Pure.

Every table has its headings; lists are written as JSON in one cell, so that nothing is guessed on the way back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from socialvalue.core.money import parse_decimal
from toms.frameworks.vocabulary import Aggregation, MeasureKind
from toms.imports.rules.cells import PLACES, Problem, Workbook, amount_of, clean, plain, text_of
from toms.imports.rules.content import SHARES, EditionContent, Row, in_order
from toms.imports.rules.words import LINK, NO_LINK, PLACED

SHARE_HEADINGS = tuple(name.capitalize() for name in SHARES)
TABLES: Mapping[str, tuple[str, ...]] = {
    "Edition": ("Framework", "Published by", "Licence", "About", "Edition", "Label", "Valid from", "Valid to"),
    "Themes": ("Code", "Slug", "Name", "About"),
    "Outcomes": ("Theme", "Code", "Name"),
    "Measures": (
        "Code", "Outcome", "Title", "Description", "Unit", "Kind", "Aggregation", "Numerator", "Denominator",
        "Target requirements", "Evidence", "Counting rule", "Unit parts", "Objectives", "Local employment",
        *SHARE_HEADINGS,
    ),
    "Values": (
        "Measure", "Place", "Amount", "Price year", "Source", "Source link", "Licence", "Method", "Certainty",
        "Valid from", "Valid to", "Derivation", "Sector",
    ),
    "Double counting": ("First", "Second"),
    "Packs": ("Slug", "Name", "CPV prefixes", "Measures"),
}  # fmt: skip
_LATER: Mapping[str, tuple[str, ...]] = {"Measures": SHARE_HEADINGS, "Values": ("Sector",)}
"""Headings at the end of their table that older exports do not have: read as empty."""
RECORD = "Record"
CELLS_IN_CSV = max(len(headings) for headings in TABLES.values())
LONGEST_CELL = 32_000
_LIMITS = {
    ("Themes", "Code"): 20, ("Themes", "Slug"): 80, ("Themes", "Name"): 200, ("Outcomes", "Code"): 20,
    ("Outcomes", "Name"): 300, ("Measures", "Code"): 20, ("Measures", "Title"): 300, ("Measures", "Unit"): 80,
    ("Measures", "Numerator"): 100, ("Measures", "Denominator"): 100, ("Values", "Place"): 80, ("Values", "Sector"): 80,
    ("Values", "Price year"): 20, ("Values", "Source"): 300, ("Values", "Source link"): 500,
    ("Values", "Licence"): 200, ("Packs", "Slug"): 60, ("Packs", "Name"): 200, ("Edition", "Framework"): 200,
    ("Edition", "Published by"): 200, ("Edition", "Licence"): 200, ("Edition", "Label"): 100,
}  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def tables_of(content: EditionContent) -> dict[str, list[tuple[str, ...]]]:
    """The rows of every table, without headings."""
    said = in_order(content)
    framework = said.framework
    return {
        "Edition": [
            (framework["name"], framework["owner"], framework["licence"], framework["about"], said.slug,
             said.label, said.valid_from, said.valid_to)
        ],
        "Themes": [(t["code"], t["slug"], t["name"], t["about"]) for t in said.themes],
        "Outcomes": [(t["code"], o["code"], o["name"]) for t in said.themes for o in t["outcomes"]],
        "Measures": [
            (
                m["code"], m["outcome"], m["title"], m["description"], m["unit"], m["kind"], m["aggregation"],
                m["numerator_label"], m["denominator_label"], m["target_requirements"], m["evidence"],
                m["counting_rule"], _json([part["name"] for part in m["unit_parts"]]), _json(m["objectives"]),
                "yes" if m["is_local_employment"] else "no",
                *(m["additionality"].get(name, "") for name in SHARES),
            )
            for m in said.measures
        ],
        "Values": [
            (
                code, p["place"], p["amount"], p["price_year"], p["source_name"], p["source_url"], p["licence"],
                p["method"], p["certainty"], p["valid_from"], p["valid_to"], _json(p["derivation"]),
                p["sector"],
            )
            for code, rows in said.proxies.items()
            for p in rows
        ],
        "Double counting": [(first, second) for first, second in said.double_counting],
        "Packs": [
            (p["slug"], p["name"], _json(p["cpv_prefixes"]), _json(p["measures"])) for p in said.packs
        ],
    }  # fmt: skip


def is_export(book: Workbook) -> bool:
    """Whether a file was written by the export: the tables are there under their own headings."""
    first = book.sheets[0] if book.sheets else None
    if first is None or not first.rows:
        return False
    if text_of(first.rows[0][0]) == RECORD:
        return any(text_of(row[0]) == "Edition" for row in first.rows[1:3])
    for name in ("Edition", "Themes", "Outcomes", "Measures", "Values"):
        sheet = book.sheet(name)
        if sheet is None or not sheet.rows:
            return False
        wanted, later = TABLES[name], _LATER.get(name, ())
        found = tuple(filter(None, (text_of(value) for value in sheet.rows[0][: len(wanted)])))
        if found not in (wanted, wanted[: len(wanted) - len(later)]):
            return False
    return True


@dataclass(slots=True)
class _Line:
    """One record with where it stands."""

    table: str
    sheet: str
    row: int
    shift: int
    cells: dict[str, str]


class _Broken(Exception):
    """Told already: the record is left out."""


class _Reader:
    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.problems: list[Problem] = []

    def lines(self) -> Iterator[_Line]:
        first = self.book.sheets[0]
        flat = text_of(first.rows[0][0]) == RECORD
        for sheet in [first] if flat else self.book.sheets:
            for number, row in enumerate(sheet.rows[1:], start=2):
                cells = [unguard(text_of(value)) if flat else text_of(value) for value in row]
                table = cells[0] if flat else sheet.name
                if table not in TABLES or not any(cells):
                    continue
                texts = cells[1:] if flat else cells
                headings = TABLES[table]
                padded = [*texts, *[""] * len(headings)][: len(headings)]
                line = _Line(
                    table,
                    sheet.name,
                    number,
                    1 if flat else 0,
                    dict(zip(headings, padded, strict=True)),
                )
                self._check_lengths(line)
                yield line

    def _check_lengths(self, line: _Line) -> None:
        for heading, text in line.cells.items():
            limit = _LIMITS.get((line.table, heading), LONGEST_CELL)
            if len(text) > limit:
                self.tell(
                    line, heading, f"{heading} has {len(text)} characters. Shorten it to {limit}."
                )

    def tell(self, line: _Line, heading: str, message: str) -> None:
        column = TABLES[line.table].index(heading) + line.shift
        self.problems.append(Problem("error", line.sheet, line.row, column, message))

    def refuse(self, line: _Line, heading: str, message: str) -> _Broken:
        self.tell(line, heading, message)
        return _Broken()

    def need(self, line: _Line, heading: str) -> str:
        text = line.cells[heading]
        if not text:
            raise self.refuse(line, heading, f"{heading} is missing. Enter it.")
        return text

    def known(self, line: _Line, heading: str, among: Mapping[str, Any]) -> str:
        text = self.need(line, heading)
        if text not in among:
            raise self.refuse(line, heading, f"“{text}” is not in this file. Check its code.")
        return text

    def fresh(self, line: _Line, heading: str, among: Mapping[str, Any]) -> str:
        text = self.need(line, heading)
        if text in among:
            raise self.refuse(line, heading, f"“{text}” is used already. Every one has its own.")
        return text

    def listed(self, line: _Line, heading: str) -> list[Any]:
        text = line.cells[heading] or "[]"
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if not isinstance(found, list):
            raise self.refuse(line, heading, 'This is not a list. Write it like ["one", "two"].')
        return found

    def words(self, line: _Line, heading: str) -> list[str]:
        found = self.listed(line, heading)
        if not all(isinstance(item, str) for item in found):
            raise self.refuse(
                line, heading, 'This is not a list of words. Write it like ["one", "two"].'
            )
        return [clean(item) for item in found]

    def day(self, line: _Line, heading: str, *, required: bool) -> str:
        text = self.need(line, heading) if required else line.cells[heading]
        if not text:
            return ""
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise self.refuse(
                line, heading, f"“{text}” is not a date. Write it like 2026-04-01."
            ) from error

    def one_of(self, line: _Line, heading: str, choices: Sequence[str]) -> str:
        text = self.need(line, heading)
        if text not in choices:
            raise self.refuse(
                line, heading, f"“{text}” is not known. Use one of: {', '.join(choices)}."
            )
        return text

    def share(self, line: _Line, heading: str) -> str:
        """Fraction text; "" when nothing is said."""
        text = line.cells[heading]
        if not text:
            return ""
        try:
            number = parse_decimal(text)
        except ValueError:
            number = Decimal(-1)
        if not 0 <= number <= 1 or len(plain(number).partition(".")[2]) > PLACES:
            message = (
                f"“{text[:40]}” is not a share. Write it as a fraction from 0 to 1, like 0.25."
            )
            raise self.refuse(line, heading, message)
        return plain(number)

    def amount(self, line: _Line) -> str:
        amount, error, warning = amount_of(self.need(line, "Amount"))
        if error or warning:
            raise self.refuse(line, "Amount", error or warning)
        return amount


def read_records(book: Workbook) -> tuple[EditionContent | None, list[Problem], dict[str, int]]:
    """What an exported file says: the edition, what is wrong with it by cell, and the row of each measure's code.

    The edition is None when even its own line cannot be read.
    """
    reader = _Reader(book)
    held: dict[str, list[_Line]] = {name: [] for name in TABLES}
    for line in reader.lines():
        held[line.table].append(line)
    found = _Found()
    for table in TABLES:
        for line in held[table]:
            try:
                _TAKE[table](reader, line, found)
            except _Broken:
                continue
    if found.edition is None:
        if not held["Edition"]:
            sheet = book.sheets[0].name
            reader.problems.append(
                Problem("error", sheet, 1, 0, "The line of the edition itself is missing.")
            )
        return None, reader.problems, {}
    head = found.edition
    content = EditionContent(
        framework={"name": head["Framework"], "owner": head["Published by"], "licence": head["Licence"],
                   "about": head["About"]},
        label=head["Label"], valid_from=head["Valid from"], valid_to=head["Valid to"], slug=head["Edition"],
        themes=list(found.themes.values()), measures=list(found.measures.values()), proxies=found.proxies,
        double_counting=found.pairs, packs=list(found.packs.values()),
    )  # fmt: skip
    return content, reader.problems, found.rows


class _Found:
    def __init__(self) -> None:
        self.edition: dict[str, str] | None = None
        self.themes: dict[str, Row] = {}
        self.slugs: dict[str, str] = {}
        self.outcomes: dict[str, Row] = {}
        self.measures: dict[str, Row] = {}
        self.rows: dict[str, int] = {}
        self.proxies: dict[str, list[Row]] = {}
        self.seen: set[tuple[str, str, str, str]] = set()
        self.pairs: list[tuple[str, str]] = []
        self.packs: dict[str, Row] = {}


def _edition(reader: _Reader, line: _Line, found: _Found) -> None:
    for heading in ("Framework", "Published by", "Label"):
        reader.need(line, heading)
    begins = reader.day(line, "Valid from", required=True)
    ends = reader.day(line, "Valid to", required=False)
    if ends and ends < begins:
        raise reader.refuse(line, "Valid to", "An edition ends on or after the day it begins.")
    found.edition = line.cells


def _theme(reader: _Reader, line: _Line, found: _Found) -> None:
    code = reader.fresh(line, "Code", found.themes)
    slug = reader.fresh(line, "Slug", found.slugs)
    if not re.fullmatch(r"[-a-z0-9_]+", slug):
        raise reader.refuse(line, "Slug", "A slug is made of small letters, digits and hyphens.")
    name = reader.need(line, "Name")
    found.slugs[slug] = code
    found.themes[code] = {
        "code": code, "slug": slug, "name": name, "about": line.cells["About"], "outcomes": [],
    }  # fmt: skip


def _outcome(reader: _Reader, line: _Line, found: _Found) -> None:
    theme = reader.known(line, "Theme", found.themes)
    code = reader.fresh(line, "Code", found.outcomes)
    row = {"code": code, "name": reader.need(line, "Name")}
    found.outcomes[code] = row
    found.themes[theme]["outcomes"].append(row)


def _measure(reader: _Reader, line: _Line, found: _Found) -> None:
    code = reader.fresh(line, "Code", found.measures)
    outcome = reader.known(line, "Outcome", found.outcomes)
    kind = reader.one_of(line, "Kind", MeasureKind.values)
    adds_up = reader.one_of(line, "Aggregation", Aggregation.values)
    cells = line.cells
    if kind in (*PLACED, MeasureKind.POUND_FOR_POUND) and adds_up != Aggregation.SUM:
        raise reader.refuse(line, "Aggregation", "A measure with a value in £ is added up: sum.")
    if adds_up == Aggregation.RATIO:
        reader.need(line, "Numerator")
        reader.need(line, "Denominator")
    found.rows[code] = line.row
    found.measures[code] = {
        "code": code, "outcome": outcome, "title": reader.need(line, "Title"), "description": cells["Description"],
        "unit": reader.need(line, "Unit"), "kind": kind, "aggregation": adds_up,
        "numerator_label": cells["Numerator"], "denominator_label": cells["Denominator"],
        "target_requirements": cells["Target requirements"], "evidence": cells["Evidence"],
        "counting_rule": cells["Counting rule"],
        "unit_parts": [{"name": name} for name in reader.words(line, "Unit parts")],
        "objectives": reader.words(line, "Objectives"),
        "is_local_employment": reader.one_of(line, "Local employment", ("yes", "no")) == "yes",
        "additionality": {
            name: share for name in SHARES if (share := reader.share(line, name.capitalize()))
        },
    }  # fmt: skip


def _value(reader: _Reader, line: _Line, found: _Found) -> None:
    code = reader.known(line, "Measure", found.measures)
    if found.measures[code]["kind"] not in PLACED:
        raise reader.refuse(line, "Measure", f"{code} is of a kind without values.")
    cells = line.cells
    amount = reader.amount(line)
    begins = reader.day(line, "Valid from", required=True)
    ends = reader.day(line, "Valid to", required=False)
    if ends and ends < begins:
        raise reader.refuse(line, "Valid to", "A value ends on or after the day it begins.")
    if cells["Source link"] and not LINK.match(cells["Source link"]):
        raise reader.refuse(line, "Source link", NO_LINK)
    for heading in ("Place", "Sector"):
        if not re.fullmatch(r"[-a-z0-9_]*", cells[heading]):
            message = f"A {heading.lower()} is written in small letters, digits and hyphens."
            raise reader.refuse(line, heading, message)
    key = (code, cells["Place"], cells["Sector"], begins)
    if key in found.seen:
        message = f"{code} has a value for this place, sector and day already."
        raise reader.refuse(line, "Measure", message)
    derivation = reader.listed(line, "Derivation")
    if not all(isinstance(item, dict) for item in derivation):
        raise reader.refuse(line, "Derivation", "Every step names its label, value and source.")
    found.seen.add(key)
    found.proxies.setdefault(code, []).append(
        {
            "place": cells["Place"], "sector": cells["Sector"], "amount": amount, "price_year": cells["Price year"],
            "source_name": cells["Source"], "source_url": cells["Source link"], "licence": cells["Licence"],
            "method": cells["Method"], "certainty": cells["Certainty"], "valid_from": begins, "valid_to": ends,
            "derivation": [
                {key: clean(str(item.get(key, ""))) for key in ("label", "value", "source")} for item in derivation
            ],
        }
    )  # fmt: skip


def _pair(reader: _Reader, line: _Line, found: _Found) -> None:
    first = reader.known(line, "First", found.measures)
    second = reader.known(line, "Second", found.measures)
    if first == second or {first, second} in [set(pair) for pair in found.pairs]:
        raise reader.refuse(line, "Second", "A pair names two measures, and is named once.")
    found.pairs.append((first, second))


def _pack(reader: _Reader, line: _Line, found: _Found) -> None:
    slug = reader.fresh(line, "Slug", found.packs)
    measures = reader.words(line, "Measures")
    if unknown := [code for code in measures if code not in found.measures]:
        raise reader.refuse(
            line, "Measures", f"“{unknown[0]}” is not in this file. Check its code."
        )
    found.packs[slug] = {
        "slug": slug, "name": reader.need(line, "Name"), "measures": measures,
        "cpv_prefixes": reader.words(line, "CPV prefixes"),
    }  # fmt: skip


_TAKE: Mapping[str, Callable[[_Reader, _Line, _Found], None]] = {
    "Edition": _edition, "Themes": _theme, "Outcomes": _outcome, "Measures": _measure, "Values": _value,
    "Double counting": _pair, "Packs": _pack,
}  # fmt: skip


def guard(text: str) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe; one that begins with it gets one more."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "'")) else text


def unguard(text: str) -> str:
    return text.removeprefix("'")
