from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from procurement.deliveries.vocabulary import UploadStatus
from socialvalue.core.files import upload_path


class ClaimUpload(models.Model):
    """A workbook or CSV of claims: checked by a job, shown, sent whole or not at all, undone until one is decided."""

    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    contract = models.ForeignKey(
        "procurement.Contract", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The one contract it was sent for; None for all of the supplier's."""
    name = models.CharField(max_length=120)
    file = models.FileField(upload_to=upload_path)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    status = models.CharField(
        max_length=10, choices=UploadStatus.choices, default=UploadStatus.CHECKING
    )
    rows = models.PositiveIntegerField(default=0)
    """Rows with something entered."""
    done = models.PositiveIntegerField(default=0)
    """Rows the running job has got through: what the progress page counts."""
    faults = models.PositiveIntegerField(default=0)
    answer = models.FileField(upload_to=upload_path, blank=True)
    """The supplier's own file with a sentence beside each cell that is to be mended."""
    preview = models.JSONField(null=True, blank=True)
    """Sums a contract and the first rows, as they will be sent."""
    problem = models.CharField(max_length=500, blank=True)
    """Why the job stopped, in words."""
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    """When the running job last said that it lives: one that is silent too long is started again."""
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["supplier", "-id"], name="upload_supplier")]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "sha256"],
                condition=Q(status__in=["posting", "posted"]),
                name="upload_posted_once",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["posting", "posted", "undoing", "undone"])
                | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="upload_sent_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name
