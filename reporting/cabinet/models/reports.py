from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from reporting.cabinet.vocabulary import ReportKind, ReportStatus


class CabinetReport(models.Model):
    """A report on one period. Frozen: figures, words and hash never change again."""

    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    """Whose report it is; for a regional report the authority that leads the region."""
    kind = models.CharField(max_length=12, choices=ReportKind.choices, default=ReportKind.CABINET)
    template = models.ForeignKey(
        "reporting.ReportTemplate",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    """The organisation's own template it began from; None for the one that comes with the service."""
    title = models.CharField(max_length=200)
    committee = models.CharField(max_length=80, default="Cabinet")
    """Who it is for, like Cabinet."""
    financial_year = models.CharField(max_length=7)
    """``2025-26``."""
    quarter = models.PositiveSmallIntegerField(null=True, blank=True)
    """1 to 4 of the financial year; None for the whole of it."""
    directorate = models.CharField(max_length=120, blank=True)
    """The one directorate it is about; empty for the whole authority."""
    region = models.ForeignKey(
        "accounts.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The region whose figures it tells; None for the authority's own."""
    meeting_on = models.DateField()
    status = models.CharField(
        max_length=10, choices=ReportStatus.choices, default=ReportStatus.DRAFT
    )
    contacts = models.JSONField(default=list)
    """Rows of the contacts table: role, name, contact."""
    circulation_local = models.CharField(max_length=500, blank=True)
    circulation_other = models.CharField(max_length=500, blank=True)
    sign_off_steps = models.JSONField(default=list)
    """The steps of ``SignOffStep`` in their order."""
    needs_sign_off = models.BooleanField(default=False)
    """It is frozen only when every step has agreed to the words as they stand."""
    issue = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    """The frozen issue before this one, which stays as it is."""
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
            models.CheckConstraint(
                condition=Q(issue=1, replaces__isnull=True)
                | Q(issue__gt=1, replaces__isnull=False),
                name="cabinet_report_issue_replaces",
            ),
            models.CheckConstraint(
                condition=Q(quarter__isnull=True) | Q(quarter__gte=1, quarter__lte=4),
                name="cabinet_report_quarter",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CabinetSection(models.Model):
    """One heading of the report with its words; blocks are separated by an empty line."""

    report = models.ForeignKey(CabinetReport, on_delete=models.PROTECT, related_name="sections")
    kind = models.CharField(max_length=40)
    """Its key in addresses: one of ``SectionKind``, or made of its heading."""
    heading = models.CharField(max_length=120)
    is_numbered = models.BooleanField(default=False)
    """Its heading and its paragraphs have numbers."""
    position = models.PositiveSmallIntegerField()
    narrative = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "kind"], name="cabinet_section_once"),
        ]

    def __str__(self) -> str:
        return self.heading


class SectionDraft(models.Model):
    """What one person has typed and not saved yet. Kept as typed, shown to nobody else, gone when saved."""

    section = models.ForeignKey(CabinetSection, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    narrative = models.TextField(blank=True)
    based_on = models.PositiveIntegerField()
    """The version of the section that it began from."""
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["section", "user"], name="section_draft_once"),
        ]

    def __str__(self) -> str:
        return f"Draft of {self.section}"
