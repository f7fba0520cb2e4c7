"""From asking to awarding: amendments, clarifications, links, envelopes, panels, rulings, rankings, approval, standstill."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


guards = import_module("procurement.migrations.0004_guards_again")


def step_aside(apps, schema_editor):
    """SQLite copies a table to alter it: the guards come back with 0010."""
    guards.remove(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('procurement', '0007_formulas'),
        ('toms', '0005_adoption_and_crosswalk'),
    ]

    operations = [
        migrations.RunPython(step_aside),
        migrations.CreateModel(
            name='AwardProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('value', models.DecimalField(decimal_places=2, max_digits=14)),
                ('value_basis', models.CharField(choices=[('excl', 'Excluding VAT'), ('incl', 'Including VAT')], max_length=4)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('status', models.CharField(choices=[('proposed', 'Waiting for approval'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=10)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('remark', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['procurement', 'id'],
            },
        ),
        migrations.CreateModel(
            name='AwardStandstill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notice_on', models.DateField()),
                ('notice_reference', models.CharField(blank=True, max_length=300)),
                ('ends_on', models.DateField()),
                ('basis', models.CharField(max_length=500)),
                ('recorded_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='AwardSummary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('advantages', models.TextField(blank=True)),
                ('redactions', models.JSONField(blank=True, default=list)),
                ('written_at', models.DateTimeField()),
                ('issued_at', models.DateTimeField(blank=True, null=True)),
                ('content', models.JSONField(blank=True, null=True)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['award', 'bid'],
            },
        ),
        migrations.CreateModel(
            name='BidOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_at', models.DateTimeField()),
                ('second_at', models.DateTimeField(blank=True, null=True)),
                ('record', models.JSONField(default=list)),
                ('record_hash', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='BidWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('7_days', '7 days before the deadline'), ('1_day', '24 hours before the deadline'), ('1_hour', '1 hour before the deadline')], max_length=10)),
                ('deadline_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['tender', 'id'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationInterest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('has_interest', models.BooleanField()),
                ('text', models.TextField(blank=True)),
                ('wording', models.TextField()),
                ('declared_at', models.DateTimeField()),
                ('decision', models.CharField(blank=True, choices=[('stays', 'Stays on the panel'), ('recused', 'Recused')], max_length=10)),
                ('decision_reason', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['member', 'id'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationModeration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('is_met', models.BooleanField(blank=True, null=True)),
                ('not_applicable', models.BooleanField(default=False)),
                ('reason', models.TextField()),
                ('set_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['evaluation', 'bid', 'question'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationOtherScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('price_score', models.DecimalField(decimal_places=6, max_digits=9)),
                ('quality_score', models.DecimalField(decimal_places=6, max_digits=9)),
                ('entered_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['evaluation', 'bid'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationPanelMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('evaluator', 'Evaluator'), ('moderator', 'Moderator'), ('observer', 'Observer')], max_length=10)),
                ('added_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('recused_at', models.DateTimeField(blank=True, null=True)),
                ('recusal_reason', models.TextField(blank=True)),
                ('locked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['tender', 'id'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('cause', models.CharField(max_length=500)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['evaluation', 'number'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationRuling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('ruled_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['evaluation', 'id'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('changed_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='OfferLinePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('partner', 'Consortium partner'), ('subcontractor', 'Sub-contractor')], max_length=15)),
                ('name', models.CharField(max_length=200)),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=14)),
            ],
            options={
                'ordering': ['line', 'id'],
            },
        ),
        migrations.CreateModel(
            name='TenderAmendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('reason', models.TextField()),
                ('changes', models.JSONField(default=list)),
                ('deadline_before', models.DateTimeField()),
                ('deadline_after', models.DateTimeField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['tender', 'number'],
            },
        ),
        migrations.CreateModel(
            name='TenderClarification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed_asker', models.TextField()),
                ('asked_text', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('published_text', models.TextField(blank=True)),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['tender', 'id'],
            },
        ),
        migrations.CreateModel(
            name='TenderEmailInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('nonce', models.CharField(max_length=32, unique=True)),
                ('invited_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['tender', 'id'],
            },
        ),
        migrations.AlterModelOptions(
            name='evaluationmark',
            options={'ordering': ['evaluation', 'bid', 'question', 'member']},
        ),
        migrations.AlterModelOptions(
            name='evaluationresult',
            options={'ordering': ['round', 'rank', 'bid']},
        ),
        migrations.RemoveConstraint(
            model_name='bid',
            name='bid_submitted_with_receipt',
        ),
        migrations.RemoveConstraint(
            model_name='bid',
            name='bid_opened_when_dated',
        ),
        migrations.RemoveConstraint(
            model_name='evaluationmark',
            name='evaluation_mark_once',
        ),
        migrations.RemoveConstraint(
            model_name='evaluationmark',
            name='evaluation_mark_0_to_5',
        ),
        migrations.RemoveConstraint(
            model_name='evaluationresult',
            name='evaluation_result_once',
        ),
        migrations.RemoveConstraint(
            model_name='tenderquestion',
            name='tender_question_weight_in_range',
        ),
        migrations.AddField(
            model_name='award',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bid',
            name='envelope',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='bid',
            name='place_mark',
            field=models.CharField(default='', max_length=64),
        ),
        migrations.AddField(
            model_name='contract',
            name='signed_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='price_percent',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='quality_percent',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name='evaluationmark',
            name='is_met',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='evaluationmark',
            name='not_applicable',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='offerline',
            name='attribution_reason',
            field=models.CharField(blank=True, default='', max_length=500),
        ),
        migrations.AddField(
            model_name='procurementlot',
            name='tendered_as',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lot', to='procurement.procurement'),
        ),
        migrations.AddField(
            model_name='tender',
            name='amendments',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='tender',
            name='clarify_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='tender',
            name='is_amending',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='tender',
            name='mark_scale',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='tender',
            name='tie_rule',
            field=models.CharField(choices=[('shared', 'They share the place, and the award decides with a reason'), ('answers', 'The bid with more points for its answers comes first'), ('social_value', 'The bid with more social value in £ comes first'), ('lower_price', 'The bid with the lower price comes first')], default='shared', max_length=20),
        ),
        migrations.AddField(
            model_name='tenderquestion',
            name='is_pass_fail',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='tenderquestion',
            name='minimum_mark',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='tenderrequirement',
            name='maximum_quantity',
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name='tenderrequirement',
            name='place',
            field=models.SlugField(blank=True, default='', max_length=80),
        ),
        migrations.AddField(
            model_name='tenderrequirement',
            name='weight_percent',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AlterField(
            model_name='bid',
            name='status',
            field=models.CharField(choices=[('sealed', 'Sealed'), ('opened', 'Opened')], default='sealed', max_length=10),
        ),
        migrations.AlterField(
            model_name='bid',
            name='supplier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AlterField(
            model_name='contract',
            name='status',
            field=models.CharField(choices=[('awarded', 'To be signed'), ('live', 'Live'), ('ended', 'Ended')], default='awarded', max_length=10),
        ),
        migrations.AlterField(
            model_name='evaluationmark',
            name='mark',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='procurement',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('routed', 'Being prepared'), ('divided', 'Tendered in lots'), ('published', 'Out to tender'), ('evaluating', 'Being evaluated'), ('awarded', 'Awarded'), ('complete', 'Complete'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12),
        ),
        migrations.AlterField(
            model_name='tenderquestion',
            name='weight_percent',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddConstraint(
            model_name='award',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('decided_by')), _negated=True), _connector='OR'), name='award_by_two_people'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'awarded'), _negated=True), ('signed_on__isnull', True), _connector='OR'), name='contract_live_when_signed'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('price_percent__isnull', True), ('quality_percent__isnull', True)), models.Q(('price_percent__gte', 0), ('price_percent__lte', 100), ('quality_percent__gte', 0), ('quality_percent__lte', 100)), _connector='OR'), name='evaluation_other_weights_in_range'),
        ),
        migrations.AddConstraint(
            model_name='tender',
            constraint=models.CheckConstraint(condition=models.Q(('is_amending', False), ('status', 'published'), _connector='OR'), name='tender_amended_while_published'),
        ),
        migrations.AddConstraint(
            model_name='tenderquestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_pass_fail', True), ('weight_percent__isnull', True)), models.Q(('is_pass_fail', False), ('weight_percent__gt', 0), ('weight_percent__lte', 100)), _connector='OR'), name='tender_question_weight_in_range'),
        ),
        migrations.AddConstraint(
            model_name='tenderquestion',
            constraint=models.CheckConstraint(condition=models.Q(('minimum_mark__isnull', True), models.Q(('is_pass_fail', False), ('minimum_mark__gte', 1), ('minimum_mark__lte', 5)), _connector='OR'), name='tender_question_minimum_1_to_5'),
        ),
        migrations.AddConstraint(
            model_name='tenderrequirement',
            constraint=models.CheckConstraint(condition=models.Q(('maximum_quantity__isnull', True), models.Q(('maximum_quantity__gt', 0), models.Q(('minimum_quantity__isnull', True), ('maximum_quantity__gte', models.F('minimum_quantity')), _connector='OR')), _connector='OR'), name='tender_maximum_from_minimum'),
        ),
        migrations.AddConstraint(
            model_name='tenderrequirement',
            constraint=models.CheckConstraint(condition=models.Q(('weight_percent__isnull', True), models.Q(('weight_percent__gt', 0), ('weight_percent__lte', 100)), _connector='OR'), name='tender_requirement_weight_in_range'),
        ),
        migrations.AddField(
            model_name='awardproposal',
            name='bid',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.bid'),
        ),
        migrations.AddField(
            model_name='awardproposal',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='awardproposal',
            name='procurement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.procurement'),
        ),
        migrations.AddField(
            model_name='awardproposal',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='awardstandstill',
            name='award',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='standstill', to='procurement.award'),
        ),
        migrations.AddField(
            model_name='awardstandstill',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='awardsummary',
            name='award',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='summaries', to='procurement.award'),
        ),
        migrations.AddField(
            model_name='awardsummary',
            name='bid',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.bid'),
        ),
        migrations.AddField(
            model_name='awardsummary',
            name='written_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bidopening',
            name='first_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bidopening',
            name='second_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bidopening',
            name='tender',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.tender'),
        ),
        migrations.AddField(
            model_name='bidwarning',
            name='tender',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.tender'),
        ),
        migrations.AddField(
            model_name='evaluationinterest',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evaluationinterest',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='evaluationmoderation',
            name='bid',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.bid'),
        ),
        migrations.AddField(
            model_name='evaluationmoderation',
            name='evaluation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moderations', to='procurement.evaluation'),
        ),
        migrations.AddField(
            model_name='evaluationmoderation',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.tenderquestion'),
        ),
        migrations.AddField(
            model_name='evaluationmoderation',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evaluationotherscore',
            name='bid',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.bid'),
        ),
        migrations.AddField(
            model_name='evaluationotherscore',
            name='entered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evaluationotherscore',
            name='evaluation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='other_scores', to='procurement.evaluation'),
        ),
        migrations.AddField(
            model_name='evaluationpanelmember',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evaluationpanelmember',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evaluationpanelmember',
            name='tender',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.tender'),
        ),
        migrations.AddField(
            model_name='evaluationinterest',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interests', to='procurement.evaluationpanelmember'),
        ),
        migrations.AddField(
            model_name='evaluationmark',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='procurement.evaluationpanelmember'),
        ),
        migrations.AddField(
            model_name='evaluationround',
            name='evaluation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='procurement.evaluation'),
        ),
        migrations.AddField(
            model_name='evaluationround',
            name='made_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='awardproposal',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.evaluationround'),
        ),
        migrations.AddField(
            model_name='evaluationresult',
            name='round',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='results', to='procurement.evaluationround'),
        ),
        migrations.AddField(
            model_name='evaluationruling',
            name='evaluation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rulings', to='procurement.evaluation'),
        ),
        migrations.AddField(
            model_name='evaluationruling',
            name='lifted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evaluationruling',
            name='offer_line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.offerline'),
        ),
        migrations.AddField(
            model_name='evaluationruling',
            name='ruled_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evaluationwording',
            name='authority',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='evaluationwording',
            name='changed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='offerlinepart',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='procurement.offerline'),
        ),
        migrations.AddField(
            model_name='tenderamendment',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tenderamendment',
            name='tender',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.tender'),
        ),
        migrations.AddField(
            model_name='tenderclarification',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tenderclarification',
            name='tender',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.tender'),
        ),
        migrations.AddField(
            model_name='tenderemailinvitation',
            name='invited_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tenderemailinvitation',
            name='revoked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tenderemailinvitation',
            name='supplier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='tenderemailinvitation',
            name='tender',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.tender'),
        ),
        migrations.AddConstraint(
            model_name='awardstandstill',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('notice_on'))), name='standstill_ends_after_notice'),
        ),
        migrations.AddConstraint(
            model_name='awardsummary',
            constraint=models.UniqueConstraint(fields=('award', 'bid'), name='award_summary_once'),
        ),
        migrations.AddConstraint(
            model_name='awardsummary',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', True), ('content_hash', ''), ('issued_at__isnull', True)), models.Q(('content__isnull', False), ('issued_at__isnull', False), models.Q(('content_hash', ''), _negated=True)), _connector='OR'), name='award_summary_issued_whole'),
        ),
        migrations.AddConstraint(
            model_name='bidopening',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('record_hash', ''), ('second_at__isnull', True), ('second_by__isnull', True)), models.Q(('second_at__isnull', False), ('second_by__isnull', False), models.Q(('record_hash', ''), _negated=True)), _connector='OR'), name='bid_opening_by_two'),
        ),
        migrations.AddConstraint(
            model_name='bidopening',
            constraint=models.CheckConstraint(condition=models.Q(('second_by__isnull', True), models.Q(('second_by', models.F('first_by')), _negated=True), _connector='OR'), name='bid_opening_by_two_people'),
        ),
        migrations.AddConstraint(
            model_name='bidwarning',
            constraint=models.UniqueConstraint(fields=('tender', 'kind', 'deadline_at'), name='bid_warning_once'),
        ),
        migrations.AddConstraint(
            model_name='evaluationmoderation',
            constraint=models.UniqueConstraint(fields=('evaluation', 'bid', 'question'), name='evaluation_moderated_once'),
        ),
        migrations.AddConstraint(
            model_name='evaluationmoderation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_met__isnull', True), ('mark__isnull', False), ('mark__lte', 5), ('not_applicable', False)), models.Q(('is_met__isnull', False), ('mark__isnull', True), ('not_applicable', False)), models.Q(('is_met__isnull', True), ('mark__isnull', True), ('not_applicable', True)), _connector='OR'), name='evaluation_moderated_one_verdict'),
        ),
        migrations.AddConstraint(
            model_name='evaluationmoderation',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='evaluation_moderated_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='evaluationotherscore',
            constraint=models.UniqueConstraint(fields=('evaluation', 'bid'), name='evaluation_other_score_once'),
        ),
        migrations.AddConstraint(
            model_name='evaluationotherscore',
            constraint=models.CheckConstraint(condition=models.Q(('price_score__gte', 0), ('price_score__lte', 100), ('quality_score__gte', 0), ('quality_score__lte', 100)), name='evaluation_other_score_in_range'),
        ),
        migrations.AddConstraint(
            model_name='evaluationpanelmember',
            constraint=models.UniqueConstraint(condition=models.Q(('left_at__isnull', True)), fields=('tender', 'person'), name='panel_member_once'),
        ),
        migrations.AddConstraint(
            model_name='evaluationpanelmember',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recusal_reason', ''), ('recused_at__isnull', True)), models.Q(('recused_at__isnull', False), models.Q(('recusal_reason', ''), _negated=True)), _connector='OR'), name='panel_recused_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='evaluationinterest',
            constraint=models.UniqueConstraint(fields=('member', 'supplier'), name='interest_declared_once'),
        ),
        migrations.AddConstraint(
            model_name='evaluationinterest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', ''), ('has_interest', False), ('text', '')), models.Q(('has_interest', True), models.Q(('text', ''), _negated=True)), _connector='OR'), name='interest_in_words'),
        ),
        migrations.AddConstraint(
            model_name='evaluationinterest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decision', '')), models.Q(models.Q(('decision', ''), _negated=True), ('decided_at__isnull', False), models.Q(('decision_reason', ''), _negated=True)), _connector='OR'), name='interest_decided_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='evaluationround',
            constraint=models.UniqueConstraint(fields=('evaluation', 'number'), name='evaluation_round_once'),
        ),
        migrations.AddConstraint(
            model_name='awardproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['proposed', 'approved'])), fields=('procurement',), name='award_proposed_once'),
        ),
        migrations.AddConstraint(
            model_name='awardproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('status', 'proposed')), models.Q(models.Q(('status', 'proposed'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='award_proposal_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='awardproposal',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'withdrawn']), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='award_approved_by_another'),
        ),
        migrations.AddConstraint(
            model_name='awardproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'refused'), _negated=True), models.Q(('remark', ''), _negated=True), _connector='OR'), name='award_refused_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='awardproposal',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='award_proposed_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='evaluationruling',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('offer_line',), name='evaluation_ruled_out_once'),
        ),
        migrations.AddConstraint(
            model_name='evaluationruling',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='evaluation_ruled_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='evaluationruling',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_by__isnull', True), ('lifted_reason', '')), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False), models.Q(('lifted_reason', ''), _negated=True)), _connector='OR'), name='evaluation_lifted_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='evaluationwording',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='interest_wording_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='offerlinepart',
            constraint=models.UniqueConstraint(fields=('line', 'name'), name='offer_part_once'),
        ),
        migrations.AddConstraint(
            model_name='offerlinepart',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='offer_part_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='offerlinepart',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='offer_part_named'),
        ),
        migrations.AddConstraint(
            model_name='tenderamendment',
            constraint=models.UniqueConstraint(fields=('tender', 'number'), name='tender_amendment_once'),
        ),
        migrations.AddConstraint(
            model_name='tenderamendment',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='tender_amendment_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='tenderamendment',
            constraint=models.CheckConstraint(condition=models.Q(('deadline_after__gte', models.F('deadline_before'))), name='tender_deadline_never_earlier'),
        ),
        migrations.AddConstraint(
            model_name='tenderclarification',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('published_text', '')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True), models.Q(('published_text', ''), _negated=True)), _connector='OR'), name='tender_clarification_answered_whole'),
        ),
        migrations.AddConstraint(
            model_name='tenderemailinvitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by__isnull', True)), models.Q(('accepted_at__isnull', True), ('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='tender_link_revoked_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='tenderemailinvitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('supplier__isnull', True)), models.Q(('accepted_at__isnull', False), ('supplier__isnull', False)), _connector='OR'), name='tender_link_used_by_a_supplier'),
        ),
    ]
