from __future__ import annotations

from django.db.models import TextChoices


class ImportDeed(TextChoices):
    MEASURES_LOADED = "measures_loaded", "Measure set loaded"
    PRIORITIES_LOADED = "priorities_loaded", "Priorities loaded"
    FRAMEWORK_UPLOADED = "framework_uploaded", "Framework file uploaded"
    FRAMEWORK_IMPORTED = "framework_imported", "Framework imported"
    FRAMEWORK_DISCARDED = "framework_file_discarded", "Framework file thrown away"
    FRAMEWORK_UNDONE = "framework_import_undone", "Framework import undone"


class FrameworkImportStatus(TextChoices):
    STARTED = "started", "Not imported yet"
    APPLIED = "applied", "Imported"
    UNDONE = "undone", "Undone"


class FileKind(TextChoices):
    XLSX = "xlsx", "Excel workbook"
    ODS = "ods", "OpenDocument spreadsheet"
    CSV = "csv", "CSV"


class ThemeSource(TextChoices):
    COLUMN = "column", "In a column"
    LINES = "lines", "On lines of their own, above their measures"
