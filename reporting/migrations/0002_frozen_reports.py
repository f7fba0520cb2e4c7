"""Triggers that hold what must never change. The same words on both databases; both raise an integrity error."""

from django.db import migrations

MESSAGE = "A frozen report does not change"
FROZEN = (
    "EXISTS (SELECT 1 FROM reporting_cabinetreport WHERE id = {row}.report_id AND status = 'frozen')"
)
ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
GUARDS = [
    ("reporting_cabinetreport", "UPDATE", "(OLD.status = 'frozen')", MESSAGE),
    ("reporting_cabinetreport", "DELETE", "(OLD.status = 'frozen')", MESSAGE),
    *(
        (
            "reporting_cabinetsection",
            event,
            "(" + " OR ".join(FROZEN.replace("{row}", row) for row in rows) + ")",
            MESSAGE,
        )
        for event, rows in ROWS.items()
    ),
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
    dependencies = [("reporting", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
