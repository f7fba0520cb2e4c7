from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from procurement.downloads.vocabulary import FileStatus, LongList
from socialvalue.core.files import upload_path


class LongFile(models.Model):
    """A table that somebody wants as an Excel file and that a job writes, exactly as it was filtered."""

    what = models.CharField(max_length=10, choices=LongList.choices)
    asked = models.TextField(blank=True)
    """The filters, as they stand in the address of the list."""
    asked_hash = models.CharField(max_length=64)
    """Of the filters, which may be long: what is asked for twice is known by it."""
    counts_only = models.BooleanField(default=False)
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=FileStatus.choices, default=FileStatus.WAITING)
    rows = models.PositiveIntegerField()
    """Of the list when it was asked for, then of the file."""
    done = models.PositiveIntegerField(default=0)
    """Rows that are written: what the progress page counts."""
    started_at = models.DateTimeField(null=True, blank=True)
    """When the job last said that it lives."""
    finished_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to=upload_path, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    """Why it was not written, in words."""

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "organisation", "what", "asked_hash", "counts_only"],
                condition=Q(status__in=["waiting", "writing"]),
                name="long_file_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["ready", "failed"], finished_at__isnull=False)
                | Q(status__in=["waiting", "writing"], finished_at__isnull=True),
                name="long_file_finished_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.name
