"""The rows of somebody else's sheet as themes, measures and values, or as problems by cell. Pure.

Nothing is dropped in silence: every line is a measure, one more value of a measure, or listed as left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from numbers import Real
from typing import Any

from toms.frameworks.vocabulary import Aggregation, MeasureKind
from toms.imports.rules.cells import (
    Level,
    Problem,
    Sheet,
    Span,
    amount_of,
    clean,
    fill_merged,
    text_of,
)
from toms.imports.rules.content import Row, code_order, slug_of
from toms.imports.rules.findings import About, LeftOut, Reading
from toms.imports.rules.headings import BY_NAME
from toms.imports.rules.words import (
    NO_VALUE,
    PLACED,
    adding_up,
    is_known_unit,
    kind_against_amount,
    kind_named,
    place_named,
    unit_parts,
    unknown_kind,
)

_FOOTNOTE = re.compile(
    r"^(\*|†|‡|§|©|\(?\d{1,2}[).]\s|notes?\b|totals?\b|source\b|copyright\b|licen[cs]e\b)", re.I
)
_CODE = re.compile(r"^[A-Za-z]{0,8}[ .-]?\d+[A-Za-z]{0,2}([.\-/]\d+[A-Za-z]?)*$")

_YEAR = re.compile(r"\d{4}")
_LINK = re.compile(r"https?://\S+$")


class _Reader:
    """Column by column and not cell by cell: a set of 20,000 lines is read in less time than its file takes."""

    def __init__(self, sheet: Sheet, after: int, columns: Mapping[str, int], about: About) -> None:
        self.sheet, self.about, self.columns = sheet, about, columns
        self.first = after + 1  # the spreadsheet's number of the first line below the headings
        below = [span for span in sheet.merged if span[1][0] >= after]
        self.bare = sheet.rows[after:]
        self.rows = _filled(sheet, below, after) if below else self.bare
        self.found = Reading()
        self.nothing = [""] * len(self.rows)
        self.texts = {
            name: self._texts(index) for name, index in columns.items() if name != "amount"
        }
        index = columns.get("amount")
        self.cells = self.nothing if index is None else [row[index] for row in self.rows]
        self.lines: list[int] = []
        """Where the measures stand."""
        self.again: list[int] = []
        """Where a code stands once more."""
        self.outcomes: list[str] = []
        self.known_outcomes: dict[tuple[str, str], str] = {}
        self.themes: dict[str, Row] = {}
        self.by_code: dict[str, Row] = {}

    def _texts(self, index: int) -> list[str]:
        """A whole column as clean text."""
        return [
            value.strip() if type(value) is str and value.isprintable() else text_of(value)
            for value in [row[index] for row in self.rows]
        ]

    def text(self, name: str) -> list[str]:
        return self.texts.get(name, self.nothing)

    def tell(self, level: Level, at: int, name: str, message: str) -> None:
        column = self.columns.get(name, self.columns["code"])
        self.found.problems.append(
            Problem(level, self.sheet.name, self.first + at, column, message)
        )

    def tell_if(self, at: int, name: str, message: str) -> None:
        if message:
            self.tell("error", at, name, message)

    def read(self) -> Reading:
        self._find_lines()
        self._check_lengths()
        units = self._units()
        amounts = [self._amount(at) for at in self.lines]
        kinds = self._kinds(amounts)
        adds_up = self._aggregations(kinds)
        self._add_measures(units, kinds, adds_up)
        self._add_values(amounts, kinds)
        for at in self.again:
            self._one_more(at)
        keys = [code_order(row["code"]) for row in self.found.measures]
        self.found.has_places = bool(self.again)
        self.found.out_of_order = sum(a > b for a, b in pairwise(keys))
        return self.found

    # --- lines ------------------------------------------------------------------------------------

    def _find_lines(self) -> None:
        """Which lines are measures, under which theme and outcome; everything else is told or listed."""
        codes, titles, named, outcomes = (
            self.text(name) for name in ("code", "title", "theme", "outcome")
        )
        last = max((at for at, code in enumerate(codes) if code and titles[at]), default=-1)
        rows_of, theme_lines = self.found.rows_of, self.about.theme_lines
        theme = outcome = ""
        for at, code in enumerate(codes):
            if not code or not titles[at]:
                said = self._other_line(at, last)
                if said is not None:
                    if theme_lines and said:
                        theme, outcome = said, ""
                    continue
                if not code:
                    self.tell(
                        "error",
                        at,
                        "code",
                        "This measure has no code. Enter the code it is known by.",
                    )
                    continue
            if code in rows_of:
                self.again.append(at)
                continue
            if not titles[at]:
                self.tell("error", at, "title", f"{code} has no title. Enter a short title.")
            if not theme_lines and named[at] and named[at] != theme:
                theme, outcome = named[at], ""
            outcome = outcomes[at] or outcome
            rows_of[code] = self.first + at
            self.lines.append(at)
            self.outcomes.append(
                self.known_outcomes.get((theme, outcome)) or self._outcome(at, code, theme, outcome)
            )

    def _other_line(self, at: int, last: int) -> str | None:
        """What a line without a measure says: its text, "" for nothing; None when it is a measure gone wrong."""
        filled = [text for text in (text_of(value) for value in self.bare[at]) if text]
        if not filled:
            self.found.blank += 1
            return ""
        text = filled[0]
        number = self.first + at
        is_alone = len(set(filled)) == 1 and not _CODE.match(text)
        is_note = _FOOTNOTE.match(text) and not self.text("unit")[at]
        if is_note or (is_alone and at > last):
            self.found.left_out.append(LeftOut(number, "Footnote", " ".join(filled)[:300]))
            return ""
        if is_alone:
            why = "Theme" if self.about.theme_lines else "Heading line"
            self.found.left_out.append(LeftOut(number, why, text[:300]))
            return text[:200]
        return None

    def _outcome(self, at: int, code: str, theme: str, outcome: str) -> str:
        """The code of an outcome that is met for the first time, with its theme."""
        if not theme:
            where = "theme" if "theme" in self.columns else "code"
            self.tell("error", at, where, f"{code} has no theme. Name the theme it belongs to.")
        row = self.themes.get(theme)
        if row is None:
            number = len(self.themes) + 1
            taken = {other["slug"] for other in self.themes.values()}
            slug = slug_of(theme, 70) or f"theme-{number}"
            row = self.themes[theme] = {
                "code": f"T{number}",
                "slug": slug if slug not in taken else f"{slug}-{number}",
                "name": theme,
                "about": "",
                "outcomes": [],
            }
            self.found.themes.append(row)
        key = f"{row['code']}O{len(row['outcomes']) + 1}"
        row["outcomes"].append({"code": key, "name": outcome or theme})
        if theme:
            self.known_outcomes[theme, outcome] = key
        return key

    def _check_lengths(self) -> None:
        for name, texts in self.texts.items():
            limit = BY_NAME[name].limit
            if not texts or max(map(len, texts)) <= limit:
                continue
            for at in (*self.lines, *self.again):
                if len(texts[at]) > limit:
                    label = BY_NAME[name].label
                    message = f"{label} has {len(texts[at])} characters. Shorten it to {limit}."
                    self.tell("error", at, name, message)

    # --- columns ----------------------------------------------------------------------------------

    def _units(self) -> list[list[dict[str, str]]]:
        known: dict[str, list[dict[str, str]]] = {}
        found = []
        units = self.text("unit")
        for at in self.lines:
            unit = units[at]
            parts = known.get(unit)
            if parts is None or not unit:
                parts = known[unit] = unit_parts(unit)
                self._check_unit(at, unit)
            found.append(parts)
        return found

    def _check_unit(self, at: int, unit: str) -> None:
        if not unit:
            code = self.text("code")[at]
            self.tell(
                "error",
                at,
                "unit",
                f"{code} has no unit. Enter what is counted, like people or hours.",
            )
        elif not is_known_unit(unit, self.about.known_units):
            self.tell(
                "warning",
                at,
                "unit",
                f"“{unit[:60]}” is not a unit known here. Check how it is counted.",
            )

    def _amount(self, at: int) -> str | None:
        """Plain decimal text; "" without a value; None when it is told to be wrong."""
        value = self.cells[at]
        if type(value) is str:
            if not value:
                return ""
            value = clean(value)
            if value.casefold() in NO_VALUE or kind_named(value) is not None:
                return ""
        elif value is None or isinstance(value, bool):
            return ""
        elif isinstance(value, Real):
            shown = repr(value)
            point = shown.find(".")
            fits = 0 < point <= 9 and len(shown) <= 16 and len(shown) - point <= 10
            if fits and shown[0] not in "-0" and "e" not in shown:
                # The usual number: few digits and no exponent, so nothing can be wrong with it.
                return shown.removesuffix(".0")
        else:
            self.tell(
                "error",
                at,
                "amount",
                "This cell holds a date or time. Write the value as a number.",
            )
            return None
        amount, error, warning = amount_of(value)
        if error:
            self.tell("error", at, "amount", error)
            return None
        if warning:
            self.tell("warning", at, "amount", warning)
        return amount

    def _kinds(self, amounts: Sequence[str | None]) -> list[MeasureKind]:
        said: dict[str, MeasureKind | None] = {"": None}
        codes, named, units, places = (
            self.text(name) for name in ("code", "kind", "unit", "place")
        )
        proxy, localised, plain_count = (
            MeasureKind.PROXY,
            MeasureKind.LOCALISED,
            MeasureKind.RECORD_ONLY,
        )
        found = []
        for at, amount in zip(self.lines, amounts, strict=True):
            name = named[at]
            if name not in said:
                said[name] = kind_named(name)
            kind = said[name]
            if kind is None:
                if name:
                    self.tell("error", at, "kind", unknown_kind(name))
                if amount or amount is None:
                    is_pound = units[at] == "£" and amount == "1"
                    kind = localised if places[at] else proxy
                    kind = MeasureKind.POUND_FOR_POUND if is_pound else kind
                else:
                    kind = kind_named(text_of(self.cells[at])) or plain_count
            if (kind is not proxy and amount) or (kind is proxy and amount == ""):
                self.tell_if(at, "amount", kind_against_amount(codes[at], kind, amount or ""))
            found.append(kind)
        return found

    def _aggregations(self, kinds: Sequence[MeasureKind]) -> list[Aggregation]:
        named, units = self.text("aggregation"), self.text("unit")
        tops, bottoms = self.text("numerator_label"), self.text("denominator_label")
        known: dict[tuple[Any, ...], Aggregation] = {}
        found = []
        for at, kind in zip(self.lines, kinds, strict=True):
            key = (named[at], kind, units[at], bool(tops[at] and bottoms[at]))
            adds_up = known.get(key)
            if adds_up is None:
                adds_up, message = adding_up(*key)
                if message:
                    self.tell("error", at, "aggregation", message)
                else:
                    known[key] = adds_up
            found.append(adds_up)
        return found

    # --- measures and values ----------------------------------------------------------------------

    def _add_measures(
        self,
        units: Sequence[list[dict[str, str]]],
        kinds: Sequence[MeasureKind],
        adds_up: Sequence[Aggregation],
    ) -> None:
        names = (
            "code", "title", "description", "unit", "numerator_label", "denominator_label",
            "target_requirements", "evidence", "counting_rule",
        )  # fmt: skip
        columns = [self.text(name) for name in names]
        lines = list(zip(*columns, strict=True))
        self.found.measures = [
            {
                "code": line[0], "outcome": outcome, "title": line[1], "description": line[2] or line[1],
                "unit": line[3], "kind": kind.value, "aggregation": sum_.value, "numerator_label": line[4],
                "denominator_label": line[5], "target_requirements": line[6], "evidence": line[7],
                "counting_rule": line[8], "unit_parts": parts, "objectives": [], "is_local_employment": False,
            }
            for line, outcome, parts, kind, sum_ in zip(
                [lines[at] for at in self.lines], self.outcomes, units, kinds, adds_up, strict=True
            )
        ]  # fmt: skip
        self.by_code = {row["code"]: row for row in self.found.measures}

    def _add_values(self, amounts: Sequence[str | None], kinds: Sequence[MeasureKind]) -> None:
        codes, placed = self.text("code"), frozenset(PLACED)
        for at, amount, kind in zip(self.lines, amounts, kinds, strict=True):
            if amount and kind in placed:
                self._value(at, codes[at], kind, amount)

    def _value(self, at: int, code: str, kind: str, amount: str) -> None:
        texts, nothing, found = self.texts, self.nothing, self.found
        named = texts.get("place", nothing)[at]
        place = place_named(named) if named else ""
        if kind == MeasureKind.LOCALISED and not place:
            self.tell(
                "error", at, "place", f"{code} is localised. Name the place this value is for."
            )
            return
        if (code, place) in found.value_rows:
            where = f" for {named}" if named else ""
            first = found.value_rows[code, place]
            self.tell(
                "error",
                at,
                "code",
                f"{code} has a value{where} in row {first} already. Keep one of them.",
            )
            return
        found.value_rows[code, place] = self.first + at
        year = texts.get("price_year", nothing)[at]
        if year and not _YEAR.search(year):
            self.tell(
                "warning",
                at,
                "price_year",
                f"“{year}” is not a year. Write it like 2025 or 2025/26.",
            )
        link = texts.get("source_url", nothing)[at]
        if link and not _LINK.match(link):
            self.tell(
                "error",
                at,
                "source_url",
                "This is not a link. It begins with https:// and holds no spaces.",
            )
        found.proxies.setdefault(code, []).append(
            {
                "place": place,
                "amount": amount,
                "price_year": year,
                "source_name": texts.get("source_name", nothing)[at] or self.about.source_name,
                "source_url": link,
                "licence": self.about.licence,
                "method": texts.get("method", nothing)[at],
                "certainty": "",
                "valid_from": self.about.valid_from,
                "valid_to": "",
                "derivation": [],
            }
        )

    def _one_more(self, at: int) -> None:
        """The code once more: one more place of a value, or a mistake."""
        code, title, place = (self.text(name)[at] for name in ("code", "title", "place"))
        first, row = self.found.rows_of[code], self.by_code[code]
        if not place or (title and title != row["title"]):
            self.tell(
                "error",
                at,
                "code",
                f"{code} is used in row {first} already. Every measure has its own code.",
            )
            return
        amount = self._amount(at)
        if amount == "":
            self.tell(
                "error",
                at,
                "amount",
                f"{code} has no value for {place}. Enter it, or delete the line.",
            )
        if not amount:
            return
        if row["kind"] == MeasureKind.PROXY:
            row["kind"] = MeasureKind.LOCALISED.value
        if row["kind"] != MeasureKind.LOCALISED:
            self.tell(
                "error",
                at,
                "kind",
                f"{code} is not localised, so it has one line. Change its kind in row {first}.",
            )
            return
        self._value(at, code, MeasureKind.LOCALISED, amount)


def _filled(sheet: Sheet, spans: Sequence[Span], after: int) -> Sequence[Sequence[Any]]:
    """Cells merged downwards hold for every line beside them; a line merged across stays one line."""
    kept = [span for span in spans if span[0][1] == span[1][1]]
    return fill_merged(sheet.rows, kept, after, len(sheet.rows) - 1) if kept else sheet.rows[after:]


def read_sheet(sheet: Sheet, *, after: int, columns: Mapping[str, int], about: About) -> Reading:
    """The measures below row ``after`` (counted from 1). ``columns`` must hold code, title and unit."""
    return _Reader(sheet, after, columns, about).read()
