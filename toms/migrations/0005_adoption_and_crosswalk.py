"""Adoption, crosswalk, links to priorities; sectors of values and what a method takes off."""

import django.db.models.deletion
from decimal import Decimal
from importlib import import_module
from django.conf import settings
from django.db import migrations, models


guards = import_module("toms.migrations.0004_withdrawn_editions_may_go")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('toms', '0004_withdrawn_editions_may_go'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # SQLite copies a table to alter it: the guards step aside and come back at the end.
        migrations.RunPython(guards.remove, guards.install),
        migrations.CreateModel(
            name='AdoptedPack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=200)),
                ('cpv_prefixes', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['adoption', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Adoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField()),
                ('to_on', models.DateField(blank=True, null=True)),
                ('is_main', models.BooleanField(default=True)),
                ('max_measures', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('reference', models.CharField(blank=True, max_length=300)),
                ('adopted_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['-from_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='CodeAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('family', models.CharField(max_length=100)),
                ('alias', models.CharField(max_length=20)),
                ('certainty', models.TextField(blank=True)),
            ],
            options={
                'verbose_name_plural': 'code aliases',
                'ordering': ['framework', 'code', 'family', 'alias'],
            },
        ),
        migrations.CreateModel(
            name='MeasureMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('factor', models.DecimalField(decimal_places=9, default=Decimal('1'), max_digits=18)),
                ('reason', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['region', 'source'],
            },
        ),
        migrations.CreateModel(
            name='PriorityLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('measure', 'Measure'), ('outcome', 'Outcome')], max_length=10)),
                ('code', models.CharField(max_length=20)),
            ],
            options={
                'ordering': ['priority', 'framework', 'kind', 'code'],
            },
        ),
        migrations.AlterModelOptions(
            name='proxy',
            options={'ordering': ['measure', 'place', 'sector', 'valid_from'], 'verbose_name_plural': 'proxies'},
        ),
        migrations.RemoveConstraint(
            model_name='proxy',
            name='proxy_once',
        ),
        migrations.AddField(
            model_name='measure',
            name='additionality',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='priorityset',
            name='authority',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='priorityset',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='proxy',
            name='sector',
            field=models.SlugField(blank=True, default='', max_length=80),
        ),
        migrations.AlterField(
            model_name='priorityset',
            name='level',
            field=models.CharField(choices=[('national', 'National'), ('regional', 'Regional'), ('council', 'Council plan')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='priorityset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('authority__isnull', False), ('level', 'council')), models.Q(models.Q(('level', 'council'), _negated=True), ('authority__isnull', True)), _connector='OR'), name='priority_set_of_a_council_names_it'),
        ),
        migrations.AddConstraint(
            model_name='proxy',
            constraint=models.UniqueConstraint(fields=('measure', 'place', 'sector', 'valid_from'), name='proxy_once'),
        ),
        migrations.AddField(
            model_name='adoptedpack',
            name='measures',
            field=models.ManyToManyField(related_name='+', to='toms.measure'),
        ),
        migrations.AddField(
            model_name='adoption',
            name='adopted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='adoption',
            name='authority',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='adoption',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='toms.edition'),
        ),
        migrations.AddField(
            model_name='adoption',
            name='measures',
            field=models.ManyToManyField(blank=True, related_name='+', to='toms.measure'),
        ),
        migrations.AddField(
            model_name='adoption',
            name='region',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.region'),
        ),
        migrations.AddField(
            model_name='adoptedpack',
            name='adoption',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='packs', to='toms.adoption'),
        ),
        migrations.AddField(
            model_name='codealias',
            name='framework',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='toms.framework'),
        ),
        migrations.AddField(
            model_name='measuremapping',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='measuremapping',
            name='region',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.region'),
        ),
        migrations.AddField(
            model_name='measuremapping',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='toms.measure'),
        ),
        migrations.AddField(
            model_name='measuremapping',
            name='target',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='toms.measure'),
        ),
        migrations.AddField(
            model_name='prioritylink',
            name='framework',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='toms.framework'),
        ),
        migrations.AddField(
            model_name='prioritylink',
            name='priority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='toms.priority'),
        ),
        migrations.AddConstraint(
            model_name='adoption',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('authority__isnull', True), ('region__isnull', False)), models.Q(('authority__isnull', False), ('region__isnull', True)), _connector='OR'), name='adoption_by_authority_or_region'),
        ),
        migrations.AddConstraint(
            model_name='adoption',
            constraint=models.UniqueConstraint(fields=('authority', 'edition', 'from_on'), name='adoption_by_authority_once'),
        ),
        migrations.AddConstraint(
            model_name='adoption',
            constraint=models.UniqueConstraint(fields=('region', 'edition', 'from_on'), name='adoption_by_region_once'),
        ),
        migrations.AddConstraint(
            model_name='adoption',
            constraint=models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gte', models.F('from_on')), _connector='OR'), name='adoption_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='adoption',
            constraint=models.CheckConstraint(condition=models.Q(('max_measures__isnull', True), ('max_measures__gt', 0), _connector='OR'), name='adoption_max_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='adoptedpack',
            constraint=models.UniqueConstraint(fields=('adoption', 'slug'), name='adopted_pack_slug_once'),
        ),
        migrations.AddConstraint(
            model_name='codealias',
            constraint=models.UniqueConstraint(fields=('framework', 'code', 'family', 'alias'), name='code_alias_once'),
        ),
        migrations.AddConstraint(
            model_name='measuremapping',
            constraint=models.UniqueConstraint(fields=('region', 'source'), name='mapping_once'),
        ),
        migrations.AddConstraint(
            model_name='measuremapping',
            constraint=models.CheckConstraint(condition=models.Q(('factor__gt', 0)), name='mapping_factor_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='measuremapping',
            constraint=models.CheckConstraint(condition=models.Q(('target__isnull', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='mapping_to_none_says_why'),
        ),
        migrations.AddConstraint(
            model_name='measuremapping',
            constraint=models.CheckConstraint(condition=models.Q(('target__isnull', True), models.Q(('target', models.F('source')), _negated=True), _connector='OR'), name='mapping_to_another_measure'),
        ),
        migrations.AddConstraint(
            model_name='prioritylink',
            constraint=models.UniqueConstraint(fields=('priority', 'framework', 'kind', 'code'), name='priority_link_once'),
        ),
        migrations.RunPython(guards.install, guards.remove),
    ]
