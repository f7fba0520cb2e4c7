"""The steps of an import."""

from toms.imports.forms.steps import (
    AboutForm,
    ApplyForm,
    ColumnsForm,
    SheetForm,
    UndoForm,
    UploadForm,
)

__all__ = ["AboutForm", "ApplyForm", "ColumnsForm", "SheetForm", "UndoForm", "UploadForm"]
