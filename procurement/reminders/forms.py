"""The days of an authority's reminders."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms

from procurement.reminders.rules import MOST_AFTER, MOST_BEFORE, Timing
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm
from socialvalue.core.layouts import Group

FAR = 999


def _days(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=FAR,
        widget=widgets.WholeNumberInput(suffix="days"),
        error_messages={
            "required": f"Enter the days of the {label.lower()} it",
            "invalid": "Enter a whole number of days",
            "min_value": "Enter 0 or more days",
            "max_value": "Enter fewer days",
        },
    )


class RuleForm(BaseForm):
    first_before = _days("First reminder before", f"1 to {MOST_BEFORE} days before a due date")
    second_before = _days("Second reminder before", "0 is the day itself")
    first_after = _days("First reminder after", "Days after a due date that passed")
    second_after = _days("Second reminder after", f"Up to {MOST_AFTER} days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            Group("Before a due date", "first_before", "second_before"),
            Group("After it", "first_after", "second_after"),
        )

    @property
    def timing(self) -> Timing:
        values = self.cleaned_data
        return Timing(
            (values["first_before"], values["second_before"]),
            (values["first_after"], values["second_after"]),
        )
