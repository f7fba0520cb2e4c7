"""The form with which a step of the sign-off answers."""

from __future__ import annotations

from django import forms

from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm


class SignForm(BaseForm):
    """What a step of the sign-off says of the words."""

    answer = forms.ChoiceField(
        label="What do you say of the words as they stand?",
        choices=[("agreed", "I agree to them"), ("returned", "I return the report to its author")],
        widget=widgets.Radios(reveals={"returned": ["note"]}),
        error_messages={"required": "Choose whether you agree or return the report"},
    )
    note = forms.CharField(
        label="What is to be mended",
        required=False,
        max_length=1_000,
        help_text="The author sees it on the report’s page.",
        widget=widgets.Textarea(rows=4),
    )
    step = forms.CharField(widget=forms.HiddenInput)
    words_hash = forms.CharField(widget=forms.HiddenInput)
