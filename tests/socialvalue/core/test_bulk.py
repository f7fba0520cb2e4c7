"""Plain rows on their way into PostgreSQL: what is written is what COPY reads, whatever the cells hold."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from socialvalue.core.bulk import copy_text

CELL, NULL = "\x1f", "\x1d"
texts = st.text(alphabet=["a", "é", "\\", "n", "N", ".", "\n", "\r", "\t", "\x1d", "\x1e", CELL])
cells = st.one_of(texts, st.none(), st.integers(), st.booleans())
rows = st.integers(1, 4).flatmap(lambda n: st.lists(st.tuples(*[cells] * n), min_size=1))
_ESCAPES = {"n": "\n", "r": "\r"}


def read(text):
    """As PostgreSQL reads it: rows, then cells, then the sign for null, then escapes."""
    assert text.endswith("\n")
    found = []
    for line in text[:-1].split("\n"):
        raw = re.split(r"(?<!\\)((?:\\\\)*)" + CELL, line)
        # Backslashes in pairs before a delimiter belong to the cell before it.
        parts = [a + b for a, b in zip(raw[::2], [*raw[1::2], ""], strict=True)]
        found.append(tuple(None if part == NULL else unescaped(part) for part in parts))
    return found


def unescaped(text):
    return re.sub(
        r"\\(.)", lambda at: _ESCAPES.get(at.group(1), at.group(1)), text, flags=re.DOTALL
    )


def as_text(table):
    return [tuple(None if cell is None else str(cell) for cell in row) for row in table]


@given(rows)
def test_every_cell_comes_back(table):
    assert read(copy_text(table)) == as_text(table)


def test_the_usual_row_is_written_as_it_is():
    assert copy_text([("A1", 5, None, True), ("A\\2", 6, "", False)]) == (
        "A1\x1f5\x1f\x1d\x1fTrue\nA\\\\2\x1f6\x1f\x1fFalse\n"
    )
    assert copy_text([]) == ""
