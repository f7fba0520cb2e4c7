"""Triggers that hold what must never change. The same words on both databases; both raise an integrity error."""

from django.db import migrations

FOR_EVER = {
    "procurement_ledgerentry": "The ledger is append-only",
    "procurement_routedecision": "A route decision does not change",
    "procurement_lighttouchnote": "A finished note does not change",
    "procurement_award": "An award does not change",
    "procurement_commitment": "A commitment does not change",
    "procurement_verification": "A verification does not change",
    "procurement_offerline": "A submitted bid does not change",
    "procurement_offeranswer": "A submitted bid does not change",
}
PUBLISHED = (
    "EXISTS (SELECT 1 FROM procurement_tender WHERE id = {row}.tender_id AND status <> 'draft')"
)
ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
ASKED = "A published tender does not change"
FROZEN_COLUMNS = (
    "procurement_id", "authority_id", "edition_id", "place", "weighting_kind", "weighting_percent",
    "quantitative_percent", "formula", "deadline_at", "published_at", "published_by_id",
)
GUARDS = [
    *((table, event, "(1 = 1)", message) for table, message in FOR_EVER.items() for event in ("UPDATE", "DELETE")),
    *(
        (table, event, "(" + " OR ".join(PUBLISHED.replace("{row}", row) for row in rows) + ")", ASKED)
        for table in ("procurement_tenderrequirement", "procurement_tenderquestion", "procurement_tenderinvitation")
        for event, rows in ROWS.items()
    ),
    (
        "procurement_tender",
        "UPDATE",
        "(OLD.status <> 'draft' AND (NEW.status = 'draft' OR "
        + " OR ".join(
            f"NEW.{c} <> OLD.{c} OR (NEW.{c} IS NULL) <> (OLD.{c} IS NULL)" for c in FROZEN_COLUMNS
        )
        + "))",
        ASKED,
    ),
    ("procurement_tender", "DELETE", "(OLD.status <> 'draft')", ASKED),
    (
        "procurement_bid",
        "UPDATE",
        "(OLD.status = 'opened' OR (OLD.status = 'submitted' AND NEW.status = 'draft'))",
        "A submitted bid does not change",
    ),
    ("procurement_bid", "DELETE", "(OLD.status <> 'draft')", "A submitted bid does not change"),
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
    dependencies = [("procurement", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
