"""Plans agreed by both, drafts, shared deliveries, uploads, samples, remedies, changes, reminders."""

from importlib import import_module

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import socialvalue.core.files
from django.conf import settings
from django.db import migrations, models

guards = import_module("procurement.migrations._guards")

# Their tables are written anew on SQLite, which loses the triggers.
AGAIN = [
    ("procurement_commitment", event, "(1 = 1)", "A commitment does not change") for event in ("UPDATE", "DELETE")
] + [
    ("procurement_verification", event, "(1 = 1)", "A verification does not change") for event in ("UPDATE", "DELETE")
]
FOR_EVER = {
    "procurement_contractchange": "A change of a contract does not change",
    "procurement_planrevision": "A version of a plan does not change",
    "procurement_shortfallmessage": "A message does not change",
    "procurement_kpirating": "A rating does not change",
    "procurement_samplingrule": "A sampling rule does not change",
    "procurement_sampleseed": "The seed of a sample does not change",
    "procurement_reminderrule": "A reminder rule does not change",
}
STAYS = {
    "procurement_shortfall": "A shortfall stays on record",
    "procurement_remedydecision": "A remedy stays on record",
    "procurement_changerequest": "A request stays on record",
    "procurement_delegation": "A link stays on record",
    "procurement_confirmation": "A confirmation stays on record",
    "procurement_allocation": "An allocation stays on record",
    "procurement_claimupload": "An upload stays on record",
    "procurement_oversightcost": "A cost stays on record",
    "procurement_reminder": "A reminder stays on record",
}
GUARDS = [
    *AGAIN,
    *((table, event, "(1 = 1)", message) for table, message in FOR_EVER.items() for event in ("UPDATE", "DELETE")),
    *((table, "DELETE", "(1 = 1)", message) for table, message in STAYS.items()),
    ("procurement_confirmation", "UPDATE", "(OLD.answer <> 'waiting')", "An answer does not change"),
    ("procurement_contribution", "UPDATE", "(OLD.claim_id IS NOT NULL)", "What became a claim does not change"),
    ("procurement_contribution", "DELETE", "(OLD.claim_id IS NOT NULL)", "What became a claim does not change"),
    ("procurement_remedydecision", "UPDATE", "(OLD.status <> 'proposed')", "A decided remedy does not change"),
    ("procurement_changerequest", "UPDATE", "(OLD.status <> 'asked')", "A decided request does not change"),
    ("procurement_oversightcost", "UPDATE", "(OLD.removed_at IS NOT NULL)", "A removed cost does not change"),
    (
        "procurement_allocation",
        "UPDATE",
        "(NEW.delivery_id <> OLD.delivery_id OR NEW.claim_id <> OLD.claim_id)",
        "An allocation stays with its delivery and its claim",
    ),
]
# The sum follows the parts in the database itself: its row is locked by the update, and its check holds the limit.
FOLLOW = {"INSERT": "NEW.quantity", "UPDATE": "NEW.quantity - OLD.quantity"}
SUM = "UPDATE procurement_shareddelivery SET allocated = {whole} WHERE id = NEW.delivery_id;"
POSTGRES = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {sum} RETURN NULL; END $$;
CREATE TRIGGER {name} AFTER {event} ON procurement_allocation FOR EACH ROW EXECUTE FUNCTION {name}();
"""
SQLITE = "CREATE TRIGGER {name} AFTER {event} ON procurement_allocation FOR EACH ROW BEGIN {sum} END;"


def lift(apps, schema_editor):
    guards.drop(schema_editor, AGAIN)


def fill(apps, schema_editor):
    """Plans agreed so far were agreed by the authority; nobody had asked the supplier."""
    plans = apps.get_model("procurement", "ActionPlan").objects
    plans.filter(status="agreed").update(authority_agreed_at=models.F("agreed_at"))


def install(apps, schema_editor):
    guards.put(schema_editor, GUARDS)
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for event, more in FOLLOW.items():
        # SQLite keeps a decimal as a number of its own choosing: rounded, a sum of thousandths stays exact.
        whole = f"allocated + {more}" if is_postgres else f"round(allocated + {more}, 3)"
        schema_editor.execute(
            (POSTGRES if is_postgres else SQLITE).format(
                name=f"procurement_allocation_{event.lower()}_sum", event=event, sum=SUM.format(whole=whole)
            )
        )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('procurement', '0010_sealed_whole'),
        ('toms', '0005_adoption_and_crosswalk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(lift),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=14)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['delivery', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('last_read_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ChangeRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('quantity', 'Quantity of a commitment'), ('added', 'A commitment added'), ('extension', 'End of the contract')], max_length=10)),
                ('quantity', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('from_quarter', models.DateField()),
                ('reason', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('asked', 'Waiting for the other party'), ('agreed', 'Agreed'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='asked', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('remark', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ClaimDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quarter', models.DateField()),
                ('quantity', models.CharField(blank=True, max_length=60)),
                ('denominator', models.CharField(blank=True, max_length=60)),
                ('narrative', models.TextField(blank=True)),
                ('postcode_district', models.CharField(blank=True, max_length=20)),
                ('saved_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['contract', 'commitment', 'quarter'],
            },
        ),
        migrations.CreateModel(
            name='ClaimUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('file', models.FileField(upload_to=socialvalue.core.files.upload_path)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('status', models.CharField(choices=[('checking', 'Being checked'), ('faulty', 'Has rows to mend'), ('ready', 'Ready to send'), ('posting', 'Being sent'), ('posted', 'Sent'), ('undoing', 'Being undone'), ('undone', 'Undone'), ('dropped', 'Dropped'), ('failed', 'Stopped')], default='checking', max_length=10)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('faults', models.PositiveIntegerField(default=0)),
                ('answer', models.FileField(blank=True, upload_to=socialvalue.core.files.upload_path)),
                ('preview', models.JSONField(blank=True, null=True)),
                ('problem', models.CharField(blank=True, max_length=500)),
                ('uploaded_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(max_length=200)),
                ('email', models.EmailField(max_length=254)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('claim_version', models.PositiveIntegerField()),
                ('answer', models.CharField(choices=[('waiting', 'Waiting for an answer'), ('confirmed', 'Confirmed'), ('disputed', 'Not as claimed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_as', models.CharField(blank=True, max_length=150)),
                ('words', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['claim', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ContractChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('quantity', 'Quantity of a commitment'), ('added', 'A commitment added'), ('extension', 'End of the contract')], max_length=10)),
                ('quantity_before', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ('quantity_after', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ('value_pence_after', models.BigIntegerField(blank=True, null=True)),
                ('ends_on_before', models.DateField(blank=True, null=True)),
                ('ends_on_after', models.DateField(blank=True, null=True)),
                ('from_quarter', models.DateField()),
                ('reason', models.TextField()),
                ('agreed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['contract', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ContractKpi',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('target', models.CharField(max_length=300)),
                ('set_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'contract KPI',
                'ordering': ['contract', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quarter', models.DateField()),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=14)),
                ('denominator', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ('narrative', models.TextField(blank=True)),
                ('handed_in_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['delegation', 'quarter'],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('site', models.CharField(max_length=150)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['commitment', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField()),
                ('lines', models.PositiveIntegerField()),
                ('claimed_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-week', '-id'],
            },
        ),
        migrations.CreateModel(
            name='KpiRating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year_from', models.DateField()),
                ('year_to', models.DateField()),
                ('rating', models.CharField(choices=[('good', 'Good'), ('approaching_target', 'Approaching target'), ('requires_improvement', 'Requires improvement'), ('inadequate', 'Inadequate'), ('other', 'Other')], max_length=20)),
                ('reason', models.TextField()),
                ('rated_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'KPI rating',
                'ordering': ['kpi', 'year_from', 'id'],
            },
        ),
        migrations.CreateModel(
            name='NilReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quarter', models.DateField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['contract', 'quarter', 'commitment'],
            },
        ),
        migrations.CreateModel(
            name='OversightCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('what', models.CharField(max_length=200)),
                ('hours', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                ('rate_pence', models.BigIntegerField(blank=True, null=True)),
                ('cost_pence', models.BigIntegerField()),
                ('recorded_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-month', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PlanRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('reason', models.CharField(max_length=500)),
                ('quarters', models.JSONField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['plan', 'version'],
            },
        ),
        migrations.CreateModel(
            name='RectificationPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.TextField()),
                ('recover_by', models.DateField()),
                ('proposed_at', models.DateTimeField()),
                ('agreed_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='RectificationStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('what', models.CharField(max_length=500)),
                ('owner', models.CharField(max_length=150)),
                ('due_on', models.DateField()),
                ('done_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['plan', 'number'],
            },
        ),
        migrations.CreateModel(
            name='RemedyDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('substitution', 'Substitution of equal value'), ('service_credit', 'Service credit'), ('community_fund', 'Payment to a community fund'), ('termination', 'Termination')], max_length=14)),
                ('amount_pence', models.BigIntegerField(blank=True, null=True)),
                ('instead_quantity', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ('working', models.JSONField(default=list)),
                ('reason', models.TextField()),
                ('status', models.CharField(choices=[('proposed', 'Waiting for a decision'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=10)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('remark', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['shortfall', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RemedyTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('substitution', models.BooleanField(default=False)),
                ('service_credit', models.BooleanField(default=False)),
                ('service_credit_percent', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ('service_credit_cap_percent', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ('community_fund', models.BooleanField(default=False)),
                ('fund_name', models.CharField(blank=True, max_length=200)),
                ('termination', models.BooleanField(default=False)),
                ('clause', models.CharField(blank=True, max_length=500)),
                ('set_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name_plural': 'remedy terms',
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(choices=[('claim_due', 'A delivery falls due'), ('claim_late', 'A delivery is late'), ('claim_returned', 'A claim was returned'), ('to_verify', 'Claims wait for a decision'), ('step_due', 'A step of a rectification plan falls due'), ('change_waits', 'A change waits for an answer'), ('kpi_due', 'A yearly KPI rating falls due')], max_length=20)),
                ('subject', models.CharField(max_length=80)),
                ('due_on', models.DateField()),
                ('days', models.SmallIntegerField()),
                ('sentence', models.CharField(max_length=300)),
                ('claimed_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ReminderRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_date', models.DateField()),
                ('first_before', models.PositiveSmallIntegerField()),
                ('second_before', models.PositiveSmallIntegerField()),
                ('first_after', models.PositiveSmallIntegerField()),
                ('second_after', models.PositiveSmallIntegerField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['authority', 'from_date'],
            },
        ),
        migrations.CreateModel(
            name='SampleSeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quarter', models.DateField()),
                ('seed', models.CharField(max_length=64)),
                ('drawn_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['authority', 'quarter'],
            },
        ),
        migrations.CreateModel(
            name='SamplingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_date', models.DateField()),
                ('always_above_pence', models.BigIntegerField()),
                ('share_percent', models.DecimalField(decimal_places=2, max_digits=5)),
                ('reason', models.CharField(max_length=500)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['authority', 'from_date'],
            },
        ),
        migrations.CreateModel(
            name='SharedDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('unit', models.CharField(max_length=60)),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=14)),
                ('allocated', models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ('delivered_on', models.DateField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'shared deliveries',
                'ordering': ['-delivered_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Shortfall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_at', models.DateField()),
                ('planned', models.DecimalField(decimal_places=3, max_digits=14)),
                ('verified', models.DecimalField(decimal_places=3, max_digits=14)),
                ('gap', models.DecimalField(decimal_places=3, max_digits=14)),
                ('gap_pence', models.BigIntegerField()),
                ('status', models.CharField(choices=[('open', 'In conversation'), ('rectifying', 'Being put right'), ('remedied', 'Remedy decided'), ('closed', 'Closed')], default='open', max_length=10)),
                ('raised_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ShortfallMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('written_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['shortfall', 'id'],
            },
        ),
        migrations.AddField(
            model_name='actionplan',
            name='authority_agreed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='actionplan',
            name='supplier_agreed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='actionplan',
            name='supplier_agreed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claim',
            name='postcode_district',
            field=models.CharField(blank=True, max_length=4),
        ),
        migrations.AddField(
            model_name='evidence',
            name='commitment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.commitment'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='had_location',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='evidence',
            name='has_consent',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='evidence',
            name='quarter',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='evidence',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='evidence',
            name='retain_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='evidence',
            name='scan',
            field=models.CharField(choices=[('not_scanned', 'Not scanned for viruses'), ('clean', 'Scanned, nothing found')], default='not_scanned', max_length=12),
        ),
        migrations.AddField(
            model_name='evidence',
            name='scanned_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='evidence',
            name='scanned_by',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='milestone',
            name='authority_owner',
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name='verification',
            name='sampled',
            field=models.CharField(blank=True, choices=[('', 'Not recorded'), ('above', 'Checked in full: above the value at which every claim is'), ('drawn', 'Checked in full: drawn in the sample'), ('not_drawn', 'Not drawn: accepted on the claim and its evidence')], default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='claim',
            name='narrative',
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name='commitment',
            name='offer_line',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.offerline'),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='uploaded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(fill),
        migrations.AddConstraint(
            model_name='actionplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_by__isnull', True), ('authority_agreed_at__isnull', True)), models.Q(('agreed_by__isnull', False), ('authority_agreed_at__isnull', False)), _connector='OR'), name='plan_agreed_by_authority'),
        ),
        migrations.AddConstraint(
            model_name='actionplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('supplier_agreed_at__isnull', True), ('supplier_agreed_by__isnull', True)), models.Q(('supplier_agreed_at__isnull', False), ('supplier_agreed_by__isnull', False)), _connector='OR'), name='plan_agreed_by_supplier'),
        ),
        migrations.AddConstraint(
            model_name='actionplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'agreed'), _negated=True), ('authority_agreed_at__isnull', False), _connector='OR'), name='plan_agreed_with_authority'),
        ),
        migrations.AddField(
            model_name='allocation',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='procurement.claim'),
        ),
        migrations.AddField(
            model_name='allocation',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='calendarfeed',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='calendarfeed',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='changerequest',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='changerequest',
            name='asking',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='changerequest',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='changerequest',
            name='commitment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.commitment'),
        ),
        migrations.AddField(
            model_name='changerequest',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.contract'),
        ),
        migrations.AddField(
            model_name='changerequest',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='changerequest',
            name='deciding',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='changerequest',
            name='measure',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='toms.measure'),
        ),
        migrations.AddField(
            model_name='changerequest',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='claimdraft',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.commitment'),
        ),
        migrations.AddField(
            model_name='claimdraft',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.contract'),
        ),
        migrations.AddField(
            model_name='claimdraft',
            name='saved_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claimdraft',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='claimupload',
            name='contract',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.contract'),
        ),
        migrations.AddField(
            model_name='claimupload',
            name='sent_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claimupload',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='claimupload',
            name='undone_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claimupload',
            name='uploaded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claim',
            name='upload',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='procurement.claimupload'),
        ),
        migrations.AddField(
            model_name='confirmation',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='confirmation',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='procurement.claim'),
        ),
        migrations.AddField(
            model_name='contractchange',
            name='agreed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contractchange',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contractchange',
            name='commitment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='procurement.commitment'),
        ),
        migrations.AddField(
            model_name='contractchange',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='procurement.contract'),
        ),
        migrations.AddField(
            model_name='changerequest',
            name='change',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.contractchange'),
        ),
        migrations.AddField(
            model_name='contractkpi',
            name='commitment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.commitment'),
        ),
        migrations.AddField(
            model_name='contractkpi',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.contract'),
        ),
        migrations.AddField(
            model_name='contractkpi',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contribution',
            name='claim',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.claim'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.commitment'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.contract'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegation',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegation',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='delegation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='procurement.delegation'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='delegation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='procurement.delegation'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('delegation__isnull', True), ('uploaded_by__isnull', False)), models.Q(('delegation__isnull', False), ('uploaded_by__isnull', True)), _connector='OR'), name='evidence_from_somebody'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scan', 'not_scanned'), ('scanned_at__isnull', True)), models.Q(('scan', 'clean'), ('scanned_at__isnull', False)), _connector='OR'), name='evidence_scanned_when_dated'),
        ),
        migrations.AddField(
            model_name='digest',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='digest',
            name='recipient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='kpirating',
            name='kpi',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='procurement.contractkpi'),
        ),
        migrations.AddField(
            model_name='kpirating',
            name='rated_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='nilreturn',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='nilreturn',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.commitment'),
        ),
        migrations.AddField(
            model_name='nilreturn',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.contract'),
        ),
        migrations.AddField(
            model_name='nilreturn',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='nilreturn',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='oversightcost',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='oversightcost',
            name='contract',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.contract'),
        ),
        migrations.AddField(
            model_name='oversightcost',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='oversightcost',
            name='removed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='planrevision',
            name='made_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='planrevision',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='procurement.actionplan'),
        ),
        migrations.AddField(
            model_name='rectificationplan',
            name='agreed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rectificationplan',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rectificationstep',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='procurement.rectificationplan'),
        ),
        migrations.AddField(
            model_name='remedydecision',
            name='change',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.contractchange'),
        ),
        migrations.AddField(
            model_name='remedydecision',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='remedydecision',
            name='instead_commitment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.commitment'),
        ),
        migrations.AddField(
            model_name='remedydecision',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='remedyterms',
            name='contract',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.contract'),
        ),
        migrations.AddField(
            model_name='remedyterms',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reminder',
            name='contract',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.contract'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='recipient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reminderrule',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='reminderrule',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sampleseed',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='samplingrule',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='samplingrule',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='shareddelivery',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='shareddelivery',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='allocation',
            name='delivery',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='procurement.shareddelivery'),
        ),
        migrations.AddField(
            model_name='shortfall',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='shortfall',
            name='closed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='shortfall',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.commitment'),
        ),
        migrations.AddField(
            model_name='shortfall',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.contract'),
        ),
        migrations.AddField(
            model_name='shortfall',
            name='raised_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='shortfall',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='remedydecision',
            name='shortfall',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='procurement.shortfall'),
        ),
        migrations.AddField(
            model_name='rectificationplan',
            name='shortfall',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rectification', to='procurement.shortfall'),
        ),
        migrations.AddField(
            model_name='shortfallmessage',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='shortfallmessage',
            name='shortfall',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='procurement.shortfall'),
        ),
        migrations.AddField(
            model_name='shortfallmessage',
            name='written_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='calendarfeed',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('user', 'organisation'), name='calendar_feed_once'),
        ),
        migrations.AddConstraint(
            model_name='claimdraft',
            constraint=models.UniqueConstraint(fields=('commitment', 'quarter'), name='claim_draft_once'),
        ),
        migrations.AddConstraint(
            model_name='claimdraft',
            constraint=models.CheckConstraint(condition=models.Q(('quarter__day', 1), ('quarter__month__in', [1, 4, 7, 10])), name='claim_draft_on_quarter'),
        ),
        migrations.AddIndex(
            model_name='claimupload',
            index=models.Index(fields=['supplier', '-id'], name='upload_supplier'),
        ),
        migrations.AddConstraint(
            model_name='claimupload',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['posting', 'posted'])), fields=('supplier', 'sha256'), name='upload_posted_once'),
        ),
        migrations.AddConstraint(
            model_name='claimupload',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['posting', 'posted', 'undoing', 'undone']), _negated=True), models.Q(('sent_at__isnull', False), ('sent_by__isnull', False)), _connector='OR'), name='upload_sent_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='confirmation',
            constraint=models.UniqueConstraint(condition=models.Q(('answer', 'waiting')), fields=('claim', 'email'), name='confirmation_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='confirmation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'waiting'), ('answered_at__isnull', True)), models.Q(models.Q(('answer', 'waiting'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='confirmation_answered_when_dated'),
        ),
        migrations.AddConstraint(
            model_name='confirmation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'disputed'), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='confirmation_disputed_with_words'),
        ),
        migrations.AddIndex(
            model_name='contractchange',
            index=models.Index(fields=['commitment', '-id'], name='change_of_commitment'),
        ),
        migrations.AddConstraint(
            model_name='contractchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('commitment__isnull', False), ('ends_on_after__isnull', True), ('kind__in', ['quantity', 'added']), ('quantity_after__isnull', False), ('value_pence_after__isnull', False)), models.Q(('commitment__isnull', True), ('ends_on_after__isnull', False), ('ends_on_before__isnull', False), ('kind', 'extension'), ('quantity_after__isnull', True)), _connector='OR'), name='change_says_what'),
        ),
        migrations.AddConstraint(
            model_name='contractchange',
            constraint=models.CheckConstraint(condition=models.Q(('quantity_after__isnull', True), ('quantity_after__gte', 0), _connector='OR'), name='change_quantity_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='contractchange',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='change_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='contractchange',
            constraint=models.CheckConstraint(condition=models.Q(('asked_by', models.F('agreed_by')), _negated=True), name='change_agreed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='contractchange',
            constraint=models.CheckConstraint(condition=models.Q(('from_quarter__day', 1), ('from_quarter__month__in', [1, 4, 7, 10])), name='change_from_quarter'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('commitment__isnull', False), ('kind', 'quantity'), ('quantity__isnull', False)), models.Q(('kind', 'added'), ('measure__isnull', False), ('quantity__gt', 0)), models.Q(('ends_on__isnull', False), ('kind', 'extension')), _connector='OR'), name='change_request_says_what'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('status', 'asked')), models.Q(models.Q(('status', 'asked'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='change_request_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['agreed', 'refused']), _negated=True), models.Q(('deciding__isnull', False), models.Q(('deciding', models.F('asking')), _negated=True)), _connector='OR'), name='change_request_decided_by_other_party'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('change__isnull', False), ('status', 'agreed')), models.Q(models.Q(('status', 'agreed'), _negated=True), ('change__isnull', True)), _connector='OR'), name='change_request_agreed_makes_change'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='change_request_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='changerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'refused'), _negated=True), models.Q(('remark', ''), _negated=True), _connector='OR'), name='change_request_refused_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='contractkpi',
            constraint=models.UniqueConstraint(fields=('contract', 'name'), name='contract_kpi_once'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('commitment', 'email'), name='delegation_once'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='delegation_ended_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.UniqueConstraint(condition=models.Q(('claim__isnull', True)), fields=('delegation', 'quarter'), name='contribution_once'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='contribution_quantity_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=models.Q(('quarter__day', 1), ('quarter__month__in', [1, 4, 7, 10])), name='contribution_on_quarter'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.UniqueConstraint(fields=('recipient', 'organisation', 'week'), name='digest_once'),
        ),
        migrations.AddConstraint(
            model_name='kpirating',
            constraint=models.CheckConstraint(condition=models.Q(('year_to__gte', models.F('year_from'))), name='kpi_year_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='kpirating',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='kpi_rated_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='nilreturn',
            constraint=models.UniqueConstraint(fields=('commitment', 'quarter'), name='nil_return_once'),
        ),
        migrations.AddConstraint(
            model_name='nilreturn',
            constraint=models.CheckConstraint(condition=models.Q(('quarter__day', 1), ('quarter__month__in', [1, 4, 7, 10])), name='nil_return_on_quarter'),
        ),
        migrations.AddIndex(
            model_name='oversightcost',
            index=models.Index(fields=['authority', 'month'], name='oversight_authority'),
        ),
        migrations.AddConstraint(
            model_name='oversightcost',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='oversight_on_month'),
        ),
        migrations.AddConstraint(
            model_name='oversightcost',
            constraint=models.CheckConstraint(condition=models.Q(('cost_pence__gte', 0)), name='oversight_cost_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='oversightcost',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hours__isnull', True), ('rate_pence__isnull', True)), models.Q(('hours__gt', 0), ('rate_pence__gte', 0)), _connector='OR'), name='oversight_hours_with_rate'),
        ),
        migrations.AddConstraint(
            model_name='oversightcost',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('removed_at__isnull', True), ('removed_by__isnull', True)), models.Q(('removed_at__isnull', False), ('removed_by__isnull', False)), _connector='OR'), name='oversight_removed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='planrevision',
            constraint=models.UniqueConstraint(fields=('plan', 'version'), name='plan_revision_once'),
        ),
        migrations.AddConstraint(
            model_name='rectificationstep',
            constraint=models.UniqueConstraint(fields=('plan', 'number'), name='rectification_step_once'),
        ),
        migrations.AddConstraint(
            model_name='remedyterms',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('service_credit', False), ('service_credit_percent__isnull', True)), models.Q(('service_credit', True), ('service_credit_percent__gt', 0), ('service_credit_percent__lte', 100)), _connector='OR'), name='remedy_service_credit_has_percent'),
        ),
        migrations.AddConstraint(
            model_name='remedyterms',
            constraint=models.CheckConstraint(condition=models.Q(('community_fund', False), models.Q(('fund_name', ''), _negated=True), _connector='OR'), name='remedy_community_fund_named'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(fields=['contract', '-id'], name='reminder_contract'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('recipient', 'organisation', 'event', 'subject', 'due_on', 'days'), name='reminder_once'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.UniqueConstraint(fields=('authority', 'from_date'), name='reminder_rule_once'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('first_before__gt', models.F('second_before'))), name='reminder_before_in_order'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('first_after__gt', 0), ('second_after__gt', models.F('first_after'))), name='reminder_after_in_order'),
        ),
        migrations.AddConstraint(
            model_name='sampleseed',
            constraint=models.UniqueConstraint(fields=('authority', 'quarter'), name='sample_seed_once'),
        ),
        migrations.AddConstraint(
            model_name='samplingrule',
            constraint=models.UniqueConstraint(fields=('authority', 'from_date'), name='sampling_rule_once'),
        ),
        migrations.AddConstraint(
            model_name='samplingrule',
            constraint=models.CheckConstraint(condition=models.Q(('always_above_pence__gte', 0)), name='sampling_above_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='samplingrule',
            constraint=models.CheckConstraint(condition=models.Q(('share_percent__gte', 0), ('share_percent__lte', 100)), name='sampling_share_in_range'),
        ),
        migrations.AddConstraint(
            model_name='shareddelivery',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='shared_delivery_quantity_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='shareddelivery',
            constraint=models.CheckConstraint(condition=models.Q(('allocated__gte', 0), ('allocated__lte', models.F('quantity'))), name='shared_delivery_allocated_at_most_whole'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.UniqueConstraint(fields=('delivery', 'claim'), name='allocation_once'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='allocation_quantity_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='shortfall',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['open', 'rectifying'])), fields=('commitment',), name='shortfall_open_once'),
        ),
        migrations.AddConstraint(
            model_name='shortfall',
            constraint=models.CheckConstraint(condition=models.Q(('gap__gt', 0)), name='shortfall_gap_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='shortfall',
            constraint=models.CheckConstraint(condition=models.Q(('gap', django.db.models.functions.math.Round(django.db.models.expressions.CombinedExpression(models.F('planned'), '-', models.F('verified')), 3))), name='shortfall_gap_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='shortfall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('status__in', ['open', 'rectifying'])), models.Q(('closed_at__isnull', False), ('status__in', ['remedied', 'closed']), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='shortfall_closed_with_outcome'),
        ),
        migrations.AddConstraint(
            model_name='remedydecision',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['proposed', 'approved'])), fields=('shortfall',), name='remedy_standing_once'),
        ),
        migrations.AddConstraint(
            model_name='remedydecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('status', 'proposed')), models.Q(models.Q(('status', 'proposed'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='remedy_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='remedydecision',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'withdrawn']), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='remedy_decided_by_another'),
        ),
        migrations.AddConstraint(
            model_name='remedydecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_pence__isnull', False), ('kind__in', ['service_credit', 'community_fund'])), models.Q(('amount_pence__isnull', True), ('kind__in', ['substitution', 'termination'])), _connector='OR'), name='remedy_amount_where_paid'),
        ),
        migrations.AddConstraint(
            model_name='remedydecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('instead_commitment__isnull', False), ('instead_quantity__gt', 0), ('kind', 'substitution')), models.Q(models.Q(('kind', 'substitution'), _negated=True), ('instead_commitment__isnull', True), ('instead_quantity__isnull', True)), _connector='OR'), name='remedy_substitution_says_what'),
        ),
        migrations.AddConstraint(
            model_name='remedydecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'refused'), _negated=True), models.Q(('remark', ''), _negated=True), _connector='OR'), name='remedy_refused_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='rectificationplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_at__isnull', True), ('agreed_by__isnull', True)), models.Q(('agreed_at__isnull', False), ('agreed_by__isnull', False), models.Q(('agreed_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='rectification_agreed_by_another'),
        ),
        migrations.RunPython(install),
    ]
