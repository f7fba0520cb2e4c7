"""Which lines of a sheet are measures, and under which theme and outcome they stand. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from toms.imports.rules.cells import text_of
from toms.imports.rules.content import Row, slug_of
from toms.imports.rules.findings import About, LeftOut, Reading
from toms.imports.rules.reading.columns import Columns

_FOOTNOTE = re.compile(
    r"^(\*|†|‡|§|©|\(?\d{1,2}[).]\s|notes?\b|totals?\b|source\b|copyright\b|licen[cs]e\b)", re.I
)
_CODE = re.compile(r"^[A-Za-z]{0,8}[ .-]?\d+[A-Za-z]{0,2}([.\-/]\d+[A-Za-z]?)*$")


@dataclass(slots=True)
class Lines:
    """Where the measures stand, counted from 0 below the headings."""

    at: list[int] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    """The code of the outcome of each of them."""
    again: list[int] = field(default_factory=list)
    """Where a code stands once more."""


def find_lines(cells: Columns, about: About, found: Reading) -> Lines:
    """Every line is a measure, a code once more, or told or listed as left out."""
    return _Finder(cells, about, found).find()


class _Finder:
    def __init__(self, cells: Columns, about: About, found: Reading) -> None:
        self.cells, self.found = cells, found
        self.theme_lines = about.theme_lines
        self.known: dict[tuple[str, str], str] = {}
        self.themes: dict[str, Row] = {}

    def find(self) -> Lines:
        cells, lines = self.cells, Lines()
        codes, titles, named, said_outcomes = (
            cells.text(name) for name in ("code", "title", "theme", "outcome")
        )
        last = max((at for at, code in enumerate(codes) if code and titles[at]), default=-1)
        rows_of, theme_lines, first = self.found.rows_of, self.theme_lines, cells.first
        known = self.known
        theme = outcome = ""
        for at, code in enumerate(codes):
            title = titles[at]
            if not code or not title:
                said = self.other_line(at, last)
                if said is not None:
                    if theme_lines and said:
                        theme, outcome = said, ""
                    continue
                if not code:
                    self.no_code(at)
                    continue
            if code in rows_of:
                lines.again.append(at)
                continue
            if not title:
                cells.tell("error", at, "title", f"{code} has no title. Enter a short title.")
            if not theme_lines and named[at] and named[at] != theme:
                theme, outcome = named[at], ""
            outcome = said_outcomes[at] or outcome
            rows_of[code] = first + at
            lines.at.append(at)
            lines.outcomes.append(
                known.get((theme, outcome)) or self.outcome(at, code, theme, outcome)
            )
        return lines

    def no_code(self, at: int) -> None:
        self.cells.tell(
            "error", at, "code", "This measure has no code. Enter the code it is known by."
        )

    def other_line(self, at: int, last: int) -> str | None:
        """What a line without a measure says: its text, "" for nothing; None when it is a measure gone wrong."""
        filled = [text for text in (text_of(value) for value in self.cells.bare[at]) if text]
        if not filled:
            self.found.blank += 1
            return ""
        text = filled[0]
        number = self.cells.first + at
        is_alone = len(set(filled)) == 1 and not _CODE.match(text)
        is_note = _FOOTNOTE.match(text) and not self.cells.text("unit")[at]
        if is_note or (is_alone and at > last):
            self.found.left_out.append(LeftOut(number, "Footnote", " ".join(filled)[:300]))
            return ""
        if is_alone:
            why = "Theme" if self.theme_lines else "Heading line"
            self.found.left_out.append(LeftOut(number, why, text[:300]))
            return text[:200]
        return None

    def outcome(self, at: int, code: str, theme: str, outcome: str) -> str:
        """The code of an outcome that is met for the first time, with its theme."""
        if not theme:
            where = "theme" if "theme" in self.cells.index else "code"
            message = f"{code} has no theme. Name the theme it belongs to."
            self.cells.tell("error", at, where, message)
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
            self.known[theme, outcome] = key
        return key
