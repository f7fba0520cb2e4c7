"""The pages of an import, and editions out."""

from toms.imports.views.editions import EditionExport
from toms.imports.views.result import Check, Discard, MarkedCopy, Undo
from toms.imports.views.steps import (
    About,
    ImportColumns,
    ImportList,
    ImportPage,
    ImportSheet,
    Upload,
)

__all__ = [
    "About", "Check", "Discard", "EditionExport", "ImportColumns", "ImportList", "ImportPage",
    "ImportSheet", "MarkedCopy", "Undo", "Upload",
]  # fmt: skip
