"""What a sheet says, what is wrong with it, and how an edition is written out. Pure."""

from toms.imports.rules.cells import Problem, Sheet, Workbook, column_name, text_of
from toms.imports.rules.content import (
    SHARES,
    EditionContent,
    checksum_of,
    edition_slug,
    framework_slug,
    in_order,
)
from toms.imports.rules.findings import About, LeftOut, Reading
from toms.imports.rules.headings import (
    BY_NAME,
    PARTS,
    REQUIRED,
    Part,
    guess_columns,
    guess_heading_rows,
    guess_sheet,
    hash_of,
    headings_of,
)
from toms.imports.rules.plausible import Before, Found, check_units, check_values
from toms.imports.rules.reading import read_sheet
from toms.imports.rules.records import (
    RECORD,
    TABLES,
    guard,
    is_export,
    read_records,
    tables_of,
)

__all__ = [
    "BY_NAME", "PARTS", "RECORD", "REQUIRED", "SHARES", "TABLES", "About", "Before", "EditionContent", "Found",
    "LeftOut", "Part", "Problem", "Reading", "Sheet", "Workbook", "check_units", "check_values",
    "checksum_of", "column_name", "edition_slug", "framework_slug", "guard", "guess_columns",
    "guess_heading_rows", "guess_sheet", "hash_of", "headings_of", "in_order", "is_export",
    "read_records", "read_sheet", "tables_of", "text_of",
]  # fmt: skip
