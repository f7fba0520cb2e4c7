"""Seals, which never change, and the door through which the web role waits for writers."""

from django.db import migrations, models

TABLES = ("audit_dailyseal", "audit_sealmarks")
FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Seals are append-only' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""
TRIGGER = """
CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW
BEGIN SELECT RAISE(ABORT, 'Seals are append-only'); END;
"""
# To wait for the writers of a table takes a lock that only those may take who may change its rows. The function runs
# as its owner, so that the role of the web and the workers can seal what it may not change.
WAIT = """
CREATE OR REPLACE FUNCTION audit_wait_for_writers(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  EXECUTE format('LOCK TABLE %I IN SHARE MODE', name);
END $$;
"""


def guards():
    for table in TABLES:
        for event in ("UPDATE", "DELETE"):
            yield table, event, f"{table}_{event.lower()}_guard"


def install(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    template = FUNCTION if is_postgres else TRIGGER
    for table, event, name in guards():
        schema_editor.execute(template.format(name=name, table=table, event=event))
    if is_postgres:
        schema_editor.execute(WAIT, params=None)


def remove(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for table, _, name in guards():
        if is_postgres:
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();")
        else:
            schema_editor.execute(f"DROP TRIGGER {name};")
    if is_postgres:
        schema_editor.execute("DROP FUNCTION audit_wait_for_writers(text);")


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_access_records")]

    operations = [
        migrations.CreateModel(
            name='DailySeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('day', models.DateField(unique=True)),
                ('made_at', models.DateTimeField()),
                ('parts', models.JSONField()),
                ('previous_digest', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(max_length=64, unique=True)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('number', 1), ('previous_digest', '')), models.Q(('number__gt', 1), models.Q(('previous_digest', ''), _negated=True)), _connector='OR'), name='seal_names_the_one_before')],
            },
        ),
        migrations.CreateModel(
            name='SealMarks',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('source', models.CharField(max_length=40)),
                ('marks', models.BinaryField()),
            ],
            options={
                'verbose_name_plural': 'seal marks',
                'ordering': ['number', 'source'],
                'constraints': [models.UniqueConstraint(fields=('number', 'source'), name='seal_marks_once')],
            },
        ),
        migrations.RunPython(install, remove),
    ]
