from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from procurement.procurements.vocabulary import ImportStatus


class NoticeImport(models.Model):
    """One file of published notices: previewed, then applied. Counts add up to what was read."""

    authority = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    content = models.TextField()
    status = models.CharField(max_length=10, choices=ImportStatus.choices)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="previewed", applied_at__isnull=True)
                | Q(status="applied", applied_at__isnull=False),
                name="notice_import_applied_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
