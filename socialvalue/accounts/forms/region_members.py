"""Which authority belongs to a region, and from when to when."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from socialvalue.accounts.vocabulary import MemberStatus
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, DateField


class MemberDaysForm(BaseForm):
    """Status and days. ``version`` is what the page showed."""

    status = forms.ChoiceField(
        label="Status",
        choices=MemberStatus.choices,
        widget=widgets.Radios(inline=True, small=True),
        error_messages={"required": "Select whether it is a constituent member"},
    )
    from_on = DateField(
        label="First day",
        help_text="Its figures count in the region’s totals from this day.",
        error_messages={"required": "Enter the first day"},
    )
    to_on = DateField(label="Last day (optional)", required=False, noun="The last day")
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("from_on"), data.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", "The last day must be the first day or later")
        return data


class NewMemberForm(MemberDaysForm):
    authority = forms.ChoiceField(
        label="Authority",
        widget=widgets.Select(),
        error_messages={
            "required": "Select an authority",
            "invalid_choice": "Select an authority from the list",
        },
    )
    field_order = ("authority", "status", "from_on", "to_on")

    def __init__(self, *args: Any, authorities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = cast("forms.ChoiceField", self.fields["authority"])
        rows.choices = [("", "Choose an authority"), *authorities]


def days_as_text(seen: dict[str, str]) -> str:
    return "|".join((seen["status"], seen["from_on"], seen["to_on"]))


def days_of_text(text: str) -> dict[str, str]:
    """What ``days_as_text`` made; something that fits no row for anything else."""
    status, _, days = text.partition("|")
    first, _, last = days.partition("|")
    return {"status": status, "from_on": first, "to_on": last}
