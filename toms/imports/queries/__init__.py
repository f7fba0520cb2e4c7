"""Imports of an organisation, what their files say, and editions as one value."""

from toms.imports.queries.exporting import content_checksum, content_of, exported
from toms.imports.queries.files import UNREADABLE, read_workbook
from toms.imports.queries.uploads import (
    ColumnChoice,
    Columns,
    Headings,
    Preview,
    SheetView,
    columns_for,
    described_before,
    first_measures,
    framework_import,
    headings_for,
    imports,
    is_open,
    missing_steps,
    preview,
    previous_edition,
    sheets_of,
    workbook_of,
)

__all__ = [
    "UNREADABLE",
    "ColumnChoice", "Columns", "Headings", "Preview", "SheetView", "columns_for", "content_checksum",
    "content_of", "described_before", "exported", "first_measures", "framework_import", "headings_for", "imports",
    "is_open", "missing_steps", "preview", "previous_edition", "read_workbook", "sheets_of", "workbook_of",
]  # fmt: skip
