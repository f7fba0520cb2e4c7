"""What a person says when they want to be forgotten."""

from __future__ import annotations

from django import forms

from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm


class EraseForm(BaseForm):
    """Typed, so that no slip of the hand erases anybody."""

    address = forms.CharField(
        label="Your e-mail address",
        help_text="Type it as it stands above.",
        max_length=254,
        widget=widgets.TextInput(
            width=30, attrs={"type": "email", "autocomplete": "off", "spellcheck": "false"}
        ),
        error_messages={"required": "Enter your e-mail address as it stands above"},
    )


class ConfirmForm(BaseForm):
    """A page that is only read and agreed to."""
