"""One at a time: whoever changes or compares the cells waits for their turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from reporting.rollups.services.sql import on_postgres

CUBE_LOCK = 7_301_501
WAITING_LOCK = 7_301_502


@contextmanager
def turn_at_cube() -> Iterator[None]:
    """A transaction that holds the cube until it ends. SQLite's IMMEDIATE transactions do this by themselves."""
    with transaction.atomic():
        if on_postgres():
            _execute("SELECT pg_advisory_xact_lock(%s)", CUBE_LOCK)
        yield


@contextmanager
def turn_unless_waited_for() -> Iterator[bool]:
    """The same, but False at once when somebody waits already: they begin after now and will find what we found.

    So a burst of postings leaves at most one drain at work and one behind it, however many messages are sent.
    """
    if not on_postgres():
        with turn_at_cube():
            yield True
        return
    if not _execute("SELECT pg_try_advisory_lock(%s)", WAITING_LOCK):
        yield False
        return
    waits = True
    try:
        with turn_at_cube():
            _execute("SELECT pg_advisory_unlock(%s)", WAITING_LOCK)
            waits = False
            yield True
    finally:
        if waits:
            _execute("SELECT pg_advisory_unlock(%s)", WAITING_LOCK)


def _execute(statement: str, *parameters: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    return bool(row and row[0])
