"""That a sign-off was asked for: a table of its own, whose rows are only added, and to drafts only."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

first = import_module("reporting.migrations.0002_frozen_reports")

TABLE = "reporting_signoffrequest"
ASKED = "That a sign-off was asked for does not change"
NEW = [
    ("INSERT", "(" + first.FROZEN.replace("{row}", "NEW") + ")", first.MESSAGE),
    ("UPDATE", "(OLD.id IS NOT NULL)", ASKED),
    ("DELETE", "(OLD.id IS NOT NULL)", ASKED),
]


def install(apps, schema_editor):
    template = first.FUNCTION if schema_editor.connection.vendor == "postgresql" else first.TRIGGER
    for event, condition, message in NEW:
        name = f"{TABLE}_{event.lower()}_guard"
        schema_editor.execute(
            template.format(
                name=name, table=TABLE, event=event, condition=condition, message=message
            )
        )


def remove(apps, schema_editor):
    for event, _, _ in NEW:
        name = f"{TABLE}_{event.lower()}_guard"
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {TABLE}; DROP FUNCTION {name}();")
        else:
            schema_editor.execute(f"DROP TRIGGER {name};")


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0009_report_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SignOffRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reporting.signoff",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reporting.cabinetreport",
                    ),
                ),
            ],
            options={"ordering": ["report", "id"]},
        ),
        migrations.RunPython(install, remove),
    ]
