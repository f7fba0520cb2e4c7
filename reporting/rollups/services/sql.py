"""The statements of the roll-up, for PostgreSQL and SQLite. The only raw SQL of the product.

On SQLite a decimal is stored as a binary fraction, so sums are taken in whole thousandths there;
PostgreSQL adds decimals exactly by itself. Values are always parameters.
"""

# Table and column names come from LEVELS and the names below, never from a person.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import connection

from reporting.rollups.rules import LEVELS, Level

FEED = "procurement_pendingposting"
LEDGER = "procurement_ledgerentry"
COLUMNS = (
    "basis, authority_id, theme_id, measure_id, contract_id, commitment_id, period, "
    "quantity, denominator, value_pence"
)
DECIMALS = ("quantity", "denominator")


def on_postgres() -> bool:
    return connection.vendor == "postgresql"


def _milli(expression: str) -> str:
    return f"CAST(ROUND(({expression}) * 1000) AS INTEGER)"


def _sum(column: str, *, whole: bool = False) -> str:
    """The sum of a column of the entries ``e``. ``whole``: leave SQLite's thousandths as they are, to compare."""
    if column == "entries":
        return "COUNT(*)"
    if column not in DECIMALS:
        return f"SUM(e.{column})"
    if on_postgres():
        return f"COALESCE(SUM(e.{column}), 0)"
    added = f"COALESCE(SUM({_milli(f'e.{column}')}), 0)"
    return added if whole else f"{added} / 1000.0"


def _merged(level: Level, column: str) -> str:
    old, new = f"{level.table}.{column}", f"EXCLUDED.{column}"
    if column in DECIMALS and not on_postgres():
        return f"({_milli(old)} + {_milli(new)}) / 1000.0"
    return f"{old} + {new}"


def insert(level: Level, source: str, condition: str) -> str:
    """Group the entries of ``source`` and write them as new cells, sorted by key."""
    keys = ", ".join(level.keys)
    columns = ", ".join((*level.keys, *level.sums))
    sums = ", ".join(_sum(column) for column in level.sums)
    return (
        f"INSERT INTO {level.table} ({columns}) SELECT {keys}, {sums} FROM {source} AS e "
        f"WHERE {condition} GROUP BY {keys} ORDER BY {keys}"
    )


def upsert(level: Level, source: str, condition: str) -> str:
    """Group the entries of ``source`` and add them to the cells, sorted by key."""
    changes = ", ".join(f"{column} = {_merged(level, column)}" for column in level.sums)
    return f"{insert(level, source, condition)} ON CONFLICT ({', '.join(level.keys)}) DO UPDATE SET {changes}"


def apply_statements() -> list[str]:
    """What adds the entries with the given ids to all four levels; each takes the ids as its one parameter."""
    if not on_postgres():
        return [
            upsert(level, LEDGER, "e.id IN (SELECT value FROM json_each(%s))") for level in LEVELS
        ]
    steps = ", ".join(
        f"step{number} AS ({upsert(level, 'taken', 'TRUE')})" for number, level in enumerate(LEVELS)
    )
    return [
        f"WITH taken AS MATERIALIZED (SELECT {COLUMNS} FROM {LEDGER} WHERE id = ANY(%s::bigint[])), {steps} SELECT 1"
    ]


def take_statement() -> str:
    """The oldest rows of the feed that hold at most so many ids together. PostgreSQL removes them at once."""
    length = "jsonb_array_length" if on_postgres() else "json_array_length"
    oldest = (
        f"SELECT id FROM (SELECT id, SUM({length}(entry_ids)) OVER (ORDER BY id) AS so_far "
        f"FROM (SELECT id, entry_ids FROM {FEED} ORDER BY id LIMIT %s) AS first_rows) AS counted WHERE so_far <= %s"
    )
    if not on_postgres():
        age = "CAST((julianday('now') - julianday(posted_at)) * 86400000 AS INTEGER)"
        return f"SELECT id, CAST(entry_ids AS TEXT), {age} FROM {FEED} WHERE id IN ({oldest})"
    age = "CAST(EXTRACT(EPOCH FROM clock_timestamp() - posted_at) * 1000 AS BIGINT)"
    # Arrays are made once, whatever the planner believes. The feed is mostly empty and statistics say so: a join with
    # "one row" on each side was made anew for every row of a burst, and took hours for 4,000.
    held = f"SELECT id FROM {FEED} WHERE id = ANY(ARRAY({oldest})) FOR UPDATE SKIP LOCKED"
    return (
        f"DELETE FROM {FEED} WHERE id = ANY(ARRAY({held})) "
        f"RETURNING id, CAST(entry_ids AS TEXT), {age}"
    )


def forget_statement(count: int) -> str:
    """SQLite: remove the rows that were read. Its transaction holds the only right to write."""
    return f"DELETE FROM {FEED} WHERE id IN ({', '.join(['%s'] * count)})"


def _waiting() -> str:
    """The ids in the feed, seen in the same instant as the entries."""
    if on_postgres():
        return f"SELECT CAST(jsonb_array_elements_text(entry_ids) AS BIGINT) FROM {FEED}"
    return f"SELECT waiting.value FROM {FEED}, json_each({FEED}.entry_ids) AS waiting"


def rebuild_statements() -> list[str]:
    """Make each level say what every entry that is not waiting in the feed adds up to."""
    not_waiting = f"e.id NOT IN ({_waiting()})"
    if on_postgres():
        return list(_mended(not_waiting))
    found = []
    for level in LEVELS:
        found += [f"DELETE FROM {level.table}", insert(level, LEDGER, not_waiting)]
    return found


def _mended(condition: str) -> Iterator[str]:
    """The sums made anew, held against the cells of their level, and written where one differs: cells that are right
    are neither written nor left behind as dead rows.

    With the memory a database gives by default, sums and comparison are sorted on disk.
    """
    yield "SET LOCAL work_mem = '64MB'"
    for level in LEVELS:
        wrong, key, keys = f"wrong_{level.table}", level.keys[0], ", ".join(level.keys)
        columns = ", ".join((*level.keys, *level.sums))
        same = " AND ".join(f"f.{key} = c.{key}" for key in level.keys)
        ours = ", ".join(f"c.{column}" for column in level.sums)
        theirs = ", ".join(f"f.{column}" for column in level.sums)
        sums = ", ".join(f"{_sum_as_kept(column)} AS {column}" for column in level.sums)
        changes = ", ".join(f"{column} = EXCLUDED.{column}" for column in level.sums)
        yield (
            f"CREATE TEMPORARY TABLE {wrong} AS SELECT c.id AS cell_id, f.* "
            f"FROM (SELECT {keys}, {sums} FROM {LEDGER} AS e WHERE {condition} GROUP BY {keys}) AS f "
            f"FULL JOIN {level.table} AS c ON {same} "
            f"WHERE f.{key} IS NULL OR c.id IS NULL OR ({ours}) IS DISTINCT FROM ({theirs})"
        )
        yield f"DELETE FROM {level.table} WHERE id IN (SELECT cell_id FROM {wrong} WHERE {key} IS NULL)"
        yield (
            f"INSERT INTO {level.table} ({columns}) SELECT {columns} FROM {wrong} WHERE {key} IS NOT NULL "
            f"ORDER BY {keys} ON CONFLICT ({keys}) DO UPDATE SET {changes}"
        )
        yield f"DROP TABLE {wrong}"


def _sum_as_kept(column: str) -> str:
    """PostgreSQL's sum of whole numbers is a decimal: as the whole number it is in a cell."""
    return _sum(column) if column in DECIMALS else f"CAST({_sum(column)} AS BIGINT)"


def _compared(column: str) -> str:
    return _milli(f"c.{column}") if column in DECIMALS and not on_postgres() else f"c.{column}"


def compare_statement(level: Level) -> str:
    """The cells of a level that differ from the sums of the entries not waiting: keys, is in the cube, is in the
    ledger, sums in the cube, sums in the ledger."""
    keys = ", ".join(level.keys)
    ours = ", ".join(f"{_compared(column)} AS cube_{column}" for column in level.sums)
    theirs = ", ".join(f"{_sum(column, whole=True)} AS ledger_{column}" for column in level.sums)
    no_cube = ", ".join(f"0 AS cube_{column}" for column in level.sums)
    no_ledger = ", ".join(f"0 AS ledger_{column}" for column in level.sums)
    both = (
        f"SELECT {keys}, 1 AS in_cube, 0 AS in_ledger, {ours}, {no_ledger} FROM {level.table} AS c "
        f"UNION ALL SELECT {keys}, 0 AS in_cube, 1 AS in_ledger, {no_cube}, {theirs} FROM {LEDGER} AS e "
        f"WHERE e.id NOT IN ({_waiting()}) GROUP BY {keys}"
    )
    totals = ", ".join(
        f"SUM({side}_{column})" for side in ("cube", "ledger") for column in level.sums
    )
    wrong = " OR ".join(
        [
            "SUM(in_cube) <> SUM(in_ledger)",
            *(f"SUM(cube_{column}) <> SUM(ledger_{column})" for column in level.sums),
        ]
    )
    return (
        f"SELECT {keys}, SUM(in_cube), SUM(in_ledger), {totals} FROM ({both}) AS sides "
        f"GROUP BY {keys} HAVING {wrong} ORDER BY {keys}"
    )


def count_statement(level: Level) -> str:
    return f"SELECT COUNT(*) FROM {level.table}"


def run(statements: Iterable[str], *parameters: str | list[int]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, list(parameters) or None)
