"""Whose rows this connection may see, told to PostgreSQL: the second lock behind every query's own filter.

Where ``settings.ROW_LEVEL_SECURITY`` is on, the policies of ``protect_database --rls`` ask two session settings:
``sv.organisations``, the organisation somebody acts for with those merged into it, and ``sv.wide``, ``on`` for what
rightly goes across organisations. Where neither is set nothing of any organisation is seen. Connections keep these
settings, so a pooler between the site and the database must keep sessions whole (docs/decisions/0042).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.signals import connection_created
from psycopg2.extensions import TRANSACTION_STATUS_INERROR


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be seen: the rows of these organisations, everybody's, or (neither) nobody's."""

    organisation_ids: frozenset[int] = frozenset()
    is_wide: bool = False


NOBODY = Scope()
WIDE = Scope(is_wide=True)
_scope: ContextVar[Scope] = ContextVar("whose_rows", default=NOBODY)


def scope_now() -> Scope:
    return _scope.get()


@contextmanager
def rows_of(organisation_ids: Iterable[int]) -> Iterator[None]:
    """Inside the block the database shows the rows of these organisations; of nobody for none."""
    with _within(Scope(frozenset(organisation_ids))):
        yield


@contextmanager
def wide(why: str) -> Iterator[None]:
    """Inside the block the database shows everybody's rows. ``why`` says what gives the right to it.

    For jobs, commands, links that stand for a right, and figures that are made of several organisations' rows: the
    query's own filter is then the only lock. A queryset must be read inside the block.
    """
    if not why:
        raise ValueError("Say why this goes across organisations.")
    with _within(WIDE):
        yield


@contextmanager
def _within(scope: Scope) -> Iterator[None]:
    before = _scope.get()
    token = _scope.set(scope)
    try:
        if scope != before:
            _tell(scope)
        yield
    finally:
        _scope.reset(token)
        if scope != before:
            _tell(before)


def is_told() -> bool:
    """Row-level security is asked for, and the database has it."""
    return bool(settings.ROW_LEVEL_SECURITY) and connection.vendor == "postgresql"


def _tell(scope: Scope) -> None:
    # A connection that is not open yet is told when it opens.
    if is_told() and connection.connection is not None:
        _set(connection, scope)


def _set(database: Any, scope: Scope) -> None:
    raw = database.connection
    # In a transaction that has failed nothing can be said, and nothing needs to be: it takes back what was said in it.
    if raw.closed or raw.info.transaction_status == TRANSACTION_STATUS_INERROR:
        return
    with raw.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('sv.organisations', %s, false), set_config('sv.wide', %s, false)",
            [",".join(map(str, sorted(scope.organisation_ids))), "on" if scope.is_wide else ""],
        )


def _tell_new_connection(*, connection: Any, **kwargs: Any) -> None:
    is_ours = connection.alias == DEFAULT_DB_ALIAS and connection.vendor == "postgresql"
    if is_ours and settings.ROW_LEVEL_SECURITY:
        _set(connection, _scope.get())


connection_created.connect(_tell_new_connection, dispatch_uid="socialvalue.core.database")
