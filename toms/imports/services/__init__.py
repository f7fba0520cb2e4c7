"""Measures in: from versioned data files, and from a licensed workbook."""

from toms.imports.services.applying import apply_import, undo_import
from toms.imports.services.kinds import MAX_BYTES
from toms.imports.services.loading import (
    OPEN_SET,
    SHIPPED_SETS,
    Loaded,
    load_aliases,
    load_measure_set,
    load_priorities,
    load_shipped_sets,
)
from toms.imports.services.steps import (
    choose_columns,
    choose_sheet,
    describe_edition,
    discard_import,
    upload_framework,
)

__all__ = [
    "MAX_BYTES", "OPEN_SET", "SHIPPED_SETS", "Loaded", "apply_import", "choose_columns", "choose_sheet",
    "describe_edition", "discard_import", "load_aliases", "load_measure_set", "load_priorities", "load_shipped_sets",
    "undo_import", "upload_framework",
]  # fmt: skip
