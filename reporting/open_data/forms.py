"""Choosing what the public sees, and the year of a public page."""

from __future__ import annotations

from django import forms

from reporting.open_data.vocabulary import Licence
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm


class PublicationForm(BaseForm):
    """The words beside the figures, and under which licence anybody may use them."""

    intro = forms.CharField(
        label="Introduction",
        required=False,
        max_length=500,
        help_text="Shown at the top of the page. Leave it empty for none. No names of people.",
        widget=widgets.Textarea(rows=4, max_characters=500),
    )
    licence = forms.ChoiceField(
        label="Licence of the data",
        choices=Licence.choices,
        help_text="What anybody may do with the figures and files.",
        widget=widgets.Radios(small=True),
    )
    data_note = forms.CharField(
        label="Note on the data",
        required=False,
        max_length=500,
        help_text="Shown beside the downloads, for example what is not reported yet.",
        widget=widgets.Textarea(rows=3, max_characters=500),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
