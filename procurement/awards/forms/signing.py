"""The notice that starts the standstill, and the day of the signature."""

from __future__ import annotations

from typing import Any

from django import forms

from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, DateField


class StandstillForm(BaseForm):
    notice_on = DateField(
        label="Day it was published",
        noun="The day of the notice",
        error_messages={"required": "Enter the day the notice was published"},
    )
    notice_reference = forms.CharField(
        label="Reference (optional)",
        help_text="The notice's number or address, like 2026/S 000-012345.",
        required=False,
        max_length=300,
        widget=widgets.TextInput(width=20),
        error_messages={"max_length": "The reference must be 300 characters or fewer"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, notice: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verb = "sent" if notice.endswith("letters") else "published"
        self.fields["notice_on"].label = f"Day the {notice} {_was(notice)} {verb}"
        self.fields["notice_on"].error_messages["required"] = (
            f"Enter the day the {notice} {_was(notice)} {verb}"
        )


def _was(notice: str) -> str:
    return "were" if notice.endswith("s") else "was"


class SignForm(BaseForm):
    signed_on = DateField(
        label="Day the last party signed",
        noun="The day of signing",
        error_messages={"required": "Enter the day the contract was signed"},
    )
