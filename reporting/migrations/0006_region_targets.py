import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_what_the_region_sees"),
        ("reporting", "0005_contract_cells"),
        ("toms", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RegionTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("figure", models.CharField(blank=True, max_length=60)),
                ("financial_year", models.CharField(max_length=7)),
                ("amount", models.DecimalField(decimal_places=3, max_digits=16)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("set_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("measure", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="toms.measure")),
                ("region", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.region")),
                ("set_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["region", "financial_year", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("figure", ""), ("measure__isnull", False))
                        | (~models.Q(("figure", "")) & models.Q(("measure__isnull", True))),
                        name="region_target_of_figure_or_measure",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="region_target_above_nought"),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("ended_by__isnull", True))
                        | models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                        name="region_target_ended_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("measure__isnull", True)),
                        fields=("region", "financial_year", "figure"),
                        name="region_target_of_figure_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("measure__isnull", False)),
                        fields=("region", "financial_year", "measure"),
                        name="region_target_of_measure_once",
                    ),
                ],
            },
        ),
    ]
