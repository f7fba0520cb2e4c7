from __future__ import annotations

from django.conf import settings
from django.db import models


class DutyRecord(models.Model):
    """A duty that was done: which, when, by whom, and where to see it. A mistake is put right by a later row."""

    procurement = models.ForeignKey(
        "procurement.Procurement", on_delete=models.PROTECT, related_name="+"
    )
    duty = models.SlugField(max_length=60)
    """Its name in the table of duties."""
    occurrence = models.CharField(max_length=20, blank=True)
    """Which time, of a duty that comes back: the day it was due. Empty: it comes once."""
    done_on = models.DateField()
    reference = models.CharField(max_length=300, blank=True)
    """Number or address of the notice."""
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["procurement", "-id"]
        indexes = [
            models.Index(fields=["procurement", "duty"], name="duty_record_procurement_duty"),
        ]

    def __str__(self) -> str:
        return f"{self.duty} of procurement {self.procurement_id}"
