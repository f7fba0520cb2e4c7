"""A file of claims."""

from __future__ import annotations

from django import forms

from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm


class UploadForm(BaseForm):
    """The workbook that was filled in, or a CSV file with its columns."""

    file = forms.FileField(
        label="File you filled in",
        widget=widgets.FileInput(
            limits="XLSX, ODS or CSV, up to 30 MB and 100,000 claims",
            attrs={"accept": ".xlsx,.ods,.csv"},
        ),
        error_messages={
            "required": "Choose the file you filled in",
            "empty": "The file is empty. Choose the file you filled in",
        },
    )
