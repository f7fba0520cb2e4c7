"""Many plain rows into one table at once. Not a room: services call it inside their own transaction."""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

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
        required = [column for column, field in zip(columns, fields, strict=True) if not field.null]
        _copy(table, columns, required, rows)
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


def _copy(
    table: str, columns: Sequence[str], required: Sequence[str], rows: Sequence[Sequence[Plain]]
) -> None:
    """PostgreSQL's own way in. An empty cell is null only where null is allowed."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH "
            f"(FORMAT csv, FORCE_NOT_NULL ({', '.join(required)}))",
            text,
        )
