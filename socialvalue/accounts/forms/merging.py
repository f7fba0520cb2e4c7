"""What is said about two suppliers that may be the same one."""

from __future__ import annotations

from typing import Any

from django import forms

from socialvalue.accounts.rules.merging import MAX_REASON
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm


class FindSupplierForm(BaseForm):
    """Which other one is meant: by number or whole name, so that nobody leafs through who is registered."""

    text = forms.CharField(
        label="The other supplier’s company number or whole name",
        max_length=200,
        widget=widgets.TextInput(width=30),
        error_messages={"required": "Enter a company number or a whole name"},
    )


class MergeForm(BaseForm):
    kept = forms.ChoiceField(
        label="Which one goes on?",
        help_text="Everything of the other is shown under this one, and its people work here.",
        widget=widgets.Radios(),
        error_messages={
            "required": "Select which supplier goes on",
            "invalid_choice": "Select one of the two suppliers",
        },
    )
    reason = forms.CharField(
        label="Why are they the same supplier?",
        help_text="For example, one of them was registered twice, or is the old name of the other.",
        widget=widgets.Textarea(rows=4),
        max_length=MAX_REASON,
        error_messages={
            "required": "Enter why these two are the same supplier",
            "max_length": f"Use {MAX_REASON} characters or fewer",
        },
    )

    def __init__(self, *args: Any, suppliers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = suppliers  # type: ignore[attr-defined]  # a choice field


class DecideMergeForm(BaseForm):
    answer = forms.ChoiceField(
        label="Are these two the same supplier?",
        choices=[("agree", "Yes, merge them"), ("refuse", "No, leave them apart")],
        widget=widgets.Radios(),
        error_messages={
            "required": "Select yes or no",
            "invalid_choice": "Select yes or no",
        },
    )
    remark = forms.CharField(
        label="If no: why not?",
        required=False,
        widget=widgets.Textarea(rows=3),
        max_length=MAX_REASON,
        error_messages={"max_length": f"Use {MAX_REASON} characters or fewer"},
    )
