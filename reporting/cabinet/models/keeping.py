from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from reporting.cabinet.models.reports import CabinetReport
from reporting.cabinet.vocabulary import JobKind, JobStatus, OutputKind
from socialvalue.core.files import report_path


class ReportJob(models.Model):
    """Work on a report that is done in the background and may be watched."""

    report = models.ForeignKey(CabinetReport, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=10, choices=JobKind.choices)
    counts_only = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=JobStatus.choices, default=JobStatus.WAITING)
    problem = models.CharField(max_length=1000, blank=True)
    """Why it failed, in words for the person who asked."""
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind", "counts_only"],
                condition=Q(status__in=["waiting", "running"]),
                name="report_job_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_status_display()}"


class ReportFile(models.Model):
    """One output of a report, stored privately. Of a draft it is made anew when the content has moved."""

    report = models.ForeignKey(CabinetReport, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=5, choices=OutputKind.choices)
    counts_only = models.BooleanField(default=False)
    content_hash = models.CharField(max_length=64)
    """SHA-256 of the content it shows; of a frozen report its ``figures_hash``."""
    renderer = models.CharField(max_length=40)
    """The version of the renderer: another one makes it anew."""
    file = models.FileField(upload_to=report_path)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind", "counts_only"], name="report_file_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}.{self.kind}"
