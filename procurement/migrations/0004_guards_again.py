"""The triggers again, after the tables were altered, with those of the tables that came with them."""

from importlib import import_module

from django.db import migrations

before = import_module("procurement.migrations.0002_what_never_changes")

FOR_EVER = {
    "procurement_routedeviation": "A told reason does not change",
    "procurement_considerationrecord": "A consideration record does not change",
    "procurement_dutyrecord": "A duty that was recorded does not change",
    "procurement_tenderapproval": "An approval does not change",
}
ADOPTED = "EXISTS (SELECT 1 FROM procurement_policyversion WHERE id = {row}.version_id AND status = 'adopted')"
POLICY = "An adopted policy does not change"
POLICY_COLUMNS = (
    "policy_id", "number", "status", "valid_from", "adopted_at", "inherits_id", "vat_basis",
    "weighting_min_percent", "weighting_max_percent", "pass_fail_allowed", "share_of", "proposed_by_id",
    "adopted_by_id",
)
TENDER_COLUMNS = (
    *before.FROZEN_COLUMNS, "weighting_share_of", "quality_percent", "no_measures_reason",
)


def changed(columns):
    return " OR ".join(
        f"NEW.{c} <> OLD.{c} OR (NEW.{c} IS NULL) <> (OLD.{c} IS NULL)" for c in columns
    )


KEPT = [guard for guard in before.GUARDS if guard[:2] != ("procurement_tender", "UPDATE")]
NEW = [
    *((table, event, "(1 = 1)", message) for table, message in FOR_EVER.items() for event in ("UPDATE", "DELETE")),
    *(
        (table, event, "(" + " OR ".join(ADOPTED.replace("{row}", row) for row in rows) + ")", POLICY)
        for table in ("procurement_policyband", "procurement_policymeasurerule", "procurement_policyapproval")
        for event, rows in before.ROWS.items()
    ),
    (
        "procurement_policyversion",
        "UPDATE",
        f"(OLD.status = 'adopted' AND ({changed(POLICY_COLUMNS)}))",
        POLICY,
    ),
    ("procurement_policyversion", "DELETE", "(OLD.status = 'adopted')", POLICY),
    ("procurement_routeoverride", "UPDATE", "(OLD.status <> 'asked')", "An answered override does not change"),
    ("procurement_routeoverride", "DELETE", "(1 = 1)", "An override is kept"),
    ("procurement_thresholdimport", "UPDATE", "(OLD.status = 'applied')", "An applied import does not change"),
    ("procurement_thresholdimport", "DELETE", "(OLD.status = 'applied')", "An applied import does not change"),
    (
        "procurement_tender",
        "UPDATE",
        f"(OLD.status <> 'draft' AND (NEW.status = 'draft' OR {changed(TENDER_COLUMNS)}))",
        before.ASKED,
    ),
]


def install(apps, schema_editor):
    template = before.FUNCTION if schema_editor.connection.vendor == "postgresql" else before.TRIGGER
    for table, event, condition, message in [*KEPT, *NEW]:
        name = f"{table}_{event.lower()}_guard"
        schema_editor.execute(
            template.format(name=name, table=table, event=event, condition=condition, message=message)
        )


def remove(apps, schema_editor):
    for table, event, _, _ in [*KEPT, *NEW]:
        name = f"{table}_{event.lower()}_guard"
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();")
        else:
            schema_editor.execute(f"DROP TRIGGER {name};")


class Migration(migrations.Migration):
    dependencies = [("procurement", "0003_routes_in_the_open")]

    operations = [migrations.RunPython(install, remove)]
