"""What was read from a sheet, and what stood in it besides. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from toms.imports.rules.cells import Problem
from toms.imports.rules.content import Row


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that is no measure, with what it was taken for."""

    row: int
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class About:
    """What the person said about the edition: it stands where the file says nothing."""

    valid_from: str
    source_name: str
    licence: str
    theme_lines: bool = False
    known_units: frozenset[str] = frozenset()


@dataclass(slots=True)
class Reading:
    """What a sheet holds. ``rows_of`` is the line of each code, to point at."""

    themes: list[Row] = field(default_factory=list)
    measures: list[Row] = field(default_factory=list)
    proxies: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    blank: int = 0
    rows_of: dict[str, int] = field(default_factory=dict)
    value_rows: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """The line of each value, by code, place and sector."""
    out_of_order: int = 0
    has_places: bool = False
