"""The second person's answer to a proposal."""

from __future__ import annotations

from typing import Any

from django import forms

from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm

APPROVE, REFUSE = "approve", "refuse"


class ProposalForm(BaseForm):
    verdict = forms.ChoiceField(
        label="Do you approve this award?",
        choices=[(APPROVE, "Yes, award the contract"), (REFUSE, "No")],
        widget=widgets.Radios(
            hints={
                APPROVE: "It makes the contract and fixes every commitment. It cannot be undone."
            }
        ),
        error_messages={"required": "Select whether you approve this award"},
    )
    remark = forms.CharField(
        label="Remark",
        help_text="Needed if you say no.",
        required=False,
        max_length=2000,
        widget=widgets.Textarea(rows=3, max_characters=2000),
        error_messages={"max_length": "The remark must be 2,000 characters or fewer"},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == REFUSE and not cleaned.get("remark", "").strip():
            self.add_error("remark", "Enter why you refuse the award")
        return cleaned
