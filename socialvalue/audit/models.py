from __future__ import annotations

from django.conf import settings
from django.db import models


class AuditRecord(models.Model):
    """One deed, as it happened. Triggers on both databases refuse any change or removal.

    The user is named by setting and protected; everything else is flat, because audit stands below every room.
    """

    at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(max_length=200)
    organisation_id = models.BigIntegerField(null=True, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    deed = models.CharField(max_length=60)
    sentence = models.TextField()
    target_type = models.CharField(max_length=60)
    target_id = models.BigIntegerField(null=True, blank=True)
    procurement_id = models.BigIntegerField(null=True, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
            models.Index(fields=["procurement_id", "id"], name="audit_procurement"),
            models.Index(fields=["organisation_id", "id"], name="audit_organisation"),
        ]

    def __str__(self) -> str:
        return self.sentence
