"""Long lists that a job writes as files."""


import django.db.models.deletion
import socialvalue.core.files
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_what_the_region_sees'),
        ('procurement', '0015_evidenced_in_the_ledger'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LongFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('claims', 'Claims'), ('entries', 'Ledger entries')], max_length=10)),
                ('asked', models.TextField(blank=True)),
                ('asked_hash', models.CharField(max_length=64)),
                ('counts_only', models.BooleanField(default=False)),
                ('name', models.CharField(max_length=120)),
                ('asked_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('writing', 'Being written'), ('ready', 'Ready'), ('failed', 'Failed')], default='waiting', max_length=10)),
                ('rows', models.PositiveIntegerField()),
                ('done', models.PositiveIntegerField(default=0)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('file', models.FileField(blank=True, upload_to=socialvalue.core.files.upload_path)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=500)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['waiting', 'writing'])), fields=('asked_by', 'organisation', 'what', 'asked_hash', 'counts_only'), name='long_file_asked_once'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('status__in', ['ready', 'failed'])), models.Q(('finished_at__isnull', True), ('status__in', ['waiting', 'writing'])), _connector='OR'), name='long_file_finished_when_dated')],
            },
        ),
    ]
