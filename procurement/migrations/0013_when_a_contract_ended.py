"""The last day a contract ran, read from the record for those that are closed; a key for a cost that is sent twice."""

from zoneinfo import ZoneInfo

from django.db import migrations, models
from django.db.models import F, Q

LONDON = ZoneInfo("Europe/London")


def read_from_record(apps, schema_editor):
    closed = {}
    records = apps.get_model("audit", "AuditRecord").objects.filter(
        deed="contract_ended", target_type="contract"
    )
    for contract_id, at in records.order_by("id").values_list("target_id", "at"):
        closed[contract_id] = at.astimezone(LONDON).date()
    contracts = apps.get_model("procurement", "Contract").objects.filter(status="ended")
    for row in contracts.iterator():
        # Closed before its end: it was terminated. Afterwards: it ran to its end.
        day = min(closed.get(row.pk, row.ends_on), row.ends_on)
        contracts.filter(pk=row.pk).update(ended_on=day)


def nothing(apps, schema_editor):
    """The column goes with what stands in it."""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("procurement", "0012_reminders_of_more"),
    ]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="ended_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.RunPython(read_from_record, nothing),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(status="ended", ended_on__lte=F("ends_on")),
                name="contract_ended_by_its_end",
            ),
        ),
        # Empty where it was not given and unique by an index, so that SQLite does not write the table anew, without
        # its trigger.
        migrations.AddField(
            model_name="oversightcost",
            name="submission_key",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="oversightcost",
            constraint=models.UniqueConstraint(
                condition=Q(submission_key__isnull=False),
                fields=("submission_key",),
                name="oversight_recorded_once",
            ),
        ),
    ]
