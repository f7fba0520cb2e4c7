"""What was considered under the Social Value Act."""

from __future__ import annotations

from typing import Any

from django import forms

from socialvalue.core import clock, widgets
from socialvalue.core.files import ALLOWED_KINDS
from socialvalue.core.forms import BaseForm, DateField

MOST = 5000


def _text(label: str, missing: str, hint: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=MOST,
        widget=widgets.Textarea(rows=rows, max_characters=MOST, threshold=75),
        error_messages={
            "required": missing,
            "max_length": f"{label} must be {MOST:,} characters or fewer",
        },
    )


class ConsiderationForm(BaseForm):
    economic = _text("Economic well-being", "Say what was considered for economic well-being")
    social = _text("Social well-being", "Say what was considered for social well-being")
    environmental = _text(
        "Environmental well-being", "Say what was considered for environmental well-being"
    )
    process = _text(
        "How might the way it is bought secure this?",
        "Say how the way it is bought might secure the improvement",
    )
    was_consulted = forms.TypedChoiceField(
        label="Was anybody consulted?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce={"yes": True, "no": False}.get,
        widget=widgets.Radios(inline=True, small=True),
        error_messages={"required": "Select whether anybody was consulted"},
    )
    consultation = _text(
        "With whom and what they said, or why not",
        "Say who was consulted and what they said, or why nobody was",
    )
    considered_on = DateField(
        label="When was it considered?",
        error_messages={"required": "Enter when it was considered, like 27 3 2026"},
    )
    considered_by = forms.CharField(
        label="Who considered it?",
        help_text="A role or team, like Head of commissioning",
        max_length=200,
        error_messages={
            "required": "Enter who considered it",
            "max_length": "Who considered it must be 200 characters or fewer",
        },
    )
    evidence = forms.FileField(
        label="Evidence (optional)",
        required=False,
        widget=widgets.FileInput(limits=f"{ALLOWED_KINDS}, up to 10 MB"),
        error_messages={"empty": "The file is empty. Choose another file"},
    )

    def clean_considered_on(self) -> Any:
        day = self.cleaned_data["considered_on"]
        if day and day > clock.today():
            raise forms.ValidationError("The day it was considered must be today or in the past")
        return day
