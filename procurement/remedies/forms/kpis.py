"""A KPI, its rating, and what overseeing cost."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from procurement.remedies.forms.shortfalls import carry, text
from procurement.remedies.queries import cost_choices
from procurement.remedies.vocabulary import KpiWord
from socialvalue.core import clock, widgets
from socialvalue.core.actor import Actor
from socialvalue.core.forms import BaseForm, MoneyField, QuantityField
from socialvalue.core.periods import add_months, month_of


class KpiForm(BaseForm):
    name = forms.CharField(
        label="What is measured", max_length=200, widget=widgets.TextInput(),
        error_messages={"required": "Enter what is measured"},
    )  # fmt: skip
    target = forms.CharField(
        label="Target", max_length=300, widget=widgets.TextInput(),
        help_text="So plain that two people would rate it alike, like: 95% of repairs done within five days",
        error_messages={"required": "Enter the target, so that it can be rated"},
    )  # fmt: skip
    commitment = forms.ChoiceField(
        label="Commitment it stands on (optional)", required=False, widget=widgets.Select()
    )

    def __init__(self, *args: Any, commitments: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box: Any = self.fields["commitment"]
        box.choices = [("", "None"), *((str(pk), label) for pk, label in commitments)]


class RatingForm(BaseForm):
    """One of the five words of the contract performance notice."""

    rating = forms.ChoiceField(
        label="Rating", choices=KpiWord.choices, widget=widgets.Radios(),
        error_messages={"required": "Select one of the five words"},
    )  # fmt: skip
    reason = text("Reason", help_text="What the rating rests on. The supplier reads it.", rows=3)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def see_version(self, version: object) -> None:
        """The ratings that are shown now have been seen."""
        carry(self, "seen", version)


class CostForm(BaseForm):
    """Hours at a rate, or an amount, of one month."""

    what = forms.CharField(
        label="What was done", max_length=200, widget=widgets.TextInput(),
        help_text="Like: checking evidence and a review meeting",
        error_messages={"required": "Enter what was done"},
    )  # fmt: skip
    month = forms.TypedChoiceField(
        label="Month", coerce=date.fromisoformat, widget=widgets.Select(),
    )  # fmt: skip
    contract = forms.ChoiceField(label="Contract", required=False, widget=widgets.Select())
    how = forms.ChoiceField(
        label="What did it cost?",
        choices=[("hours", "Hours at a rate"), ("amount", "An amount")],
        widget=widgets.Radios(reveals={"hours": ["hours", "rate"], "amount": ["amount"]}),
        error_messages={"required": "Select whether you enter hours or an amount"},
    )
    hours = QuantityField(label="Hours", required=False, above_zero=True, unit="hours")
    rate = MoneyField(label="Cost of an hour", required=False)
    amount = MoneyField(label="Amount", required=False)
    submission_key = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this: date = month_of(clock.today())
        months = [add_months(this, -back) for back in range(36)]
        box: Any = self.fields["month"]
        box.choices = [(day.isoformat(), f"{day:%B %Y}") for day in months]
        contract: Any = self.fields["contract"]
        contract.choices = [
            ("", "Of no one contract"),
            *((str(pk), name) for pk, name in cost_choices(actor)),
        ]

    def see_version(self, version: object) -> None:
        """What is sent again after a conflict is another cost."""
        data: Any = self.data
        self.data = data = data.copy()
        data["submission_key"] = str(version)

    def clean(self) -> dict[str, Any]:
        """Only the boxes under the chosen answer count."""
        data = super().clean() or {}
        for name in ("amount",) if data.get("how") == "hours" else ("hours", "rate"):
            data[name] = None
        return data
