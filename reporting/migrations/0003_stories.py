import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import socialvalue.core.files


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("procurement", "0011_life_of_a_contract"),
        ("reporting", "0002_frozen_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Story",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(blank=True, max_length=100, null=True, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("summary", models.CharField(max_length=200)),
                ("body", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("awaiting_approval", "Awaiting approval"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "photo",
                    models.FileField(blank=True, upload_to=socialvalue.core.files.evidence_path),
                ),
                ("photo_name", models.CharField(blank=True, max_length=120)),
                ("photo_media_type", models.CharField(blank=True, max_length=100)),
                ("photo_sha256", models.CharField(blank=True, max_length=64)),
                ("photo_scanned_by", models.CharField(blank=True, max_length=100)),
                ("photo_alt", models.CharField(blank=True, max_length=250)),
                ("has_agreement", models.BooleanField(default=False)),
                ("writer_ids", models.JSONField(default=list)),
                ("started_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procurement.contract",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "stories",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        fields=["authority", "status", "-approved_at"], name="story_of_authority"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(
                                models.Q(("approved_by", models.F("written_by")), _negated=True),
                                models.Q(("approved_by", models.F("sent_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="story_approved_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("sent_by__isnull", True)),
                            models.Q(("sent_at__isnull", False), ("sent_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="story_sent_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                ("sent_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="story_approved_after_sent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at__isnull", True),
                                ("sent_at__isnull", True),
                                ("status", "draft"),
                            ),
                            models.Q(
                                ("approved_at__isnull", True),
                                ("sent_at__isnull", False),
                                ("status", "awaiting_approval"),
                            ),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("slug__isnull", False),
                                ("status", "published"),
                            ),
                            ("status", "withdrawn"),
                            _connector="OR",
                        ),
                        name="story_state_with_its_facts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "withdrawn"),
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "withdrawn"), _negated=True),
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="story_withdrawn_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "withdrawn"]),
                            ("has_agreement", True),
                            _connector="OR",
                        ),
                        name="story_shown_with_agreement",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("photo", ""), ("photo_alt", ""), ("photo_sha256", "")),
                            models.Q(
                                models.Q(("photo", ""), _negated=True),
                                models.Q(("photo_sha256", ""), _negated=True),
                                models.Q(
                                    ("status__in", ["draft", "withdrawn"]),
                                    models.Q(("photo_alt", ""), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="story_photo_described",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("summary", ""), _negated=True),
                            models.Q(("body", ""), _negated=True),
                        ),
                        name="story_has_words",
                    ),
                ],
            },
        ),
    ]
