"""Example bids to try a tender's scoring on. Nothing of it is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from procurement.tenders.rules import TOP_MARK, TriedBid
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, MoneyField, PercentField
from socialvalue.core.formsets import RowsFormSet

MOST_EXAMPLES = 6


class PriceShareForm(BaseForm):
    """How price and quality share what social value leaves."""

    price_share = PercentField(
        label="Of everything that is not social value, price counts",
        help_text="The rest is quality. For example 60.",
        error_messages={"required": "Enter what price counts, for example 60"},
    )


class ExampleForm(BaseForm):
    name = forms.CharField(
        label="Bid",
        max_length=40,
        error_messages={"required": "Give the bid a name, for example Bid A"},
    )
    price = MoneyField(
        label="Price",
        above_zero=True,
        error_messages={"required": "Enter a price, for example 900,000"},
    )
    social_value = MoneyField(
        label="Social value offered",
        error_messages={"required": "Enter the social value offered; 0 for none"},
    )
    mark = forms.DecimalField(
        label=f"Average mark of the answers, 0 to {TOP_MARK}",
        min_value=Decimal(0),
        max_value=Decimal(TOP_MARK),
        max_digits=4,
        decimal_places=2,
        required=False,
        widget=widgets.TextInput(width=4),
        error_messages={
            "invalid": f"The mark must be a number from 0 to {TOP_MARK}, for example 3.5",
            "min_value": f"The mark must be from 0 to {TOP_MARK}",
            "max_value": f"The mark must be from 0 to {TOP_MARK}",
            "max_digits": "The mark must have at most 2 decimals",
            "max_decimal_places": "The mark must have at most 2 decimals",
        },
    )
    quality = PercentField(
        label="Quality score, 0 to 100",
        required=False,
        widget=widgets.TextInput(width=4),
        error_messages={"invalid": "The quality score must be a number from 0 to 100"},
    )


class BaseExamples(RowsFormSet):
    row_title = "Example bid"
    add_text = "Add an example bid"

    def clean(self) -> None:
        if any(self.errors):
            return
        bids = self.bids()
        if not bids:
            raise ValidationError("Enter at least one example bid.")
        names = [row.name.casefold() for row in bids]
        if len(names) != len(set(names)):
            raise ValidationError("Give every example bid a name of its own.")

    def bids(self) -> list[TriedBid]:
        return [_tried(form.cleaned_data) for form in self.forms if form.cleaned_data]


def _tried(row: dict[str, Any]) -> TriedBid:
    zero = Decimal(0)
    return TriedBid(
        row["name"].strip(), row["price"], row["social_value"], row["mark"] or zero,
        row["quality"] or zero,
    )  # fmt: skip


ExamplesFormSet = forms.formset_factory(
    ExampleForm, formset=BaseExamples, extra=0, can_delete=False, max_num=MOST_EXAMPLES
)
