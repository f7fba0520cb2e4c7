"""Boxes for what a method may take off a value: empty is not asked, 0 is asked and none."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, PercentField

SHARES = ("deadweight", "leakage", "displacement", "substitution")
HUNDRED = Decimal(100)


class ShareField(PercentField):
    """A percentage that is not asked unless it is given. Finer than two places, as published rates are."""

    places = 6

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", widgets.PercentInput())
        super().__init__(required=False, **kwargs)


class SharesForm(BaseForm):
    """Deadweight, leakage, displacement and substitution, each as a percentage."""

    deadweight = ShareField(label="Deadweight", help_text="Would have happened anyway")
    leakage = ShareField(label="Leakage", help_text="Benefits people outside the area")
    displacement = ShareField(label="Displacement", help_text="Taken from elsewhere")
    substitution = ShareField(label="Substitution", help_text="Replaces another activity")

    @property
    def fractions(self) -> dict[str, Decimal]:
        """Each that was given, from 0 to 1. After ``is_valid``."""
        given = {name: self.cleaned_data.get(name) for name in SHARES}
        return {name: part / HUNDRED for name, part in given.items() if part is not None}


class SecondOpinionForm(SharesForm):
    """Which edition to look through, and what to switch on for it. Nothing is on unless asked for."""

    edition = forms.ChoiceField(label="Edition", required=False, widget=widgets.Select())
    place = forms.ChoiceField(
        label="Place", required=False, widget=widgets.Select(), choices=[("", "As awarded")]
    )
    discount = forms.BooleanField(
        label="Discount later years",
        required=False,
        widget=widgets.Checkbox(),
        help_text="By the Green Book schedule. The first year of a contract is year 0",
    )
    rate = ShareField(label="Rate a year", help_text="In place of the Green Book schedule")

    field_order = ("edition", "place", *SHARES, "discount", "rate")

    def __init__(
        self,
        data: Any,
        *,
        editions: Sequence[tuple[str, str]],
        places: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        for name, choices in (("edition", editions), ("place", [("", "As awarded"), *places])):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("rate") is not None and not cleaned.get("discount"):
            self.add_error("discount", "Tick this to discount by the rate you entered")
        return cleaned

    @property
    def rate_fraction(self) -> Decimal | None:
        rate: Decimal | None = self.cleaned_data.get("rate")
        return None if rate is None else rate / HUNDRED

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self["edition"], self["place"]]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*SHARES, "discount", "rate")]

    @property
    def opens_more(self) -> bool:
        """Something is filled in or wrong, so the boxes are not folded away."""
        return any(field.errors or field.value() for field in self.more_fields)
