"""The rows of somebody else's sheet as themes, measures and values, or as problems by cell. Pure.

Nothing is dropped in silence: every line is a measure, one more value of a measure, or listed as left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from toms.imports.rules.cells import Sheet
from toms.imports.rules.content import code_order
from toms.imports.rules.findings import About, Reading
from toms.imports.rules.reading.columns import Columns
from toms.imports.rules.reading.lines import find_lines
from toms.imports.rules.reading.measures import (
    aggregations_of,
    kinds_of,
    measures_of,
    units_of,
)
from toms.imports.rules.reading.shares import Shares
from toms.imports.rules.reading.values import Values, amount_at


def read_sheet(sheet: Sheet, *, after: int, columns: Mapping[str, int], about: About) -> Reading:
    """The measures below row ``after`` (counted from 1). ``columns`` must hold code, title and unit."""
    found = Reading()
    cells = Columns(sheet, after, columns, found.problems)
    lines = find_lines(cells, about, found)
    cells.check_lengths([*lines.at, *lines.again])
    units = units_of(cells, lines, about.known_units)
    amounts = [amount_at(cells, at) for at in lines.at]
    kinds = kinds_of(cells, lines, amounts)
    adds_up = aggregations_of(cells, lines, kinds)
    shares = Shares(cells, lines)
    found.measures = measures_of(cells, lines, units, kinds, adds_up, shares.of_measures())
    values = Values(cells, about, found)
    values.add(lines.at, amounts, kinds)
    if lines.again:
        by_code = {row["code"]: row for row in found.measures}
        for at in lines.again:
            shares.check_again(at, found.rows_of)
            values.one_more(at, by_code)
    keys = list(map(code_order, found.rows_of))
    found.has_places = bool(lines.again)
    # Most files stand in order, and that is known sooner than how many codes do not.
    found.out_of_order = 0 if keys == sorted(keys) else sum(a > b for a, b in pairwise(keys))
    return found


__all__ = ["read_sheet"]
