"""The file of thresholds."""

from __future__ import annotations

from django import forms

from socialvalue.core.forms import BaseForm
from socialvalue.core.widgets import FileInput


class ThresholdFileForm(BaseForm):
    file = forms.FileField(
        label="File of thresholds",
        error_messages={"required": "Choose a CSV or XLSX file with the columns named below"},
        widget=FileInput(limits="CSV or XLSX, up to 1 MB", attrs={"accept": ".csv,.xlsx"}),
    )
