from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from toms.imports.vocabulary import FileKind, FrameworkImportStatus, ThemeSource


class FrameworkImport(models.Model):
    """One file of a licensed framework on its way to an edition, with every choice made for it."""

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(
        max_length=10,
        choices=FrameworkImportStatus.choices,
        default=FrameworkImportStatus.STARTED,
    )
    version = models.PositiveIntegerField(default=1)

    file_name = models.CharField(max_length=120)
    file_kind = models.CharField(max_length=4, choices=FileKind.choices)
    content = models.BinaryField()
    checksum = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    is_export = models.BooleanField(default=False)
    """Written by this service's own export: nothing has to be chosen."""
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    sheet = models.CharField(max_length=100, blank=True)
    heading_first = models.PositiveIntegerField(default=0)
    """First row of the headings as the spreadsheet counts, from 1; 0 until it is chosen."""
    heading_last = models.PositiveIntegerField(default=0)
    theme_source = models.CharField(
        max_length=10, choices=ThemeSource.choices, default=ThemeSource.COLUMN
    )
    columns = models.JSONField(default=dict)
    """Index of the column, from 0, of every part of a measure that was found in the file."""

    framework_name = models.CharField(max_length=200, blank=True)
    framework_owner = models.CharField(max_length=200, blank=True)
    edition_label = models.CharField(max_length=100, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    licence = models.TextField(blank=True)
    licence_confirmed_by = models.CharField(max_length=150, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    edition = models.ForeignKey(
        "toms.Edition", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    edition_slug = models.CharField(max_length=60, blank=True)
    """Stays when the import is undone."""
    content_checksum = models.CharField(max_length=64, blank=True)
    outcome = models.JSONField(default=dict)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="started", applied_at__isnull=True)
                | Q(applied_at__isnull=False) & ~Q(licence="") & ~Q(licence_confirmed_by=""),
                name="framework_import_licence_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(status="undone", undone_at__isnull=False, edition__isnull=True)
                | Q(undone_at__isnull=True),
                name="framework_import_undone_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class SavedColumns(models.Model):
    """How an organisation mapped a set of headings last time."""

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    headings_hash = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    theme_source = models.CharField(max_length=10, choices=ThemeSource.choices)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "headings_hash"], name="saved_columns_once"
            ),
        ]

    def __str__(self) -> str:
        return self.headings_hash[:8]
