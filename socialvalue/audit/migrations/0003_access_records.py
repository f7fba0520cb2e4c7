"""Accesses, and the triggers that hold them: never changed, removed only 400 days after they were written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "audit_accessrecord"
# The length is part of the schema: a setting could be shortened by whoever wants a row to go.
YOUNG = {
    "postgresql": "OLD.at > now() - interval '400 days'",
    "sqlite": "OLD.at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-400 days')",
}
REFUSED = {
    "UPDATE": "Accesses are append-only",
    "DELETE": "Accesses are kept for 400 days",
}
FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {condition} THEN
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


def install(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    template = FUNCTION if vendor == "postgresql" else TRIGGER
    for event, message in REFUSED.items():
        condition = YOUNG[vendor] if event == "DELETE" else "1 = 1"
        name = f"{TABLE}_{event.lower()}_guard"
        # Percent signs of strftime are no placeholders: without parameters nothing is put in.
        schema_editor.execute(
            template.format(
                name=name, table=TABLE, event=event, condition=condition, message=message
            ),
            params=None,
        )


def remove(apps, schema_editor):
    for event in REFUSED:
        name = f"{TABLE}_{event.lower()}_guard"
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {TABLE}; DROP FUNCTION {name}();")
        else:
            schema_editor.execute(f"DROP TRIGGER {name};")


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('actor_name', models.CharField(max_length=200)),
                ('organisation_id', models.BigIntegerField(blank=True, null=True)),
                ('kind', models.CharField(max_length=30)),
                ('sentence', models.TextField()),
                ('address', models.CharField(blank=True, max_length=500)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('request_id', models.CharField(blank=True, max_length=32)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['organisation_id', 'id'], name='access_organisation')],
            },
        ),
        migrations.RunPython(install, remove),
    ]
