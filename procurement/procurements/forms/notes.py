"""The light-touch note."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms

from socialvalue.core import clock, widgets
from socialvalue.core.forms import BaseForm, MoneyField
from toms.priorities import queries as priorities


class NoteForm(BaseForm):
    """The light-touch note: eight answers on one page."""

    considered = forms.CharField(
        label="What social value did you consider?",
        help_text="One or two sentences are enough.",
        widget=widgets.Textarea(rows=4, max_characters=2000),
        max_length=2000,
        error_messages={
            "required": "Say what social value you considered",
            "max_length": "What you considered must be 2,000 characters or fewer",
        },
    )
    objectives = forms.MultipleChoiceField(
        label="Which objectives does it serve? (optional)",
        required=False,
        widget=widgets.Checkboxes(small=True),
        error_messages={"invalid_choice": "Select objectives from the list"},
    )
    quotations_sought = forms.IntegerField(
        label="Quotations sought",
        min_value=1,
        max_value=1000,
        widget=widgets.WholeNumberInput(),
        error_messages={
            "required": "Enter how many quotations were sought",
            "invalid": "Quotations sought must be a whole number, like 3",
            "min_value": "Quotations sought must be 1 or more",
            "max_value": "Quotations sought must be 1,000 or fewer",
        },
    )
    local_quotations = forms.IntegerField(
        label="Of these, from local suppliers",
        min_value=0,
        max_value=1000,
        widget=widgets.WholeNumberInput(),
        error_messages={
            "required": "Enter how many of them were from local suppliers, or 0",
            "invalid": "Quotations from local suppliers must be a whole number, like 1",
            "min_value": "Quotations from local suppliers must be 0 or more",
            "max_value": "Quotations from local suppliers must be 1,000 or fewer",
        },
    )
    chosen_supplier = forms.CharField(
        label="Chosen supplier",
        max_length=200,
        help_text="The supplier needs no account.",
        error_messages={"required": "Enter the chosen supplier"},
    )
    chosen_value = MoneyField(
        label="Value, excluding VAT",
        above_zero=True,
        error_messages={"required": "Enter the value, like 12,500"},
    )
    is_local_or_sme = forms.TypedChoiceField(
        label="Is it a local or a small or medium-sized supplier?",
        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
        coerce={"yes": True, "no": False, "unknown": None}.get,
        empty_value=None,
        widget=widgets.Radios(inline=True, small=True),
        error_messages={
            "required": "Select whether it is a local or a small or medium-sized supplier"
        },
    )
    agreed = forms.CharField(
        label="What did the supplier agree to do? (optional)",
        required=False,
        widget=widgets.Textarea(rows=3, max_characters=2000),
        max_length=2000,
        error_messages={"max_length": "What was agreed must be 2,000 characters or fewer"},
    )

    departure = forms.CharField(
        label="Why is it finished as light touch?",
        help_text="The compliance register shows this reason.",
        required=False,
        widget=widgets.Textarea(rows=3, max_characters=2000),
        max_length=2000,
        error_messages={"max_length": "The reason must be 2,000 characters or fewer"},
    )

    def __init__(
        self, *args: Any, crosses: Callable[[Decimal], str], authority_id: int, **kwargs: Any
    ) -> None:
        """``crosses``: what to say of a value that lies beyond the light-touch route; empty when it does not."""
        super().__init__(*args, **kwargs)
        self.beyond = self._beyond(crosses)
        if not self.beyond:
            del self.fields["departure"]
        found = _objectives(priorities.objectives_for(clock.today(), authority_id))
        cast("forms.MultipleChoiceField", self.fields["objectives"]).choices = found
        if not found:
            del self.fields["objectives"]

    def _beyond(self, crosses: Callable[[Decimal], str]) -> str:
        if not self.is_bound:
            return ""
        try:
            return crosses(self.fields["chosen_value"].clean(self.data.get("chosen_value", "")))
        except forms.ValidationError:
            return ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.beyond and not cleaned.get("departure") and "departure" not in self.errors:
            self.add_error("departure", self.beyond)
        sought, local = cleaned.get("quotations_sought"), cleaned.get("local_quotations")
        if sought is not None and local is not None and local > sought:
            self.add_error(
                "local_quotations", "Local quotations must be no more than the quotations sought"
            )
        return cleaned


def _objectives(
    offered: Sequence[tuple[priorities.PrioritySetInfo, priorities.PriorityInfo]],
) -> list[tuple[str, Any]]:
    """Codes and names; by statement where there is more than one."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for statement, one in offered:
        groups.setdefault(statement.name, []).append((one.code, one.name))
    return (
        [*groups.items()] if len(groups) > 1 else [row for rows in groups.values() for row in rows]
    )
