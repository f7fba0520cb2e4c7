"""What a supplier types about a delivery that several claims share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from procurement.deliveries.queries import SharedRow
from procurement.deliveries.rules import MAX_WHAT
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, DateField, QuantityField


class SharedFilter(BaseForm):
    """Search the shared deliveries."""

    q = forms.CharField(
        label="Search", required=False, max_length=100, widget=widgets.TextInput(width=20)
    )


class SharedDeliveryForm(BaseForm):
    """One real delivery, called by its role and number."""

    what = forms.CharField(
        label="What it is",
        max_length=MAX_WHAT,
        help_text="The role or the thing, for example Apprentice, bricklaying. Never a name.",
        error_messages={"required": "Enter what it is, for example Apprentice, bricklaying"},
    )
    number = forms.IntegerField(
        label="Number",
        help_text="Tells it apart from others of its kind, for example the number in your own list",
        widget=widgets.WholeNumberInput(),
        error_messages={
            "required": "Enter a number that tells it apart, like 1",
            "invalid": "Number must be a whole number, like 1",
        },
    )
    quantity = QuantityField(label="How much it is in all")
    unit = forms.ChoiceField(
        label="Counted in",
        help_text="The units of what you promised. Only claims in the same unit can count a part",
        widget=widgets.Select(),
    )
    delivered_on = DateField(
        label="Delivered on", help_text="For something that goes on: its first day",
        error_messages={"required": "Enter the day it was delivered, like 27 3 2026"},
    )  # fmt: skip

    def __init__(self, *args: Any, units: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(unit, "pounds" if unit == "£" else unit) for unit in units]
        self.fields["unit"].choices = shown  # type: ignore[attr-defined]  # a ChoiceField


class PartForm(BaseForm):
    """How much of a delivery one claim counts."""

    delivery = forms.TypedChoiceField(label="Shared delivery", coerce=int, widget=widgets.Select())
    quantity = QuantityField(
        label="How much of it this claim counts",
        help_text="0 takes the part back",
    )

    def __init__(self, *args: Any, choices: Sequence[SharedRow], unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delivery"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (row.id, f"{row.title}: {row.left_shown} of {row.quantity_shown} left")
            for row in choices
        ]
        is_money = unit == "£"
        self.fields["quantity"].widget = widgets.QuantityInput(
            prefix="£" if is_money else "", suffix="" if is_money else unit, width=10
        )
