import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("reporting", "0003_stories"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=90, unique=True)),
                ("is_public", models.BooleanField(default=False)),
                ("since", models.DateTimeField(blank=True, null=True)),
                ("intro", models.CharField(blank=True, max_length=500)),
                (
                    "licence",
                    models.CharField(
                        choices=[
                            ("ogl-3", "Open Government Licence v3.0"),
                            ("cc-by-4", "Creative Commons Attribution 4.0"),
                        ],
                        default="ogl-3",
                        max_length=20,
                    ),
                ),
                ("data_note", models.CharField(blank=True, max_length=500)),
                ("chosen_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "chosen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "region",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.region",
                    ),
                ),
            ],
            options={
                "ordering": ["slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation__isnull", True), ("region__isnull", False)),
                            models.Q(("organisation__isnull", False), ("region__isnull", True)),
                            _connector="OR",
                        ),
                        name="publication_of_exactly_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_public", True), ("since__isnull", False)),
                            models.Q(("is_public", False), ("since__isnull", True)),
                            _connector="OR",
                        ),
                        name="publication_public_since",
                    ),
                ],
            },
        ),
    ]
