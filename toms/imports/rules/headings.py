"""Which rows are headings and which column holds what. Guesses only: a person confirms them. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from toms.imports.rules.cells import Row, Sheet, fill_merged, text_of


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a measure that a column may hold. ``names`` are words its heading is known by."""

    name: str
    label: str
    names: tuple[str, ...]
    limit: int = 30_000
    is_required: bool = False
    hint: str = ""


SHARE = (
    "What the method takes off. 25%, 25 and 0.25 are the same: with a % sign or above 1 a number is a percentage, "
    "from 0 to 1 it is a fraction, so 0.5 is 50%."
)
PARTS = (
    Part("code", "Code", ("code", "ref", "reference", "measure code", "measure ref", "ref no", "id", "number"),
         20, True),
    Part("title", "Title", ("title", "measure", "measure title", "short title", "name", "measure name", "indicator"),
         300, True),
    Part("description", "Full text", ("full text", "description", "measure description", "definition", "full wording",
         "wording", "long title")),
    Part("theme", "Theme", ("theme", "themes", "theme name", "category"), 200),
    Part("outcome", "Outcome", ("outcome", "outcomes", "objective", "sub theme", "aim"), 300),
    Part("unit", "Unit", ("unit", "units", "unit of measure", "unit of measurement", "measured in"), 80, True),
    Part("kind", "Kind", ("kind", "type", "measure type", "value type", "type of measure"), 60,
         hint="Proxy value, £1 for £1, record only, localised or negotiated. Left out, it follows from the value."),
    Part("aggregation", "How it adds up", ("aggregation", "how it adds up", "adds up", "aggregation rule"), 60),
    Part("amount", "Value of one unit, £", ("proxy value", "proxy", "value", "unit value", "financial proxy",
         "proxy amount", "amount", "value of one unit", "proxy gbp", "value gbp"), 60),
    Part("place", "Place", ("place", "area", "location", "region", "locality", "local authority", "district"), 80),
    Part("sector", "Sector", ("sector", "industry", "industry sector", "trade"), 80,
         hint="Left out, a value holds in every sector."),
    Part("price_year", "Price year", ("price year", "prices of", "year of prices", "base year", "price base"), 20),
    Part("source_name", "Source", ("source", "source of value", "proxy source", "data source"), 300),
    Part("source_url", "Source link", ("source link", "link", "url", "source url", "web address"), 500),
    Part("method", "Method", ("method", "rationale", "proxy rationale", "derivation", "calculation",
         "how it is worked out")),
    Part("deadweight", "Deadweight", ("deadweight", "would have happened anyway", "dead weight"), 60, hint=SHARE),
    Part("leakage", "Leakage", ("leakage", "benefits people outside the area"), 60, hint=SHARE),
    Part("displacement", "Displacement", ("displacement", "taken from elsewhere"), 60, hint=SHARE),
    Part("substitution", "Substitution", ("substitution", "replaces another activity"), 60, hint=SHARE),
    Part("evidence", "Evidence", ("evidence", "evidence required", "evidence at delivery", "proof")),
    Part("counting_rule", "Counting rule", ("counting rule", "guidance", "unit guidance", "how to count",
         "counting rules")),
    Part("target_requirements", "What a bidder says", ("target requirements", "requirements", "at bid",
         "what a bidder says", "bid requirements")),
    Part("numerator_label", "Top of the ratio", ("numerator", "top of the ratio"), 100),
    Part("denominator_label", "Bottom of the ratio", ("denominator", "bottom of the ratio", "out of"), 100),
)  # fmt: skip
BY_NAME = {part.name: part for part in PARTS}
REQUIRED = tuple(part.name for part in PARTS if part.is_required)
_LOOK_THROUGH = 60


def plain_heading(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower().replace("£", " gbp ")).split())


def _fits(heading: str, part: Part) -> int:
    """How well a heading names a part: 0 not at all, 100 exactly."""
    plainly = plain_heading(heading)
    if not plainly:
        return 0
    last = plain_heading(heading.rsplit(" / ", 1)[-1])
    for text, best in ((plainly, 100), (last, 95)):
        if text in part.names or text == plain_heading(part.label):
            return best
    found = 0
    for name in part.names:
        if re.search(rf"\b{re.escape(name)}\b", plainly):
            found = max(found, 20 + 40 * len(name) // max(len(plainly), 1))
    return found


def guess_columns(headings: Sequence[str]) -> dict[str, int]:
    """Index of the column of each part, best fit first; no column twice."""
    scored = sorted(
        (
            (-_fits(heading, part), place, index, part.name)
            for place, part in enumerate(PARTS)
            for index, heading in enumerate(headings)
        ),
    )
    found: dict[str, int] = {}
    for score, _, index, name in scored:
        if score < 0 and name not in found and index not in found.values():
            found[name] = index
    if "title" not in found and "description" in found:
        # One column of words, whatever it is called, is what a measure goes by.
        found["title"] = found.pop("description")
    return {part.name: found[part.name] for part in PARTS if part.name in found}


def guess_heading_rows(sheet: Sheet) -> tuple[int, int]:
    """First and last row of the headings, counted from 1; (1, 1) when nothing looks like one."""
    best, at = 0, 0
    for index, row in enumerate(sheet.rows[:_LOOK_THROUGH]):
        texts = [text_of(value) for value in row]
        score = sum(1 for text in texts if len(text) <= 60 and _names_a_part(text))
        if score > best:
            best, at = score, index
    first = last = at
    # Cells merged downwards into the next row, or a group title over several columns, make two rows of headings.
    for (top, left), (bottom, right) in sheet.merged:
        if top == at and bottom > at and bottom < at + 3:
            last = max(last, bottom)
        if top < at <= bottom and top >= at - 2:
            first = min(first, top)
        if top == bottom == at - 1 and right > left and _has_two(sheet.rows[top]):
            first = min(first, top)
    return first + 1, last + 1


def _names_a_part(text: str) -> bool:
    return any(_fits(text, part) >= 60 for part in PARTS)


def _has_two(row: Row) -> bool:
    return len({text_of(value) for value in row} - {""}) >= 2


def headings_of(sheet: Sheet, first: int, last: int) -> list[str]:
    """One text a column: the rows of headings from top to bottom, merged cells filled, said once."""
    lines = fill_merged(sheet.rows, sheet.merged, first - 1, last - 1)
    found = []
    for column in range(sheet.width):
        said: list[str] = []
        for line in lines:
            text = " ".join(text_of(line[column]).split())
            if text and text not in said:
                said.append(text)
        found.append(" / ".join(said))
    return found


def hash_of(headings: Sequence[str]) -> str:
    """The same for the same headings, whatever their case and punctuation."""
    return hashlib.sha256("\n".join(plain_heading(text) for text in headings).encode()).hexdigest()


def guess_sheet(sheets: Sequence[Sheet]) -> str:
    """The name of the sheet whose headings name most parts."""
    best, name = -1, ""
    for sheet in sheets:
        if not sheet.rows:
            continue
        found = guess_columns(headings_of(sheet, *guess_heading_rows(sheet)))
        score = len(found) * 10_000 + min(len(sheet.rows), 9_999)
        if score > best:
            best, name = score, sheet.name
    return name
