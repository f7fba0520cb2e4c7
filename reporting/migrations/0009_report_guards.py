"""The guards of 0002 again, after 0007 altered their tables, with those of the sign-offs that came with it."""

from importlib import import_module

from django.db import migrations

before = import_module("reporting.migrations.0002_frozen_reports")

SIGNED = "A sign-off does not change"
NEW = [
    ("reporting_signoff", "INSERT", "(" + before.FROZEN.replace("{row}", "NEW") + ")", before.MESSAGE),
    ("reporting_signoff", "UPDATE", "(OLD.id IS NOT NULL)", SIGNED),
    ("reporting_signoff", "DELETE", "(OLD.id IS NOT NULL)", SIGNED),
]


def install(apps, schema_editor):
    template = before.FUNCTION if schema_editor.connection.vendor == "postgresql" else before.TRIGGER
    before.install(apps, schema_editor)
    for table, event, condition, message in NEW:
        name = f"{table}_{event.lower()}_guard"
        schema_editor.execute(
            template.format(name=name, table=table, event=event, condition=condition, message=message)
        )


def remove(apps, schema_editor):
    before.remove(apps, schema_editor)
    for table, event, _, _ in NEW:
        name = f"{table}_{event.lower()}_guard"
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();")
        else:
            schema_editor.execute(f"DROP TRIGGER {name};")


class Migration(migrations.Migration):
    dependencies = [("reporting", "0008_report_words")]

    operations = [migrations.RunPython(install, remove)]
