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
from socialvalue.core.formsets import RowsFormSet


class LotForm(BaseForm):
    title = forms.CharField(
        label="What the lot is",
        max_length=200,
        error_messages={
            "required": "Enter what the lot is",
            "max_length": "What the lot is must be 200 characters or fewer",
        },
    )
    estimate = MoneyField(
        label="Value",
        above_zero=True,
        widget=widgets.MoneyInput(attrs={"data-running-total": "lots"}),
        error_messages={"required": "Enter the value of the lot, like 45,000"},
    )


class BaseLots(RowsFormSet):
    """The lots of one procurement: none, or two and more that add up to ``estimate``."""

    row_title = "Lot"
    add_text = "Add a lot"
    fields: dict[str, forms.Field] = {}

    def __init__(self, *args: Any, estimate: Decimal, version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.estimate, self.first_version = estimate, version

    def clean(self) -> None:
        if any(self.errors):
            return
        try:
            clean_lots(self.estimate, self.inputs())
        except RuleBroken as error:
            raise ValidationError(error.message) from error

    def add_error(self, name: str | None, message: str) -> None:
        """A rule that the service found broken, said above the rows."""
        self.non_form_errors().append(message)

    @property
    def version(self) -> str:
        """For the page's hidden box."""
        return str(self.data.get("version", "")) if self.is_bound else str(self.first_version)

    @property
    def expected_version(self) -> int:
        return int(self.version) if self.version.isdecimal() else 0

    def inputs(self) -> list[LotInput]:
        return [
            LotInput(form.cleaned_data["title"], form.cleaned_data["estimate"])
            for form in self.forms
            if form.cleaned_data
        ]


LotsFormSet = formset_factory(LotForm, formset=BaseLots, extra=0, can_delete=False)
