"""Evidenced is a basis of the ledger. For the claims that stand and have evidence it is posted as of the day that came."""

from collections import defaultdict
from importlib import import_module

from django.db import migrations, models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

_guards = import_module("procurement.migrations._guards")

TABLE = "procurement_ledgerentry"
GUARDS = [(TABLE, event, "(1 = 1)", "The ledger is append-only") for event in ("UPDATE", "DELETE")]
COUNTED = ("submitted", "verified")
REASON = "Shown by what was kept of the claim before evidenced stood in the ledger."
IDS_A_ROW = 1_000


def put(apps, schema_editor):
    """SQLite writes the table anew, without its triggers."""
    _guards.put(schema_editor, GUARDS)


def drop(apps, schema_editor):
    _guards.drop(schema_editor, GUARDS)


def came_on(apps):
    """By claim: when the first of what shows it came."""
    found = defaultdict(list)
    files = apps.get_model("procurement", "Evidence").objects.filter(claim__isnull=False)
    kept = files.filter(Q(removed_at__isnull=True) | Q(claim__status="verified"))
    for claim_id, at in kept.order_by("id").values_list("claim_id", "uploaded_at"):
        found[claim_id].append(at)
    words = apps.get_model("procurement", "Confirmation").objects.filter(answer="confirmed")
    # What is verified has one version more than what was confirmed.
    said = words.filter(Q(claim_version=F("claim__version")) | Q(claim__status="verified"))
    for claim_id, at in said.order_by("id").values_list("claim_id", "answered_at"):
        found[claim_id].append(at)
    return {claim_id: min(days) for claim_id, days in found.items()}


def post(apps, schema_editor):
    entry = apps.get_model("procurement", "LedgerEntry")
    days = came_on(apps)
    reversals = entry.objects.filter(corrects_id=OuterRef("pk"))
    standing = entry.objects.filter(
        ~Exists(reversals), basis="claimed", corrects__isnull=True, claim__status__in=COUNTED
    ).select_related("claim")
    rows = []
    for row in standing.order_by("id").iterator(chunk_size=IDS_A_ROW):
        # A verified claim had evidence when it was verified, whatever is left of it now.
        at = days.get(row.claim_id, row.claim.decided_at if row.claim.status == "verified" else None)
        if at is None:
            continue
        rows.append(
            entry(
                **{
                    name: getattr(row, name)
                    for name in (
                        "authority_id", "supplier_id", "edition_id", "theme_id", "measure_id", "contract_id",
                        "commitment_id", "claim_id", "period", "quantity", "denominator", "value_pence", "posted_by_id",
                    )
                },
                basis="evidenced",
                reason=REASON,
                posting_key=f"claim:{row.claim_id}:evidenced:1",
                posted_at=max(at, row.posted_at),
            )
        )
    ids = [row.pk for row in entry.objects.bulk_create(rows, batch_size=IDS_A_ROW)]
    waiting = apps.get_model("procurement", "PendingPosting")
    waiting.objects.bulk_create(
        waiting(entry_ids=ids[start : start + IDS_A_ROW], posted_at=Now())
        for start in range(0, len(ids), IDS_A_ROW)
    )


def take_out(apps, schema_editor):
    """Rebuild the totals afterwards: they were made with these entries."""
    drop(apps, schema_editor)
    apps.get_model("procurement", "LedgerEntry").objects.filter(basis="evidenced").delete()
    put(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("procurement", "0014_reminders_of_sign_offs")]

    operations = [
        migrations.RunPython(drop, put),
        migrations.RemoveConstraint(
            model_name="ledgerentry", name="ledger_entry_names_its_source"
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="basis",
            field=models.CharField(
                choices=[
                    ("committed", "Committed"),
                    ("claimed", "Claimed"),
                    ("evidenced", "Evidenced"),
                    ("verified", "Verified"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=Q(basis="committed", claim__isnull=True, verification__isnull=True)
                | Q(
                    basis__in=("claimed", "evidenced"),
                    claim__isnull=False,
                    verification__isnull=True,
                )
                | Q(basis="verified", claim__isnull=False, verification__isnull=False),
                name="ledger_entry_names_its_source",
            ),
        ),
        migrations.RunPython(put, drop),
        migrations.RunPython(post, take_out),
    ]
