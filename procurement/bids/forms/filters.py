"""Small forms: narrowing the list, choosing an earlier text."""

from __future__ import annotations

from django import forms

from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm


class BidFilterForm(BaseForm):
    """Narrows a supplier's list of invitations."""

    q = forms.CharField(label="Search", required=False, widget=widgets.TextInput(width=20))
    status = forms.ChoiceField(
        label="Deadline",
        required=False,
        choices=[("", "All"), ("open", "Open"), ("closed", "Closed")],
        widget=widgets.Select(),
    )


class EarlierForm(BaseForm):
    """The text of an earlier bid that was chosen; the page draws one button for each."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(
        max_length=60,
        widget=forms.HiddenInput,
        error_messages={"required": "Choose one of the texts"},
    )
