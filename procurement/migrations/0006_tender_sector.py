"""The industry that a tender's localised measures are valued in; frozen with the rest of it."""

from importlib import import_module

from django.db import migrations, models

before = import_module("procurement.migrations.0002_what_never_changes")
guards = import_module("procurement.migrations.0004_guards_again")

TENDER = ("procurement_tender", "UPDATE")
COLUMNS = (*guards.TENDER_COLUMNS, "sector")


def put(schema_editor, columns):
    """Every guard again, and the tender's with these columns."""
    guards.install(None, schema_editor)
    name = f"{TENDER[0]}_{TENDER[1].lower()}_guard"
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute(f"DROP TRIGGER {name} ON {TENDER[0]}; DROP FUNCTION {name}();")
    else:
        schema_editor.execute(f"DROP TRIGGER {name};")
    condition = f"(OLD.status <> 'draft' AND (NEW.status = 'draft' OR {guards.changed(columns)}))"
    template = before.FUNCTION if is_postgresql else before.TRIGGER
    schema_editor.execute(
        template.format(
            name=name, table=TENDER[0], event=TENDER[1], condition=condition, message=before.ASKED
        )
    )


def install(apps, schema_editor):
    put(schema_editor, COLUMNS)


class Migration(migrations.Migration):
    dependencies = [("procurement", "0005_pipeline_published")]

    operations = [
        # SQLite copies a table to alter it: the guards step aside and come back at the end.
        migrations.RunPython(guards.remove, guards.install),
        migrations.AddField(
            model_name="tender",
            name="sector",
            field=models.SlugField(blank=True, default="", max_length=80),
        ),
        migrations.RunPython(install, guards.remove),
    ]
