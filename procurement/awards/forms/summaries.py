"""What one bidder is told, and what is withheld from it."""

from __future__ import annotations

from typing import Any

from django import forms

from procurement.awards.rules import LONGEST_ADVANTAGES
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm


class SummaryForm(BaseForm):
    advantages = forms.CharField(
        label="The winner's advantages",
        help_text="Drafted from the differences in the evaluation. Change what needs other words.",
        required=False,
        max_length=LONGEST_ADVANTAGES,
        widget=widgets.Textarea(rows=10, max_characters=LONGEST_ADVANTAGES),
        error_messages={"max_length": "The advantages must be 10,000 characters or fewer"},
    )
    passages = forms.CharField(
        label="Withhold these passages (optional)",
        help_text="One a line, copied exactly. Each is replaced by [withheld] wherever it stands in this summary.",
        required=False,
        max_length=10_000,
        widget=widgets.Textarea(rows=4),
        error_messages={"max_length": "The passages must be 10,000 characters or fewer"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, is_winner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_winner:
            del self.fields["advantages"]
        else:
            self.fields["advantages"].required = True
            self.fields["advantages"].error_messages["required"] = (
                "Enter the winner's advantages over this bid"
            )
