"""What an authority lets its region see."""

from __future__ import annotations

from typing import Any

from django import forms

from socialvalue.accounts.queries import RegionChoice
from socialvalue.accounts.rules import RegionSees, check_region_sees, what_changes
from socialvalue.core import widgets
from socialvalue.core.errors import RuleBroken
from socialvalue.core.forms import BaseForm


class RegionSeesForm(BaseForm):
    """The two choices about one region, and the version they were made on."""

    figures = forms.ChoiceField(
        label="Your figures in the region’s totals",
        choices=[("shared", "Share them"), ("withheld", "Withhold them")],
        widget=widgets.Radios(
            hints={
                "shared": "The totals hold your figures for the months you belong to the region. "
                "Its analysts see your line and can open your ledger entries, without evidence.",
                "withheld": "The totals leave your figures out. The page names you as withheld, without an amount.",
            }
        ),
        error_messages={"required": "Select whether the region’s totals hold your figures"},
    )
    compared = forms.ChoiceField(
        label="Comparing value for each pound of contract value",
        help_text="Social value committed and verified, divided by what your running contracts cost.",
        choices=[("yes", "Compare us"), ("no", "Leave us out")],
        widget=widgets.Radios(
            hints={
                "yes": "The region’s analysts see your value with your name. Once 3 authorities agree, you and the "
                "others that agree see the median, the lowest and the highest, without names.",
                "no": "You are not compared, and do not see the comparison.",
            }
        ),
        error_messages={"required": "Select whether you are compared"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, choice: RegionChoice | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choice = choice

    @property
    def sees(self) -> RegionSees:
        """What is chosen so far; nothing chosen shares and compares nothing."""
        typed = getattr(self, "cleaned_data", {})
        return RegionSees(typed.get("figures") == "withheld", typed.get("compared") == "yes")

    @property
    def changes(self) -> tuple[str, ...]:
        """What saving the boxes as they are would change, in sentences."""
        if self.choice is None or not self.is_bound or not self.is_valid():
            return ()
        return what_changes(self.choice.name, self.choice.sees, self.sees)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            check_region_sees(self.sees)
        except RuleBroken as error:
            for name, message in error.errors:
                self.add_error(name, message)
        return data
