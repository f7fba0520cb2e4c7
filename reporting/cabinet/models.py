from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from reporting.cabinet.vocabulary import ReportStatus, SectionKind


class CabinetReport(models.Model):
    """A report to Cabinet for one financial year. Frozen: figures, words and hash never change again."""

    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=200)
    financial_year = models.CharField(max_length=7)
    """``2025-26``."""
    meeting_on = models.DateField()
    status = models.CharField(
        max_length=10, choices=ReportStatus.choices, default=ReportStatus.DRAFT
    )
    contacts = models.JSONField(default=list)
    """Rows of the contacts table: role, name, contact."""
    circulation_local = models.CharField(max_length=500, blank=True)
    circulation_other = models.CharField(max_length=500, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    frozen_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(default=dict)
    """Empty until frozen; then every figure, definition, table and chart value, and the ledger position."""
    figures_hash = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", frozen_at__isnull=True, figures_hash="")
                | Q(status="frozen", frozen_at__isnull=False) & ~Q(figures_hash=""),
                name="cabinet_report_frozen_with_hash",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CabinetSection(models.Model):
    """One heading of the report with its narrative; paragraphs are separated by an empty line."""

    report = models.ForeignKey(CabinetReport, on_delete=models.PROTECT, related_name="sections")
    kind = models.CharField(max_length=20, choices=SectionKind.choices)
    position = models.PositiveSmallIntegerField()
    narrative = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "kind"], name="cabinet_section_once"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
