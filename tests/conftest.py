"""What every test stands on."""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager

os.environ.setdefault("SV_ENV", "test")
os.environ.setdefault("DEBUG", "")

import pytest
from django.core.management.commands import flush as flush_command
from django.db import connection
from hypothesis import HealthCheck, settings

# Looked through less often: twenty minutes of tests take a sixteenth less time of the processor.
gc.set_threshold(100_000, 50, 50)

# How long an example takes says how busy the machine is, not whether the rule holds. Speed is for tests/benchmarks.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def media_of_tests(tmp_path_factory):
    """Evidence of tests goes to a folder that goes away."""
    from django.conf import settings
    from django.core.files.storage import default_storage

    folder = tmp_path_factory.mktemp("media")
    settings.MEDIA_ROOT = folder
    default_storage._location = str(folder)
    for name in ("base_location", "location"):
        default_storage.__dict__.pop(name, None)
    return folder


WEB_ROLE = "sv_web_of_tests"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """With SV_RLS=1 on PostgreSQL the tests have the rights of the web site's role, and requests see their own rows.

    Tests that call services by themselves see everybody's, as a job does.
    """
    if not has_web_role():
        yield
        return
    from django.conf import settings
    from django.db.backends.signals import connection_created

    from socialvalue.core.database import wide
    from socialvalue.core.database_rights import protect

    def take_role(*, connection, **kwargs):
        if connection.alias == "default":
            with connection.connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {WEB_ROLE}")

    settings.ROW_LEVEL_SECURITY = True
    with django_db_blocker.unblock(), wide("Tests see what they prove."):
        with connection.cursor() as cursor:
            cursor.execute(
                f"DO $$ BEGIN CREATE ROLE {WEB_ROLE}; "
                "EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$"
            )
        protect(web_role=WEB_ROLE, row_conditions=settings.ROWS_OF_ORGANISATIONS)
        connection.close()
        connection_created.connect(take_role, weak=False, dispatch_uid="tests")
        yield
        connection_created.disconnect(dispatch_uid="tests")
        connection.close()


def has_web_role():
    return os.environ.get("SV_RLS") == "1" and connection.vendor == "postgresql"


@contextmanager
def as_owner():
    """Past the rights of the web site's role, for what no web site does."""
    if not has_web_role():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_user)")
        (role,) = cursor.fetchone()
        cursor.execute("RESET ROLE")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")


@contextmanager
def without_guards():
    """The database's triggers step aside, as they can for who owns it. Gives a cursor; inside a transaction."""
    with as_owner(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What waited for the end of the transaction is checked while there is a guard.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield cursor
            cursor.execute("SET LOCAL session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield cursor
        for _, sql in triggers:
            cursor.execute(sql)


@pytest.fixture(autouse=True)
def rights_of_the_owner(request):
    """What is marked ``owner`` is tried with every right there is: who owns the database has them too."""
    if request.node.get_closest_marker("owner") is None or not has_web_role():
        yield
        return
    request.getfixturevalue("db")
    with as_owner():
        yield


@pytest.fixture(autouse=True)
def nothing_kept():
    """Tests number their rows from the same start: what one drew is no answer for the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def jobs_at_once(monkeypatch):
    """Jobs run where they are asked for. Told to Celery itself: what it was told lies over Django's settings."""
    from celery import current_app

    current_app.conf.get("task_always_eager")  # Celery reads its settings when first asked
    # Taken away again, not set back to False: that would stay over the settings for every test after.
    monkeypatch.setitem(current_app.conf.changes, "task_always_eager", True)
    assert current_app.conf.task_always_eager is True


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_guards(django_db_blocker):
    """Emptying the tables after a transactional test is no deed: SQLite's triggers step aside for it."""
    flush = connection.ops.execute_sql_flush

    def flush_without_triggers(sql_list):
        with without_guards() if connection.vendor == "sqlite" else as_owner():
            flush(sql_list)

    emit = flush_command.emit_post_migrate_signal

    def emit_as_owner(*args, **kwargs):
        with as_owner():
            emit(*args, **kwargs)

    connection.ops.execute_sql_flush = flush_without_triggers
    flush_command.emit_post_migrate_signal = emit_as_owner
    yield
    connection.ops.execute_sql_flush = flush
    flush_command.emit_post_migrate_signal = emit


def pytest_configure():
    """Settings of tests, also when pytest is started bare: Django is set up before this file is read."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    settings.REQUEST_LIMITS = {}
    take_a_queue_of_ones_own()


def take_a_queue_of_ones_own():
    """Processes of tests beside each other have a database each, and so a queue each in Redis."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    address = os.environ.get("CELERY_BROKER_URL", "")
    if not process or not address.startswith("redis"):
        return
    from celery import current_app

    number = int(process) + 1
    scheme, _, rest = address.partition("?")[0].partition("://")
    mine = (
        f"{rest}?virtual_host={number}"
        if scheme == "redis+socket"
        else f"{rest.partition('/')[0]}/{number}"
    )
    # For this process, and for the workers it starts.
    os.environ["CELERY_BROKER_URL"] = current_app.conf.broker_url = f"{scheme}://{mine}"
