"""A file of notices."""

from __future__ import annotations

from django import forms

from procurement.procurements.vocabulary import BuyerMatch
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm


class UploadForm(BaseForm):
    file = forms.FileField(
        label="File of notices",
        widget=widgets.FileInput(
            limits="OCDS releases in JSON, as published by Contracts Finder, up to 5 MB",
            attrs={"accept": ".json"},
        ),
        error_messages={
            "required": "Choose a file",
            "empty": "The file is empty. Choose another file",
        },
    )
    match = forms.ChoiceField(
        label="Which notices in the file are yours?",
        choices=BuyerMatch.choices,
        initial=BuyerMatch.OWN,
        widget=widgets.Radios(small=True),
        error_messages={"required": "Select which notices in the file are yours"},
    )
