"""Dates, codes and rows of a statement of priorities. The first and the last day count."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from socialvalue.core.errors import RuleBroken
from socialvalue.core.periods import uk_date
from toms.priorities.vocabulary import Standing

MOST_PRIORITIES = 40
LONGEST_SOURCE = 300
CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,28}[A-Z0-9])?")
ADDRESS = re.compile(r"https?://\S+")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a statement applies, both days included; no last day: until another follows."""

    id: int
    name: str
    first: date
    last: date | None

    def meets(self, first: date, last: date | None) -> bool:
        """At least one day is in both."""
        return (last is None or self.first <= last) and (self.last is None or first <= self.last)


@dataclass(frozen=True, slots=True)
class RowInput:
    """A priority as typed. ``id`` is None for a new one; an empty code asks for one to be given."""

    id: int | None
    code: str
    name: str
    about: str


def standing_of(first: date, last: date | None, on: date) -> Standing:
    """Where a statement stands on that day."""
    if on < first:
        return Standing.COMING
    return Standing.PAST if last is not None and on > last else Standing.IN_FORCE


def day_within(first: date, last: date | None, on: date) -> date:
    """That day where the statement is in force on it, else the nearest day on which it is."""
    if on < first:
        return first
    return last if last is not None and on > last else on


def check_dates(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise RuleBroken(
            f"The last day must be on or after the first day, {uk_date(first)}.", field="valid_to"
        )


def span_to_end(spans: Iterable[Span], first: date, last: date | None) -> Span | None:
    """The earlier statement without a last day that the new one follows: it ends on the day before.

    An authority has one statement at a time. RuleBroken where another one would overlap and does not simply give way.
    """
    ends: Span | None = None
    for span in sorted(spans, key=lambda row: row.first):
        if not span.meets(first, last):
            continue
        if span.last is None and span.first < first:
            ends = span
            continue
        raise RuleBroken(_overlap(span, first), field="valid_from")
    return ends


def _overlap(span: Span, first: date) -> str:
    if span.first >= first:
        return (
            f"“{span.name}” starts on {uk_date(span.first)}. Give this one a last day before that, or start it later: "
            "one statement holds at a time."
        )
    last = span.last or first
    return (
        f"“{span.name}” applies until {uk_date(last)}. Change its last day first, or start this one on "
        f"{uk_date(last + ONE_DAY)} or later."
    )


def stem_of(name: str, first: date) -> str:
    """What codes given by the system begin with: ``WAR26`` for Warwickshire from 2026."""
    letters = re.sub(r"[^A-Z]", "", name.upper())[:3] or "PRI"
    return f"{letters}{first:%y}"


def with_codes(rows: Sequence[RowInput], *, stem: str, taken: Collection[str]) -> list[RowInput]:
    """The rows with a code each, as capitals: as typed, else the next free one of the stem."""
    typed = [replace(row, code=row.code.strip().upper()) for row in rows]
    used = {row.code for row in typed} | set(taken)
    found = []
    number = 0
    for row in typed:
        if not row.code:
            number += 1
            while f"{stem}-{number}" in used:
                number += 1
            used.add(f"{stem}-{number}")
            row = replace(row, code=f"{stem}-{number}")
        found.append(row)
    return found


def check_rows(rows: Sequence[RowInput], *, elsewhere: Mapping[str, str]) -> None:
    """RuleBroken unless there are 1 to 40 priorities, each with a name and a code of its own.

    ``elsewhere`` maps codes in use to the statement that uses them: a code stands for one priority wherever it is
    written down, on a note of five years ago too.
    """
    if not rows:
        raise RuleBroken("Write at least one priority.")
    if len(rows) > MOST_PRIORITIES:
        raise RuleBroken(f"A statement holds at most {MOST_PRIORITIES} priorities.")
    seen: set[str] = set()
    names: set[str] = set()
    for row in rows:
        name = " ".join(row.name.split())
        if not name:
            raise RuleBroken("Enter the name of every priority.")
        if name.casefold() in names:
            raise RuleBroken(f"“{name}” is written twice. Take one away, or name them apart.")
        names.add(name.casefold())
        if not CODE.fullmatch(row.code):
            raise RuleBroken(
                f"The code “{row.code}” must be letters, numbers and hyphens, like WAR26-1."
            )
        if row.code in seen:
            raise RuleBroken(f"The code {row.code} is used twice. Give each priority its own.")
        if row.code in elsewhere:
            raise RuleBroken(
                f"The code {row.code} belongs to “{elsewhere[row.code]}”. Use another, or leave it empty."
            )
        seen.add(row.code)


def join_source(document: str, address: str) -> str:
    """Document and address as they are kept: one text, the address last. RuleBroken when it is too long."""
    joined = " ".join(part for part in (document.strip(), address.strip()) if part)
    if len(joined) > LONGEST_SOURCE:
        raise RuleBroken(
            f"The document and its address together must be {LONGEST_SOURCE} characters or fewer.",
            field="document",
        )
    return joined


def split_source(source: str) -> tuple[str, str]:
    """Document and address; the address is empty where the source has none."""
    document, _, last = source.rpartition(" ")
    return (document, last) if ADDRESS.fullmatch(last) else (source, "")
