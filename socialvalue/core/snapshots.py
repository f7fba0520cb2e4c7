"""One view of the database for many reads: as it was at the first of them, whatever others commit meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def one_view() -> Iterator[bool]:
    """Reads in the block see one moment, and nobody waits for them. Nothing may be written in it.

    Gives False, and does nothing, inside another transaction: how much that one sees of others is its own affair, so
    the caller must find out by other means whether something moved.
    """
    if connection.in_atomic_block:
        yield False
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                # The first statement of the transaction, or PostgreSQL refuses it.
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield True
    else:
        with _begun_as("DEFERRED"), transaction.atomic():
            yield True


@contextmanager
def _begun_as(mode: str) -> Iterator[None]:
    """SQLite: a transaction that begins in the block reads without taking the one right to write."""
    # The attribute is that of the backend for SQLite, which the type of the connection does not know.
    backend: Any = connection
    before, backend.transaction_mode = backend.transaction_mode, mode
    try:
        yield
    finally:
        backend.transaction_mode = before
