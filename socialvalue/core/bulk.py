"""Many plain rows into one table at once. Not a room: services call it inside their own transaction."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, cast

from django.db import connection
from django.db.models import Model

Plain = str | int | bool | None
ROWS_A_STATEMENT = 100
"""Enough for what a statement costs to be shared; SQLite takes some 32,000 values in one."""


@contextmanager
def without_collecting() -> Iterator[None]:
    """Inside the block nothing looks for cycles: with so many new rows it would find none and take half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def keys_of(model: type[Model], name: str, **where: int) -> dict[str, int]:
    """The key of every row by one of its columns, without making an object of each."""
    rows = model._default_manager.filter(**where).values_list(name, "pk")
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return dict(cursor.fetchall())


def insert_rows(model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Plain]]) -> None:
    """Insert rows of plain values: numbers and JSON as text, dates as ISO text. Constraints and triggers hold.

    ``names`` are attribute names (``edition_id``); columns left out must have a default in the database or be null.
    """
    fields: list[Any] = [model._meta.get_field(name.removesuffix("_id")) for name in names]
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in fields]
    table = quote(model._meta.db_table)
    if connection.vendor == "postgresql":
        _copy(table, columns, rows)
        return
    _insert(table, columns, rows)


def _insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Plain]]) -> None:
    """SQLite: many rows a statement. Its guards look at every row, but each statement pays for its own way back."""
    marks = f"({', '.join(['%s'] * len(columns))})"
    head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "  # noqa: S608  # our own names
    whole = len(rows) - len(rows) % ROWS_A_STATEMENT
    with connection.cursor() as cursor:
        cursor.executemany(
            head + ", ".join([marks] * ROWS_A_STATEMENT),
            [
                list(chain.from_iterable(rows[first : first + ROWS_A_STATEMENT]))
                for first in range(0, whole, ROWS_A_STATEMENT)
            ],
        )
        cursor.executemany(head + marks, rows[whole:])


_CELL, _ROW, _NULL = "\x1f", "\x1e", "\x1d"
"""Between two cells, between two rows until they are escaped, and for null: signs that no text of ours holds."""


def _copy(table: str, columns: Sequence[str], rows: Sequence[Sequence[Plain]]) -> None:
    """PostgreSQL's own way in."""
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH "
            "(FORMAT text, DELIMITER E'\\x1f', NULL E'\\x1d')",
            io.BytesIO(copy_text(rows).encode()),
            size=1 << 20,
        )


def copy_text(rows: Sequence[Sequence[Plain]]) -> str:
    """Rows as COPY reads them. Escaped in one go: with so many cells, looking at each would take most of the time."""
    if not rows:
        return ""
    columns = [_texts(column) for column in zip(*rows, strict=True)]
    found = _ROW.join(map(_CELL.join, zip(*columns, strict=True)))
    is_plain = found.count(_ROW) == len(rows) - 1
    if is_plain and found.count(_CELL) == len(rows) * (len(columns) - 1):
        return _escaped(found).replace(_ROW, "\n") + "\n"
    return "".join(_CELL.join(map(_cell, row)) + "\n" for row in rows)


def _texts(column: Sequence[Plain]) -> Sequence[str]:
    if set(map(type, column)) == {str} and _NULL not in column:
        return cast(Sequence[str], column)
    # One that is the sign for null is told from it by the slow way: it brings a second sign with it.
    return [
        _NULL if value is None else f"{_CELL}{value}" if value == _NULL else str(value)
        for value in column
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def _cell(value: Plain) -> str:
    if value is None:
        return _NULL
    return _escaped(str(value)).replace(_CELL, f"\\{_CELL}").replace(_NULL, f"\\{_NULL}")
