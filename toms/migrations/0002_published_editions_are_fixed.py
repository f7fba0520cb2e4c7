"""Triggers that hold what must never change. The same words on both databases; both raise an integrity error."""

from django.db import migrations

MESSAGE = "A published edition does not change"
MEASURE = (
    "EXISTS (SELECT 1 FROM toms_edition e JOIN toms_measure m ON m.edition_id = e.id "
    "WHERE m.id = {row}.{column} AND e.status = 'published')"
)
EDITION = "EXISTS (SELECT 1 FROM toms_edition WHERE id = {row}.edition_id AND status = 'published')"
THEME = (
    "EXISTS (SELECT 1 FROM toms_edition e JOIN toms_theme t ON t.edition_id = e.id "
    "WHERE t.id = {row}.theme_id AND e.status = 'published')"
)
ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def guard(table, condition):
    """Refuse every write to a table while the edition it belongs to is published."""
    return [
        (
            table,
            event,
            "(" + " OR ".join(condition.replace("{row}", row) for row in rows) + ")",
            MESSAGE,
        )
        for event, rows in ROWS.items()
    ]


GUARDS = [
    ("toms_edition", "UPDATE", "(OLD.status = 'published')", MESSAGE),
    ("toms_edition", "DELETE", "(OLD.status = 'published')", MESSAGE),
    *guard("toms_theme", EDITION),
    *guard("toms_outcome", THEME),
    *guard("toms_measure", EDITION),
    *guard("toms_measurepack", EDITION),
    *guard("toms_proxy", MEASURE.replace("{column}", "measure_id")),
    *guard("toms_doublecountingpair", MEASURE.replace("{column}", "first_id")),
]

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
CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{message}'); END;
"""


def install(apps, schema_editor):
    template = FUNCTION if schema_editor.connection.vendor == "postgresql" else TRIGGER
    for table, event, condition, message in GUARDS:
        name = f"{table}_{event.lower()}_guard"
        schema_editor.execute(
            template.format(name=name, table=table, event=event, condition=condition, message=message)
        )


def remove(apps, schema_editor):
    for table, event, _, _ in GUARDS:
        name = f"{table}_{event.lower()}_guard"
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();")
        else:
            schema_editor.execute(f"DROP TRIGGER {name};")


class Migration(migrations.Migration):
    dependencies = [("toms", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
