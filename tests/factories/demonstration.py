"""The demonstration: entered once in a run of the tests, and read back where it is wanted again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction

from socialvalue.core import clock
from socialvalue.demo import seed
from tests.conftest import as_owner, without_guards

OF_DJANGO = {"django_migrations", "django_content_type", "auth_permission", "django_site"}
"""What Django itself writes into every database."""


def enter_demonstration() -> None:
    """Everything the demonstration holds, with the stories that ``seed`` knows. The database holds nothing else.

    ``SV_KEPT`` names the folder that keeps what was entered for the other processes and files of tests of the same
    run; PostgreSQL only. Without it everything is entered anew.
    """
    folder = os.environ.get("SV_KEPT")
    if not folder or connection.vendor != "postgresql":
        seed.seed(lambda line: None)
        return
    kept = Path(folder) / f"{clock.today()}-{len(seed.STORIES)}"
    if kept.is_dir():
        _read_back(kept)
        return
    seed.seed(lambda line: None)
    _keep(kept)


def _columns() -> dict[str, str]:
    """The columns of every table, as SQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) "
            "FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER' "
            "GROUP BY table_name"
        )
        return {table: names for table, names in cursor.fetchall() if table not in OF_DJANGO}


def _keep(kept: Path) -> None:
    half = kept.with_name(f"{kept.name}-{os.getpid()}")
    half.mkdir(parents=True)
    with as_owner(), connection.cursor() as cursor:
        for table, names in _columns().items():
            with (half / table).open("wb") as file:
                cursor.copy_expert(f'COPY "{table}" ({names}) TO STDOUT', file)
    shutil.copytree(settings.MEDIA_ROOT, half / "media")
    try:
        half.rename(kept)
    except OSError:
        # Somebody else was quicker.
        shutil.rmtree(half)


def _read_back(kept: Path) -> None:
    columns = _columns()
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table in columns
    ]
    # What was kept has been through the guards.
    with transaction.atomic(), without_guards() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(columns)}")
        for table, names in columns.items():
            with (kept / table).open("rb") as file:
                cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', file)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    shutil.copytree(kept / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
