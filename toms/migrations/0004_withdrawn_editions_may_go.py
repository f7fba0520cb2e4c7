"""The guards again: a licensed edition may be withdrawn, once and for good, and what is under it may then be removed.

Nothing under a published or withdrawn edition is ever added or altered, and a withdrawn edition never comes back.
"""

from importlib import import_module

from django.db import migrations

before = import_module("toms.migrations.0002_published_editions_are_fixed")

COLUMNS = (
    "id", "framework_id", "slug", "label", "valid_from", "valid_to", "status", "published_at", "checksum",
    "holder_id", "region_id",
)  # fmt: skip
SAME = " AND ".join(f"(NEW.{c} = OLD.{c} OR (NEW.{c} IS NULL AND OLD.{c} IS NULL))" for c in COLUMNS)
WITHDRAWN = (
    f"(OLD.holder_id IS NOT NULL AND OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND {SAME})"
)


def guards():
    """The guards of 0002, with a way out for what is withdrawn."""
    for table, event, condition, message in before.GUARDS:
        if (table, event) == ("toms_edition", "UPDATE"):
            condition = f"(OLD.status = 'published' AND NOT {WITHDRAWN})"
        elif (table, event) == ("toms_edition", "DELETE"):
            condition = "(OLD.status = 'published' AND OLD.withdrawn_at IS NULL)"
        elif event == "DELETE":
            condition = condition.replace(
                "e.status = 'published'", "e.status = 'published' AND e.withdrawn_at IS NULL"
            ).replace("AND status = 'published'", "AND status = 'published' AND withdrawn_at IS NULL")
        yield table, event, condition, message


def clear(schema_editor):
    """Take away the guards that are there: on the way back none may be left when tables are altered."""
    for table, event, _, _ in before.GUARDS:
        name = f"{table}_{event.lower()}_guard"
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS {name}();"
            )
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name};")


def install(apps, schema_editor):
    clear(schema_editor)
    template = before.FUNCTION if schema_editor.connection.vendor == "postgresql" else before.TRIGGER
    for table, event, condition, message in guards():
        name = f"{table}_{event.lower()}_guard"
        schema_editor.execute(
            template.format(name=name, table=table, event=event, condition=condition, message=message)
        )


def remove(apps, schema_editor):
    """The guards of 0002 come back when 0003 is undone: it alters the table that they name."""
    clear(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("toms", "0003_licensed_editions")]

    operations = [migrations.RunPython(install, remove)]
