"""Many plain rows into one table at once. Not a room: services call it inside their own transaction."""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model

Plain = str | int | bool | None


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
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608  # our own names
            rows,
        )


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
