"""What somebody can do who has got hold of the web site's connection to PostgreSQL: not rewrite what was done."""

from __future__ import annotations

import json
from contextlib import contextmanager
from io import StringIO

import psycopg2
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import Error, ProgrammingError

from procurement.deliveries.models import Claim
from procurement.verifications.services import verify_claim
from socialvalue.accounts.services import add_organisation
from socialvalue.accounts.vocabulary import OrganisationKind
from socialvalue.core.actor import SYSTEM
from socialvalue.core.database import NOBODY, WIDE, Scope, rows_of, scope_now, wide
from socialvalue.core.database_rights import always_refuses, protect, verbs_of
from socialvalue.core.errors import RuleBroken
from socialvalue.settings.rows import SEEN_ACROSS
from tests.factories.deliveries import claim, world

pytestmark = pytest.mark.owner
ROLE = "sv_web_of_rights_test"
OWNERS = (
    "authority_id",
    "supplier_id",
    "organisation_id",
    "holder_id",
    "lead_id",
    "asking_id",
    "deciding_id",
    "kept_id",
    "merged_into_id",
)
on_postgresql = pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="only PostgreSQL has roles"
)


# --- rules ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "always"),
    [
        ("BEGIN IF (1 = 1) THEN RAISE EXCEPTION 'no'; END IF; END", True),
        ("BEGIN\n  IF (OLD.id IS NOT NULL) THEN\n    RAISE EXCEPTION 'no'; END IF; END", True),
        ("BEGIN\n  RAISE EXCEPTION 'no' USING ERRCODE = '23514';\nEND", True),
        ("BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'no'; END IF; END", True),
        ("BEGIN IF (OLD.status = 'frozen') THEN RAISE EXCEPTION 'no'; END IF; END", False),
        ("BEGIN IF (1 = 1 AND OLD.at > now()) THEN RAISE EXCEPTION 'no'; END IF; END", False),
        ("BEGIN UPDATE x SET y = 1; RETURN NULL; END", False),
    ],
)
def test_a_trigger_that_always_refuses_is_known_by_its_words(body, always):
    assert always_refuses(body) is always


def test_the_rights_are_what_the_triggers_leave():
    assert verbs_of("x", []) == ("SELECT", "INSERT", "UPDATE", "DELETE")
    assert verbs_of("x", ["UPDATE", "DELETE"]) == ("SELECT", "INSERT")
    assert verbs_of("x", ["DELETE"]) == ("SELECT", "INSERT", "UPDATE")
    assert verbs_of("django_migrations", []) == ("SELECT",)


def test_every_table_of_an_organisation_is_held_or_says_why_not():
    owned = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.column in OWNERS
    }
    held = set(settings.ROWS_OF_ORGANISATIONS)
    assert owned - held - set(SEEN_ACROSS) == set()
    assert held & set(SEEN_ACROSS) == set()
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert (held | set(SEEN_ACROSS)) - tables == set()
    assert all(SEEN_ACROSS.values())


def test_scopes_nest_and_end_with_their_block():
    """Whatever stands around the tests, the block decides."""
    with rows_of([5]):
        assert scope_now() == Scope(frozenset({5}))
        with wide("the test says so"):
            assert scope_now() == WIDE
        assert scope_now() == Scope(frozenset({5}))
        with pytest.raises(RuntimeError), wide("the test says so"):
            raise RuntimeError
        assert scope_now() == Scope(frozenset({5}))
    with rows_of([]):
        assert scope_now() == NOBODY


def test_going_across_needs_a_reason():
    with pytest.raises(ValueError, match="Say why"), wide(""):
        pass


@pytest.mark.skipif(
    "sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="what SQLite answers"
)
@pytest.mark.django_db
def test_sqlite_has_no_roles_and_says_so():
    with pytest.raises(CommandError, match="Only PostgreSQL has roles"):
        call_command("protect_database", web_role=ROLE)


# --- the role of the web site ---------------------------------------------------------------------


def make_role(name=ROLE, rights="LOGIN"):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {name} {rights}")


@contextmanager
def as_web(organisation_id=None, *, is_wide=False):
    """SQL as somebody would send it who has the web site's connection."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, current_setting('sv.organisations', true), current_setting('sv.wide', true)"
        )
        before, organisation, was_wide = cursor.fetchone()
        settings_of(cursor, organisation_id or "", "on" if is_wide else "")
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        yield cursor
        cursor.execute(f'SET LOCAL ROLE "{before}"')
        settings_of(cursor, organisation or "", was_wide or "")


def settings_of(cursor, organisation, is_wide):
    cursor.execute(
        "SELECT set_config('sv.organisations', %s, false), set_config('sv.wide', %s, false)",
        [str(organisation), is_wide],
    )


def refusal(sql):
    """How the database refuses the statement; empty when it does not."""
    try:
        with as_web(is_wide=True) as cursor:
            cursor.execute(sql)
    except Error as error:
        return str(error)
    return ""


def count(table):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  # table names of this file
        return cursor.fetchone()[0]


@pytest.fixture
def protected(db):
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has roles")
    make_role()
    return {row.table: row for row in protect(web_role=ROLE, row_conditions={})}


@pytest.fixture
def verified(protected):
    known = world()
    made = claim(known.claimant, known.hours)
    verify_claim(actor=known.manager, claim_id=made.pk, expected_version=made.version)
    return known


APPEND_ONLY = {
    "audit_auditrecord",
    "audit_dailyseal",
    "procurement_award",
    "procurement_commitment",
    "procurement_evaluationresult",
    "procurement_ledgerentry",
    "procurement_lighttouchnote",
    "procurement_offeranswer",
    "procurement_offerline",
    "procurement_offerlinepart",
    "procurement_routedecision",
    "procurement_tenderapproval",
    "procurement_verification",
    "reporting_signoff",
}


@on_postgresql
def test_what_is_added_for_ever_cannot_be_changed(protected):
    for table in APPEND_ONLY:
        assert protected[table].verbs == ("SELECT", "INSERT"), table
    assert "DELETE" not in protected["procurement_bid"].verbs
    # Accesses are kept for their time: the trigger says which are old enough to go.
    assert protected["audit_accessrecord"].verbs == ("SELECT", "INSERT", "DELETE")
    for table in ("procurement_reminder", "procurement_digest"):
        assert protected[table].verbs == ("SELECT", "INSERT", "UPDATE", "DELETE"), table
    # Of an answer that was given the address may go.
    assert protected["procurement_confirmation"].verbs == ("SELECT", "INSERT", "UPDATE")
    assert protected["procurement_claim"].verbs == ("SELECT", "INSERT", "UPDATE", "DELETE")
    assert {verb for row in protected.values() for verb in row.verbs} == {
        "SELECT", "INSERT", "UPDATE", "DELETE",
    }  # fmt: skip


@on_postgresql
@pytest.mark.usefixtures("verified")
def test_the_ledger_and_the_audit_stand_against_sql(verified):
    for table in ("procurement_ledgerentry", "audit_auditrecord", "procurement_verification"):
        assert count(table) > 0, "there must be a row that would change"
        assert "permission denied" in refusal(f"UPDATE {table} SET id = id")  # noqa: S608
        assert "permission denied" in refusal(f"DELETE FROM {table}")  # noqa: S608
        assert "permission denied" in refusal(f"TRUNCATE {table} CASCADE")
    # The control: the same role changes what may change.
    assert refusal("UPDATE procurement_claim SET narrative = 'Told again'") == ""
    assert Claim.objects.get().narrative == "Told again"


@on_postgresql
@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE procurement_ledgerentry DISABLE TRIGGER ALL",
        "ALTER TABLE reporting_cabinetreport DISABLE TRIGGER USER",
        "DROP TRIGGER procurement_bid_update_guard ON procurement_bid",
        "CREATE OR REPLACE FUNCTION procurement_bid_update_guard() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NEW; END $$",
        "SET session_replication_role = 'replica'",
        "CREATE TABLE public.mine (id int)",
        "CREATE TEMPORARY TABLE procurement_tender (id int, status text)",
        "CREATE SCHEMA mine",
        "ALTER TABLE audit_auditrecord ADD COLUMN note text",
        "DROP TABLE audit_auditrecord",
        "CREATE INDEX mine ON procurement_claim (id)",
        "GRANT UPDATE ON audit_auditrecord TO PUBLIC",
        "TRUNCATE procurement_claim CASCADE",
        "ALTER TABLE procurement_claim DISABLE ROW LEVEL SECURITY",
        "DROP POLICY sv_rows ON procurement_claim",
        "ALTER ROLE sv_web_of_rights_test BYPASSRLS",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '0099_mine', now())",
        "COPY procurement_claim TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_it_cannot_take_the_protection_away(protected, sql):
    protect(web_role=ROLE, row_conditions=settings.ROWS_OF_ORGANISATIONS)
    said = refusal(sql)
    if sql.startswith("GRANT"):
        # Such a grant may be answered with a warning only; what counts is what it changed.
        assert "permission denied" in refusal("UPDATE audit_auditrecord SET id = id")
        return
    assert "permission denied" in said or "must be owner" in said or "must be superuser" in said, (
        said
    )


@on_postgresql
def test_a_grant_that_was_made_by_hand_is_taken_back(protected):
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT UPDATE, TRUNCATE ON procurement_ledgerentry TO {ROLE}")
        cursor.execute("GRANT DELETE ON audit_auditrecord TO PUBLIC")
    assert "permission denied" not in refusal(
        "UPDATE procurement_ledgerentry SET id = id WHERE false"
    )
    protect(web_role=ROLE, row_conditions={})
    assert "permission denied" in refusal("UPDATE procurement_ledgerentry SET id = id WHERE false")
    assert "permission denied" in refusal("DELETE FROM audit_auditrecord WHERE false")


@on_postgresql
def test_a_table_that_is_new_has_no_rights_until_it_is_run_again(protected):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE made_later (id int)")
    assert "permission denied" in refusal("SELECT * FROM made_later")
    protect(web_role=ROLE, row_conditions={})
    assert refusal("SELECT * FROM made_later") == ""


@on_postgresql
@pytest.mark.usefixtures("protected")
def test_the_day_is_sealed_without_the_right_to_change():
    assert "permission denied" in refusal("LOCK TABLE procurement_ledgerentry IN SHARE MODE")
    assert refusal("SELECT audit_wait_for_writers('procurement_ledgerentry')") == ""


# --- rows -----------------------------------------------------------------------------------------


def hold_rows(conditions=settings.ROWS_OF_ORGANISATIONS):
    with connection.cursor() as cursor:
        # A table with checks that wait for the end of the transaction cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    protect(web_role=ROLE, row_conditions=conditions)


@on_postgresql
@pytest.mark.usefixtures("verified")
def test_rows_of_others_are_not_there(verified):
    hold_rows()
    made = Claim.objects.get()

    def seen(organisation_id, table="procurement_claim", *, is_wide=False):
        with as_web(organisation_id, is_wide=is_wide):
            return count(table)

    tables = (
        "procurement_claim",
        "procurement_contract",
        "procurement_commitment",
        "procurement_verification",
    )
    for table in tables:
        assert seen(made.authority_id, table) > 0
        assert seen(made.supplier_id, table) > 0
        assert seen(f"999999,{made.supplier_id}", table) > 0
        assert seen(999_999, table) == 0
        assert seen(None, table) == 0
        assert seen(None, table, is_wide=True) > 0
    with as_web(999_999) as cursor:
        cursor.execute("UPDATE procurement_claim SET narrative = 'Mine now'")
        assert cursor.rowcount == 0
    with pytest.raises(ProgrammingError, match="row-level security"), as_web(999_999) as cursor:
        cursor.execute(
            "INSERT INTO procurement_reminderrule (authority_id, from_date, first_before, second_before, first_after,"
            " second_after, made_at, made_by_id) VALUES (%s, now(), 1, 1, 1, 1, now(), %s)",
            [made.authority_id, verified.manager.user_id],
        )


@on_postgresql
@pytest.mark.usefixtures("verified")
def test_without_rls_every_row_is_there(verified):
    hold_rows()
    with as_web(None):
        assert count("procurement_claim") == 0
    hold_rows({})
    with as_web(None):
        assert count("procurement_claim") == 1


# --- the command ----------------------------------------------------------------------------------


@on_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rights", "said"),
    [
        ("SUPERUSER", "NOSUPERUSER"),
        ("BYPASSRLS", "NOBYPASSRLS"),
        ("CREATEROLE", "NOCREATEROLE"),
        (f"IN ROLE {ROLE}_group", f"REVOKE {ROLE}_group"),
    ],
)
def test_a_role_that_could_undo_it_is_refused(rights, said):
    make_role(f"{ROLE}_group", "")
    make_role(f"{ROLE}_strong", f"LOGIN {rights}")
    with pytest.raises(RuleBroken, match=said):
        protect(web_role=f"{ROLE}_strong", row_conditions={})


@on_postgresql
@pytest.mark.django_db
def test_the_command_says_what_is_missing(settings):
    settings.WEB_ROLE_PASSWORD = ""
    with pytest.raises(CommandError, match="There is no role nobody_here"):
        call_command("protect_database", web_role="nobody_here")
    with pytest.raises(CommandError, match="Set WEB_ROLE_PASSWORD"):
        call_command("protect_database", web_role="nobody_here", create=True)


@on_postgresql
@pytest.mark.django_db
def test_the_command_makes_the_role_and_tells_what_it_did(settings):
    settings.WEB_ROLE_PASSWORD = "letters0and1digits"
    told = StringIO()
    for _ in range(2):
        call_command(
            "protect_database",
            web_role=f"{ROLE}_made",
            create=True,
            rls=True,
            json=True,
            stdout=told,
        )
        rows = json.loads(told.getvalue())
        told.truncate(0)
        told.seek(0)
    found = {row["table"]: row for row in rows}
    assert found["audit_auditrecord"]["verbs"] == ["SELECT", "INSERT"]
    assert {t for t, row in found.items() if row["is_held_to_rows"]} == set(
        settings.ROWS_OF_ORGANISATIONS
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s",
            [f"{ROLE}_made"],
        )
        assert cursor.fetchone() == (True, False, False)
    call_command("protect_database", web_role=f"{ROLE}_made", stdout=told)
    assert "Row-level security is off." in told.getvalue()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_signed_in_as_the_role_itself():
    """Not with the owner's connection in the role's clothes: with a connection of its own."""
    make_role()
    try:
        # Nothing here is taken back: the policies that later tests rest on stay as they are.
        protect(web_role=ROLE, row_conditions=settings.ROWS_OF_ORGANISATIONS)
        add_organisation(
            actor=SYSTEM, kind=OrganisationKind.COUNCIL, name="A council that is recorded"
        )
        given = connection.get_connection_params() | {"user": ROLE, "password": "x"}
        given.pop("cursor_factory", None)
        theirs = psycopg2.connect(**given)
        theirs.autocommit = True
        with theirs.cursor() as cursor:
            cursor.execute("SELECT current_user, session_user, count(*) FROM audit_auditrecord")
            assert cursor.fetchone() == (ROLE, ROLE, 1)
            for statement in (
                "UPDATE audit_auditrecord SET sentence = 'Nothing happened'",
                "DELETE FROM audit_auditrecord",
                "TRUNCATE audit_auditrecord",
                "ALTER TABLE audit_auditrecord DISABLE TRIGGER ALL",
                "SET ROLE sv_owner_of_nothing",
                "SET session_replication_role = 'replica'",
            ):
                with pytest.raises(psycopg2.Error):
                    cursor.execute(statement)
            cursor.execute("SELECT count(*) FROM audit_auditrecord")
            assert cursor.fetchone() == (1,)
        theirs.close()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(f"DROP OWNED BY {ROLE}")
            cursor.execute(f"DROP ROLE {ROLE}")
