"""What was only a bridge goes, and the guards come back with those of the new tables."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models


old = import_module("procurement.migrations.0004_guards_again")
first = import_module("procurement.migrations.0002_what_never_changes")
guards = import_module("procurement.migrations._guards")

STATUS = "EXISTS (SELECT 1 FROM procurement_tender WHERE id = {row}.tender_id AND status <> 'draft'{more})"
AMENDED = STATUS.replace("{more}", " AND is_amending")
FIXED = STATUS.replace("{more}", " AND NOT is_amending")
ASKED = first.ASKED
LOCKED = (
    "EXISTS (SELECT 1 FROM procurement_evaluationpanelmember WHERE id = {row}.member_id AND locked_at IS NOT NULL)"
)
TENDER_COLUMNS = tuple(
    column
    for column in (*old.TENDER_COLUMNS, "sector", "target_value", "tie_rule", "mark_scale", "clarify_until")
    if column != "deadline_at"
)


def within_an_amendment(columns):
    """An update of a row of a published tender, unless in an amendment and of other columns than these."""
    fixed, amended = FIXED.replace("{row}", "OLD"), AMENDED.replace("{row}", "OLD")
    return f"({fixed} OR {amended} AND ({old.changed(columns)}))"


AMENDMENT_MADE = (
    "NEW.amendments = OLD.amendments + 1 AND EXISTS (SELECT 1 FROM procurement_tenderamendment"
    " WHERE tender_id = NEW.id AND number = NEW.amendments)"
)
TENDER = (
    "(OLD.status <> 'draft' AND (NEW.status = 'draft'"
    f" OR {old.changed(TENDER_COLUMNS)}"
    " OR (NEW.deadline_at <> OLD.deadline_at OR NEW.deadline_at IS NULL)"
    " AND NOT (OLD.is_amending AND NOT NEW.is_amending AND NEW.deadline_at > OLD.deadline_at)"
    f" OR OLD.is_amending AND NOT NEW.is_amending AND NOT ({AMENDMENT_MADE})"
    " OR NEW.amendments <> OLD.amendments AND NOT (OLD.is_amending AND NOT NEW.is_amending)"
    " OR NEW.status <> OLD.status AND (OLD.is_amending OR NEW.is_amending)))"
)
FOR_EVER = {
    "procurement_tenderamendment": "An amendment does not change",
    "procurement_offerlinepart": "A submitted bid does not change",
    "procurement_evaluationround": "A ranking does not change",
    "procurement_evaluationresult": "A ranking does not change",
}
REPLACED = {
    ("procurement_tender", "UPDATE"),
    ("procurement_tenderrequirement", "UPDATE"),
    ("procurement_tenderquestion", "UPDATE"),
    ("procurement_tenderinvitation", "INSERT"),
    ("procurement_bid", "UPDATE"),
    ("procurement_bid", "DELETE"),
}
GUARDS = [
    *(guard for guard in [*old.KEPT, *old.NEW] if guard[:2] not in REPLACED),
    *((table, event, "(1 = 1)", message) for table, message in FOR_EVER.items() for event in ("UPDATE", "DELETE")),
    ("procurement_tender", "UPDATE", TENDER, ASKED),
    (
        "procurement_tenderrequirement",
        "UPDATE",
        within_an_amendment(("tender_id", "measure_id", "position", "weight_percent", "maximum_quantity", "place")),
        ASKED,
    ),
    (
        "procurement_tenderquestion",
        "UPDATE",
        within_an_amendment(("tender_id", "position", "weight_percent", "minimum_mark", "is_pass_fail")),
        ASKED,
    ),
    (
        "procurement_tenderinvitation",
        "INSERT",
        "(EXISTS (SELECT 1 FROM procurement_tender WHERE id = NEW.tender_id AND status NOT IN ('draft', 'published')))",
        ASKED,
    ),
    ("procurement_tenderclarification", "UPDATE", "(OLD.answered_at IS NOT NULL)", "An answered question does not change"),
    ("procurement_tenderclarification", "DELETE", "(1 = 1)", "A question that was asked does not change"),
    (
        "procurement_tenderemailinvitation",
        "UPDATE",
        "(OLD.accepted_at IS NOT NULL OR OLD.revoked_at IS NOT NULL)",
        "A used or revoked link does not change",
    ),
    ("procurement_tenderemailinvitation", "DELETE", "(1 = 1)", "A link that was sent does not change"),
    (
        "procurement_bid",
        "UPDATE",
        "(OLD.status = 'opened' OR EXISTS (SELECT 1 FROM procurement_tender WHERE id = OLD.tender_id"
        " AND status IN ('opened', 'awarded')))",
        "A submitted bid does not change",
    ),
    ("procurement_bid", "DELETE", "(1 = 1)", "A submitted bid does not change"),
    ("procurement_bidopening", "UPDATE", "(OLD.second_at IS NOT NULL)", "The record of an opening does not change"),
    ("procurement_bidopening", "DELETE", "(1 = 1)", "The record of an opening does not change"),
    (
        "procurement_evaluationpanelmember",
        "UPDATE",
        "(OLD.locked_at IS NOT NULL AND (NEW.locked_at IS NULL OR NEW.locked_at <> OLD.locked_at))",
        "A locked mark does not change",
    ),
    ("procurement_evaluationpanelmember", "DELETE", "(1 = 1)", "A panel member stays on record and does not change"),
    ("procurement_evaluationinterest", "UPDATE", "(OLD.decided_at IS NOT NULL)", "A decided interest does not change"),
    ("procurement_evaluationinterest", "DELETE", "(1 = 1)", "A declared interest does not change"),
    *(
        ("procurement_evaluationmark", event, "(" + " OR ".join(LOCKED.replace("{row}", row) for row in rows) + ")",
         "A locked mark does not change")
        for event, rows in first.ROWS.items()
    ),
    ("procurement_evaluationruling", "UPDATE", "(OLD.lifted_at IS NOT NULL)", "A lifted ruling does not change"),
    ("procurement_evaluationruling", "DELETE", "(1 = 1)", "A ruling does not change"),
    ("procurement_awardproposal", "UPDATE", "(OLD.status <> 'proposed')", "A decided proposal does not change"),
    ("procurement_awardproposal", "DELETE", "(1 = 1)", "A proposal does not change"),
    ("procurement_awardsummary", "UPDATE", "(OLD.issued_at IS NOT NULL)", "An issued summary does not change"),
    ("procurement_awardsummary", "DELETE", "(OLD.issued_at IS NOT NULL)", "An issued summary does not change"),
]


def install(apps, schema_editor):
    guards.put(schema_editor, GUARDS)


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0009_into_envelopes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='bid',
            name='place_mark',
            field=models.CharField(max_length=64),
        ),
        migrations.AlterField(
            model_name='bid',
            name='envelope',
            field=models.TextField(),
        ),
        migrations.AlterField(
            model_name='evaluationmark',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='procurement.evaluationpanelmember'),
        ),
        migrations.AlterField(
            model_name='evaluationresult',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='procurement.evaluationround'),
        ),
        migrations.RemoveField(
            model_name='bid',
            name='draft_content',
        ),
        migrations.RemoveField(
            model_name='bid',
            name='sealed_content',
        ),
        migrations.RemoveField(
            model_name='bid',
            name='version',
        ),
        migrations.RemoveField(
            model_name='evaluationmark',
            name='marked_by',
        ),
        migrations.AddConstraint(
            model_name='bid',
            constraint=models.UniqueConstraint(fields=('tender', 'place_mark'), name='bid_place_once'),
        ),
        migrations.AddConstraint(
            model_name='bid',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content_hash', ''), ('opened_at__isnull', True), ('price__isnull', True), ('receipt', ''), ('status', 'sealed'), ('submitted_at__isnull', True), ('submitted_by__isnull', True), ('supplier__isnull', True)), models.Q(('opened_at__isnull', False), ('status', 'opened'), ('submitted_at__isnull', False), ('supplier__isnull', False), models.Q(('receipt', ''), _negated=True), models.Q(('content_hash', ''), _negated=True)), _connector='OR'), name='bid_says_nothing_until_opened'),
        ),
        migrations.AddConstraint(
            model_name='evaluationmark',
            constraint=models.UniqueConstraint(fields=('member', 'bid', 'question'), name='evaluation_mark_once'),
        ),
        migrations.AddConstraint(
            model_name='evaluationmark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_met__isnull', True), ('mark__isnull', False), ('mark__lte', 5), ('not_applicable', False)), models.Q(('is_met__isnull', False), ('mark__isnull', True), ('not_applicable', False)), models.Q(('is_met__isnull', True), ('mark__isnull', True), ('not_applicable', True)), _connector='OR'), name='evaluation_mark_one_verdict'),
        ),
        migrations.AddConstraint(
            model_name='evaluationresult',
            constraint=models.UniqueConstraint(fields=('round', 'bid'), name='evaluation_result_once'),
        ),
        migrations.RunPython(install),
    ]
