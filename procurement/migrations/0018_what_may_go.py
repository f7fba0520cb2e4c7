"""The guards let go of what has had its time, and of nothing else.

A reminder and a weekly letter go 180 days after they were claimed, a reminder not before 180 days after its day; until
then they keep what they are of. Of an answer and of a link that is over, the address goes and the rest stays.
"""

from importlib import import_module

from django.db import migrations

guards = import_module("procurement.migrations._guards")
life = import_module("procurement.migrations.0011_life_of_a_contract")
tenders = import_module("procurement.migrations.0010_sealed_whole")

REMINDER, DIGEST = "procurement_reminder", "procurement_digest"
CONFIRMATION, LINK = "procurement_confirmation", "procurement_tenderemailinvitation"
# The length is part of the schema: a setting could be shortened by whoever wants a row to go.
YOUNG = {
    "postgresql": "OLD.claimed_at > now() - interval '180 days'",
    "sqlite": "OLD.claimed_at > datetime('now', '-180 days')",
}
DAY_NEAR = {
    "postgresql": "OLD.due_on > (now() AT TIME ZONE 'UTC')::date - 180",
    "sqlite": "OLD.due_on > date('now', '-180 days')",
}
# Who is told of what: a row that could become another one, or an older one, could be sent twice or taken away.
REMINDER_COLUMNS = ("id", "recipient_id", "organisation_id", "event", "subject", "due_on", "days")
DIGEST_COLUMNS = ("id", "recipient_id", "organisation_id", "week")
# Every column but the address.
CONFIRMATION_COLUMNS = (
    "id", "claim_id", "group", "token_hash", "asked_at", "asked_by_id", "expires_at", "claim_version", "answer",
    "answered_at", "answered_as", "words",
)
LINK_COLUMNS = (
    "id", "tender_id", "nonce", "invited_at", "invited_by_id", "expires_at", "revoked_at", "revoked_by_id",
    "accepted_at", "supplier_id",
)
# As socialvalue.core.purging.removed_address writes it.
ADDRESS_STAYS = "NEW.email <> 'removed-' || OLD.id || '@removed.invalid'"


def changed(columns):
    return " OR ".join(
        f'NEW."{c}" <> OLD."{c}" OR (NEW."{c}" IS NULL) <> (OLD."{c}" IS NULL)' for c in columns
    )


def but_the_address(is_over, columns):
    return f"(({is_over}) AND ({ADDRESS_STAYS} OR {changed(columns)}))"


def before():
    """Those that are replaced, as they stood."""
    names = {(REMINDER, "DELETE"), (CONFIRMATION, "UPDATE"), (LINK, "UPDATE")}
    return [guard for guard in [*life.GUARDS, *tenders.GUARDS] if guard[:2] in names]


def after(vendor):
    young, near = YOUNG[vendor], DAY_NEAR[vendor]
    return [
        (REMINDER, "DELETE", f"({young} OR {near})", "A reminder stays on record for 180 days"),
        (
            REMINDER,
            "UPDATE",
            f"({changed(REMINDER_COLUMNS)} OR NEW.claimed_at < OLD.claimed_at)",
            "What a reminder is of does not change",
        ),
        (DIGEST, "DELETE", f"({young})", "A weekly letter stays on record for 180 days"),
        (
            DIGEST,
            "UPDATE",
            f"({changed(DIGEST_COLUMNS)} OR NEW.claimed_at < OLD.claimed_at)",
            "Whose weekly letter it is does not change",
        ),
        (
            CONFIRMATION,
            "UPDATE",
            but_the_address("OLD.answer <> 'waiting'", CONFIRMATION_COLUMNS),
            "An answer does not change",
        ),
        (
            LINK,
            "UPDATE",
            but_the_address("OLD.accepted_at IS NOT NULL OR OLD.revoked_at IS NOT NULL", LINK_COLUMNS),
            "A used or revoked link does not change",
        ),
    ]


def install(apps, schema_editor):
    guards.drop(schema_editor, before())
    guards.put(schema_editor, after(schema_editor.connection.vendor))


def remove(apps, schema_editor):
    guards.drop(schema_editor, after(schema_editor.connection.vendor))
    guards.put(schema_editor, before())


class Migration(migrations.Migration):
    dependencies = [("procurement", "0017_more_roles")]

    operations = [migrations.RunPython(install, remove)]
