"""Kinds of report, their templates, sign-off, background work and kept files. The guards of frozen reports are taken down
for the change of tables (SQLite makes a table anew) and stand again in 0009."""

from importlib import import_module

import django.db.models.deletion
import socialvalue.core.files
from django.conf import settings
from django.db import migrations, models


before = import_module("reporting.migrations.0002_frozen_reports")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_what_the_region_sees'),
        ('reporting', '0006_region_targets'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(before.remove, before.install),
        migrations.CreateModel(
            name='SectionDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('narrative', models.TextField(blank=True)),
                ('based_on', models.PositiveIntegerField()),
                ('kept_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SignOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('finance', 'Finance'), ('legal', 'Legal'), ('director', 'Director')], max_length=10)),
                ('answer', models.CharField(choices=[('agreed', 'Agreed'), ('returned', 'Returned')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('words_hash', models.CharField(max_length=64)),
                ('signed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['report', 'id'],
            },
        ),
        migrations.AddField(
            model_name='cabinetreport',
            name='committee',
            field=models.CharField(default='Cabinet', max_length=80),
        ),
        migrations.AddField(
            model_name='cabinetreport',
            name='directorate',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='cabinetreport',
            name='issue',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='cabinetreport',
            name='kind',
            field=models.CharField(choices=[('cabinet', 'Cabinet report'), ('annual', 'Annual social value report'), ('directorate', 'Quarterly directorate pack'), ('region', 'Regional board report'), ('summary', 'One-page summary'), ('statement', 'Social value statement')], default='cabinet', max_length=12),
        ),
        migrations.AddField(
            model_name='cabinetreport',
            name='needs_sign_off',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='cabinetreport',
            name='quarter',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='cabinetreport',
            name='region',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.region'),
        ),
        migrations.AddField(
            model_name='cabinetreport',
            name='replaces',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='reporting.cabinetreport'),
        ),
        migrations.AddField(
            model_name='cabinetreport',
            name='sign_off_steps',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='cabinetsection',
            name='heading',
            field=models.CharField(default='', max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='cabinetsection',
            name='is_numbered',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='cabinetsection',
            name='kind',
            field=models.CharField(max_length=40),
        ),
        migrations.CreateModel(
            name='ReportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('pdf', 'PDF'), ('html', 'HTML'), ('xlsx', 'Excel annex'), ('csv', 'Figures (CSV)'), ('json', 'Everything (JSON)'), ('zip', 'All of it')], max_length=5)),
                ('counts_only', models.BooleanField(default=False)),
                ('content_hash', models.CharField(max_length=64)),
                ('renderer', models.CharField(max_length=40)),
                ('file', models.FileField(upload_to=socialvalue.core.files.report_path)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('pages', models.PositiveIntegerField(blank=True, null=True)),
                ('made_at', models.DateTimeField()),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reporting.cabinetreport')),
            ],
        ),
        migrations.CreateModel(
            name='ReportJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('freeze', 'Freezing'), ('files', 'Making the files')], max_length=10)),
                ('counts_only', models.BooleanField(default=False)),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=10)),
                ('problem', models.CharField(blank=True, max_length=1000)),
                ('asked_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='reporting.cabinetreport')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ReportTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('cabinet', 'Cabinet report'), ('annual', 'Annual social value report'), ('directorate', 'Quarterly directorate pack'), ('region', 'Regional board report'), ('summary', 'One-page summary'), ('statement', 'Social value statement')], max_length=12)),
                ('name', models.CharField(max_length=120)),
                ('committee', models.CharField(max_length=80)),
                ('sections', models.JSONField(default=list)),
                ('contact_roles', models.JSONField(default=list)),
                ('sign_off_steps', models.JSONField(default=list)),
                ('needs_sign_off', models.BooleanField(default=False)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='cabinetreport',
            name='template',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reporting.reporttemplate'),
        ),
        migrations.AddConstraint(
            model_name='cabinetreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('issue', 1), ('replaces__isnull', True)), models.Q(('issue__gt', 1), ('replaces__isnull', False)), _connector='OR'), name='cabinet_report_issue_replaces'),
        ),
        migrations.AddConstraint(
            model_name='cabinetreport',
            constraint=models.CheckConstraint(condition=models.Q(('quarter__isnull', True), models.Q(('quarter__gte', 1), ('quarter__lte', 4)), _connector='OR'), name='cabinet_report_quarter'),
        ),
        migrations.AddField(
            model_name='sectiondraft',
            name='section',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='reporting.cabinetsection'),
        ),
        migrations.AddField(
            model_name='sectiondraft',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signoff',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_offs', to='reporting.cabinetreport'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='signed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='reportfile',
            constraint=models.UniqueConstraint(fields=('report', 'kind', 'counts_only'), name='report_file_once'),
        ),
        migrations.AddConstraint(
            model_name='reportjob',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['waiting', 'running'])), fields=('report', 'kind', 'counts_only'), name='report_job_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='reporttemplate',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at__isnull', True)), fields=('authority', 'name'), name='report_template_name'),
        ),
        migrations.AddConstraint(
            model_name='sectiondraft',
            constraint=models.UniqueConstraint(fields=('section', 'user'), name='section_draft_once'),
        ),
    ]
