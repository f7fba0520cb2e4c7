"""The quarters of one commitment, a box each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from procurement.action_plans import rules
from procurement.action_plans.queries import CommitmentEdit
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, QuantityField
from socialvalue.core.periods import quarter_label


def box(quarter: date) -> str:
    return f"quantity_{quarter.isoformat()}"


class MilestonesForm(BaseForm):
    """One quantity a quarter, adding up exactly. A rate keeps its target: only owner and evidence."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    owner = forms.CharField(
        label="Who is responsible at the supplier",
        help_text="A role or an organisation, not a person's name.",
        max_length=150,
        required=False,
        widget=widgets.TextInput(width=30),
    )
    authority_owner = forms.CharField(
        label="Who is responsible at the authority",
        help_text="A role or a team: who looks at what is reported.",
        max_length=150,
        required=False,
        widget=widgets.TextInput(width=30),
    )
    evidence = forms.CharField(
        label="Evidence expected",
        help_text="What is to prove it: a register, invoices, photographs, a letter of the group that benefited.",
        max_length=300,
        required=False,
        widget=widgets.Textarea(rows=3, max_characters=300),
    )

    def __init__(self, *args: Any, edit: CommitmentEdit, **kwargs: Any) -> None:
        self.edit = edit
        super().__init__(*args, **kwargs)
        for name in ("owner", "authority_owner", "evidence"):
            self.fields[name].initial = getattr(edit.plan, name)
        self.fields["version"].initial = edit.version
        if edit.plan.adds_up:
            for quarter in edit.open_quarters:
                self._add_box(quarter)
        # As on the page: the quarters, then who and by what evidence.
        self.order_fields([*map(box, edit.open_quarters), "owner", "authority_owner", "evidence"])

    def _add_box(self, quarter: date) -> None:
        label = quarter_label(quarter)
        view = self.edit.plan.by_quarter.get(quarter)
        field = QuantityField(
            label=label,
            unit=self.edit.plan.commitment.measure.unit,
            initial=view.quantity if view else Decimal(0),
            error_messages={"required": f"Enter a quantity for {label}; 0 where none is due"},
        )
        field.widget.attrs["data-running-total"] = "quarters"
        self.fields[box(quarter)] = field

    def quantities(self) -> dict[date, Decimal]:
        """The quantity of each quarter: settled ones as they are, of a rate the target in each."""
        settled = {row.quarter: row.quantity for row in self.edit.plan.settled}
        if not self.edit.plan.adds_up:
            target = self.edit.plan.commitment.quantity
            return dict.fromkeys(self.edit.quarters, target) | settled
        return settled | {
            quarter: self.cleaned_data[box(quarter)] for quarter in self.edit.open_quarters
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.edit.plan.adds_up and not self.errors:
            wrong = rules.difference_sentence(
                self.edit.plan.commitment.quantity, sum(self.quantities().values(), Decimal(0))
            )
            if wrong:
                first = box(self.edit.open_quarters[0]) if self.edit.open_quarters else None
                self.add_error(first, wrong)
        return cleaned

    def boxes(self) -> list[Any]:
        return [
            self[box(quarter)] for quarter in self.edit.open_quarters if box(quarter) in self.fields
        ]
