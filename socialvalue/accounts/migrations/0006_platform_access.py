"""Accesses of platform operators, and the triggers that hold them: four hours at most, told once and for all."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

TABLE = "accounts_platformaccess"
TOO_LONG = {
    "postgresql": "NEW.until_at > NEW.from_at + interval '4 hours'",
    # Half a second more: a Julian day is a floating number.
    "sqlite": "julianday(NEW.until_at) - julianday(NEW.from_at) > 4.0 / 24 + 0.000006",
}
SAME = " OR ".join(
    f"NEW.{c} <> OLD.{c} OR (NEW.{c} IS NULL) <> (OLD.{c} IS NULL)"
    for c in ("operator_id", "organisation_id", "reason", "from_at", "until_at")
)
GUARDS = (
    ("INSERT", None, "An access lasts four hours at most"),
    ("UPDATE", f"OLD.ended_at IS NOT NULL OR {SAME}", "An access does not change"),
    ("DELETE", "1 = 1", "An access stays on record"),
)
FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ({condition}) THEN
    RAISE EXCEPTION '{message}' USING ERRCODE = '23514';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""
TRIGGER = """
CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition})
BEGIN SELECT RAISE(ABORT, '{message}'); END;
"""


def name_of(event):
    return f"{TABLE}_{event.lower()}_guard"


def install(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    template = FUNCTION if vendor == "postgresql" else TRIGGER
    for event, condition, message in GUARDS:
        schema_editor.execute(
            template.format(
                name=name_of(event),
                table=TABLE,
                event=event,
                condition=condition or TOO_LONG[vendor],
                message=message,
            )
        )


def remove(apps, schema_editor):
    for event, *_ in GUARDS:
        name = name_of(event)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {TABLE}; DROP FUNCTION {name}();")
        else:
            schema_editor.execute(f"DROP TRIGGER {name};")


def person(**more):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_forgotten_and_merged")]

    operations = [
        migrations.CreateModel(
            name="PlatformAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("operator", person()),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                ("reason", models.TextField()),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-from_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(until_at__gt=F("from_at")), name="platform_access_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=~Q(reason=""), name="platform_access_with_reason"
                    ),
                    models.CheckConstraint(
                        condition=Q(ended_at__isnull=True)
                        | Q(ended_at__gte=F("from_at"), ended_at__lte=F("until_at")),
                        name="platform_access_ended_in_its_time",
                    ),
                    models.UniqueConstraint(
                        fields=["operator"],
                        condition=Q(ended_at__isnull=True),
                        name="platform_access_one_open",
                    ),
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
