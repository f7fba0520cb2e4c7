"""What the role of the web site may do in PostgreSQL, and which rows it sees. Run by the owner of the tables.

The rights follow the triggers: where a trigger refuses every update (or every removal), the web role has not that right
either, so both say one thing. Where a trigger refuses some rows only (a frozen report beside a draft) the right stays
and the trigger decides; the web role does not own the tables, so it cannot switch a trigger off, empty a table or
change it. See docs/decisions/0042.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg2 import sql
from psycopg2.extensions import encrypt_password

from socialvalue.core.errors import RuleBroken

VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")
READ_ONLY = frozenset({"django_migrations", "django_content_type", "auth_permission", "auth_group"})
"""Written by migrations alone."""
POLICY = "sv_rows"
_ALWAYS = re.compile(
    r"\bBEGIN\s+(?:IF\s+\(?\s*(?:1 = 1|OLD\.id IS NOT NULL)\s*\)?\s+THEN\s+)?RAISE EXCEPTION", re.I
)
_UPDATE, _DELETE, _BEFORE = 16, 8, 2
"""Bits of ``pg_trigger.tgtype``."""


@dataclass(frozen=True, slots=True)
class TableRights:
    """One table: what the web role may do, and whether its rows are held to an organisation."""

    table: str
    verbs: tuple[str, ...]
    is_held_to_rows: bool


def always_refuses(body: str) -> bool:
    """A trigger function that refuses every row, whatever stands in it."""
    return bool(_ALWAYS.search(body))


def verbs_of(table: str, refused: Iterable[str]) -> tuple[str, ...]:
    """What is left to the web role of a table whose triggers refuse these verbs outright."""
    if table in READ_ONLY:
        return ("SELECT",)
    gone = frozenset(refused)
    return tuple(verb for verb in VERBS if verb not in gone)


def protect(
    *, web_role: str, row_conditions: Mapping[str, str], password: str = "", is_made: bool = False
) -> list[TableRights]:
    """Set the rights of ``web_role`` on every table, as the owner of the tables; may be run again at any time.

    ``row_conditions`` is table -> the condition under which a row belongs to one of the organisations in ``{orgs}``, an
    array; empty takes row-level security off. ``is_made`` makes the role with ``password`` when there is none, and sets
    that password.
    RuleBroken when this cannot be done or would protect nothing.
    """
    if connection.vendor != "postgresql":
        raise RuleBroken("Only PostgreSQL has roles. Set DATABASE_URL to a PostgreSQL address.")
    with transaction.atomic(), connection.cursor() as cursor:
        if is_made:
            _make_role(cursor, web_role, password)
        _check_role(cursor, web_role)
        tables = _tables(cursor)
        missing = sorted(set(row_conditions) - set(tables))
        if missing:
            raise RuleBroken(f"There is no table {', '.join(missing)}. Run migrate first.")
        refused = _refused(cursor)
        _close(cursor, web_role)
        _harden_triggers(cursor)
        made = [
            TableRights(table, verbs_of(table, refused.get(table, ())), table in row_conditions)
            for table in tables
        ]
        for row in made:
            _grant(cursor, web_role, row)
            _hold_rows(cursor, row.table, row_conditions.get(row.table, ""))
    return made


def _run(cursor: Any, text: str, **names: str) -> None:
    found = {name: sql.Identifier(value) for name, value in names.items()}
    cursor.execute(sql.SQL(text).format(**found).as_string(cursor.cursor))


def _make_role(cursor: Any, web_role: str, password: str) -> None:
    if len(password) < 12:
        raise RuleBroken(
            "The password of the web role is shorter than 12 characters. "
            "Set WEB_ROLE_PASSWORD to a longer one."
        )
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [web_role])
    verb = "ALTER" if cursor.fetchone() else "CREATE"
    # Only its hash travels and can stand in the server's log.
    kept = encrypt_password(password, web_role, connection.connection, "scram-sha-256")
    rights = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    _run(cursor, f"{verb} ROLE {{role}} {rights}", role=web_role)
    text = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(web_role), sql.Literal(kept))
    cursor.execute(text.as_string(cursor.cursor))


def _check_role(cursor: Any, web_role: str) -> None:
    cursor.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolname = current_user"
        " FROM pg_roles WHERE rolname = %s",
        [web_role],
    )
    found = cursor.fetchone()
    if found is None:
        raise RuleBroken(
            f"There is no role {web_role}. Make it, or run this with --create and WEB_ROLE_PASSWORD set."
        )
    *too_much, is_me = found
    if is_me:
        raise RuleBroken(
            f"You are signed in to the database as {web_role}. Run this as the owner of the tables."
        )
    names = ("SUPERUSER", "BYPASSRLS", "CREATEROLE", "CREATEDB", "REPLICATION")
    held = [name for name, has in zip(names, too_much, strict=True) if has]
    if held:
        taken = " ".join(f"NO{name}" for name in held)
        raise RuleBroken(
            f"{web_role} could undo any protection: it has {', '.join(held)}. Run: ALTER ROLE {web_role} {taken}"
        )
    cursor.execute(
        "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = %s ORDER BY 1",
        [web_role],
    )
    if groups := [row[0] for row in cursor.fetchall()]:
        raise RuleBroken(
            f"{web_role} has the rights of {', '.join(groups)} too. Run: REVOKE {', '.join(groups)} FROM {web_role}"
        )
    cursor.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
        " AND pg_get_userbyid(c.relowner) = %s ORDER BY 1 LIMIT 3",
        [web_role],
    )
    if owned := [row[0] for row in cursor.fetchall()]:
        raise RuleBroken(
            f"{web_role} owns {', '.join(owned)}, and an owner can undo any protection. "
            f"Run: REASSIGN OWNED BY {web_role} TO the owner of the other tables"
        )


def _tables(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " ORDER BY relname"
    )
    return [row[0] for row in cursor.fetchall()]


def _refused(cursor: Any) -> dict[str, list[str]]:
    """The verbs that a trigger refuses on every row, by table."""
    cursor.execute(
        "SELECT c.relname, t.tgtype, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'"
        " AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname, t.tgname"
    )
    found: dict[str, list[str]] = {}
    for table, kind, body in cursor.fetchall():
        if not kind & _BEFORE or not always_refuses(body):
            continue
        for bit, verb in ((_UPDATE, "UPDATE"), (_DELETE, "DELETE")):
            if kind & bit:
                found.setdefault(table, []).append(verb)
    return found


def _close(cursor: Any, web_role: str) -> None:
    """Nothing to start from: no table, no making of tables (temporary ones too: they could stand before ours)."""
    cursor.execute("SELECT current_database()")
    database = cursor.fetchone()[0]
    for text in (
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}, PUBLIC",
        "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}, PUBLIC",
        "REVOKE ALL ON SCHEMA public FROM {role}, PUBLIC",
        "REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM {role}, PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {role}",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ):
        _run(cursor, text, role=web_role, database=database)


def _harden_triggers(cursor: Any) -> None:
    """Triggers look at our tables with the owner's eyes: no policy hides a row from them, no other table of the same
    name stands before ours."""
    cursor.execute(
        "SELECT DISTINCT p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND p.pronamespace = 'public'::regnamespace ORDER BY 1"
    )
    for (name,) in cursor.fetchall():
        _run(
            cursor,
            "ALTER FUNCTION public.{name}() SECURITY DEFINER SET search_path = public, pg_temp",
            name=name,
        )


def _grant(cursor: Any, web_role: str, row: TableRights) -> None:
    _run(
        cursor,
        f"GRANT {', '.join(row.verbs)} ON public.{{table}} TO {{role}}",
        table=row.table,
        role=web_role,
    )


def _hold_rows(cursor: Any, table: str, condition: str) -> None:
    """One policy a table: the row is the organisation's, or the connection says that it goes across."""
    _run(cursor, "DROP POLICY IF EXISTS {policy} ON public.{table}", policy=POLICY, table=table)
    cursor.execute(
        "SELECT relrowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = %s",
        [table],
    )
    is_on = cursor.fetchone()[0]
    if not condition:
        if is_on:
            _run(cursor, "ALTER TABLE public.{table} DISABLE ROW LEVEL SECURITY", table=table)
        return
    # Each setting is asked once a statement, not once a row.
    orgs = "(SELECT string_to_array(nullif(current_setting('sv.organisations', true), ''), ','))::bigint[]"
    held = condition.replace("{orgs}", orgs)
    rule = f"(SELECT current_setting('sv.wide', true) = 'on') OR ({held})"
    _run(
        cursor,
        f"CREATE POLICY {{policy}} ON public.{{table}} USING ({rule}) WITH CHECK ({rule})",
        policy=POLICY,
        table=table,
    )
    if not is_on:
        _run(cursor, "ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY", table=table)
