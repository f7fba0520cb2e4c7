"""A reason for ruling a claim out, or for letting it count again."""

from __future__ import annotations

from django import forms

from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm

MOST = 2000


class RuleOutForm(BaseForm):
    reason = forms.CharField(
        label="Why it does not count",
        help_text="The bidder is told. Say what the claim lacks, for example that the price pays for it already.",
        max_length=MOST,
        widget=widgets.Textarea(rows=4, max_characters=MOST),
        error_messages={
            "required": "Enter why this claim does not count; the bidder is told",
            "max_length": "The reason must be 2,000 characters or fewer",
        },
    )


class LiftRulingForm(BaseForm):
    reason = forms.CharField(
        label="Why it counts after all",
        max_length=MOST,
        widget=widgets.Textarea(rows=4, max_characters=MOST),
        error_messages={
            "required": "Enter why this claim counts after all",
            "max_length": "The reason must be 2,000 characters or fewer",
        },
    )
