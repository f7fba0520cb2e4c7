"""Dividing a procurement into lots."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory

from procurement.procurements.rules import LotInput, clean_lots
from socialvalue.core import widgets
from socialvalue.core.errors import RuleBroken
from socialvalue.core.forms import BaseForm, MoneyField
from socialvalue.core.formsets import VersionedRows


class LotForm(BaseForm):
    title = forms.CharField(
        label="What the lot is",
        max_length=200,
        error_messages={"required": "Enter what the lot is"},
    )
    estimate = MoneyField(
        label="Value",
        above_zero=True,
        widget=widgets.MoneyInput(attrs={"data-running-total": "lots"}),
        error_messages={"required": "Enter the value of the lot, like 45,000"},
    )


class BaseLots(VersionedRows):
    """The lots of one procurement: none, or two and more that add up to ``estimate``."""

    row_title = "Lot"
    add_text = "Add a lot"

    def __init__(self, *args: Any, estimate: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.estimate = estimate

    def clean(self) -> None:
        if any(self.errors):
            return
        try:
            clean_lots(self.estimate, self.inputs())
        except RuleBroken as error:
            raise ValidationError(error.message) from error

    def inputs(self) -> list[LotInput]:
        return [LotInput(row["title"], row["estimate"]) for row in self.filled()]


LotsFormSet = formset_factory(LotForm, formset=BaseLots, extra=0, can_delete=False)
