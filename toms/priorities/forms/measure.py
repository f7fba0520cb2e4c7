"""The calculator on the page of a measure. Percentages here, fractions at ``manage.py value``: the same question."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from socialvalue.core import widgets
from socialvalue.core.forms import DateField, QuantityField
from socialvalue.core.shares import SHARES, ShareField, SharesForm
from toms.frameworks.queries import MeasureInfo
from toms.proxies.queries.valuing import LONGEST, Question
from toms.proxies.rules import lacking, until
from toms.valuation.rules import LAST_YEAR, Facts, Tally, asked_for, tally

HUNDRED = Decimal(100)
MISSING = {
    "people": "Enter how many people",
    "hours": "Enter how many hours each",
    "hours_a_week": "Enter how many hours a week each person works",
    "weeks": "Enter how many weeks",
    "first_on": "Enter the first day",
    "last_on": "Enter the last day",
}
Choices = Sequence[tuple[str, str]]


class CalculatorForm(SharesForm):
    """What a quantity of one measure is worth. The quantity is typed, or counted from what a person knows."""

    quantity = QuantityField(label="Quantity", required=False)
    place = forms.ChoiceField(label="Place", required=False, widget=widgets.Select())
    sector = forms.ChoiceField(label="Sector", required=False, widget=widgets.Select())
    on = DateField(
        label="Date", required=False, help_text="Whose values are used. Today when left empty"
    )
    attribution = ShareField(label="Share due to this contract", help_text="100 when left empty")
    in_year = QuantityField(
        label="Year it falls in",
        required=False,
        max_value=Decimal(LONGEST),
        help_text="0 is now and is not discounted, 1 is a year ahead",
    )
    discount_rate = ShareField(
        label="Discount rate a year", help_text="In place of the Green Book schedule"
    )
    drop_off = ShareField(label="Drop-off", help_text="Lost from each year to the next")
    people = QuantityField(label="People", required=False)
    hours = QuantityField(label="Hours each", required=False)
    hours_a_week = QuantityField(
        label="Hours a week each", required=False, max_value=Decimal(168),
        help_text="35 hours a week is one full-time post",
    )  # fmt: skip
    weeks = QuantityField(
        label="Weeks", required=False, help_text="52 for a year, 104 for two years"
    )
    first_on = DateField(label="First day", required=False)
    last_on = DateField(label="Last day", required=False)
    hired_on = DateField(
        label="Day the job began",
        required=False,
        help_text="Where only the first twelve months of a job count",
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        measure: MeasureInfo,
        edition_slug: str,
        places: Choices,
        sectors: Choices,
        held: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.measure, self.edition_slug, self.held = measure, edition_slug, held
        self.asked = asked_for(measure.unit_parts)
        self.tally: Tally | None = None
        self._name_quantity(measure.unit)
        self._offer("place", "No place set", places)
        self._offer("sector", "No sector set", sectors)
        for name in (*MISSING, "hired_on"):
            if name not in self.asked:
                del self.fields[name]

    def _name_quantity(self, unit: str) -> None:
        is_money = unit == "£"
        self.fields["quantity"].widget = widgets.QuantityInput(
            prefix="£" if is_money else "", suffix="" if is_money else unit, width=10
        )

    def _offer(self, name: str, none: str, choices: Choices) -> None:
        field = self.fields[name]
        if choices and isinstance(field, forms.ChoiceField):
            field.choices = [("", none), *choices]
        else:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._count(cleaned)
        self._find_value(cleaned)
        self._look_ahead(cleaned)
        return cleaned

    def _find_value(self, cleaned: dict[str, Any]) -> None:
        """Where a value depends on the place or the sector there is none until it is known; never £0."""
        lacks = lacking(self.held, cleaned.get("place", ""), cleaned.get("sector", ""))
        for name in ("place", "sector"):
            if name in lacks and name in self.fields and name not in self.errors:
                self.add_error(name, f"No value until {until(lacks)}. Choose one from the list")
                return

    def _count(self, cleaned: dict[str, Any]) -> None:
        """The quantity as typed, or from the boxes of the unit; never both, so that it is plain which was used."""
        given = {name for name in self.asked if cleaned.get(name) is not None}
        if "quantity" in self.errors or {*self.asked} & {*self.errors}:
            return
        if cleaned.get("quantity") is not None:
            if given:
                self.add_error(
                    "quantity", "Enter the quantity or count it below, not both: clear one of them"
                )
            return
        if not given:
            self.add_error("quantity", "Enter the quantity")
            return
        lacks = [name for name in self.asked if name in MISSING and name not in given]
        for name in lacks:
            self.add_error(name, MISSING[name])
        if not lacks and self._is_countable(cleaned):
            facts = Facts(**{name: cleaned[name] for name in given})
            self.tally = tally(self.measure.unit_parts, self.measure.unit, facts)
            cleaned["quantity"] = self.tally.quantity

    def _is_countable(self, cleaned: dict[str, Any]) -> bool:
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", "The last day must be on or after the first day")
            return False
        people = cleaned.get("people")
        if people is not None and "hours" in self.asked and people != people.to_integral_value():
            self.add_error("people", "People must be a whole number")
            return False
        return True

    def _look_ahead(self, cleaned: dict[str, Any]) -> None:
        year = cleaned.get("in_year")
        if year is None:
            if "in_year" not in self.errors and any(
                cleaned.get(name) is not None for name in ("discount_rate", "drop_off")
            ):
                self.add_error("in_year", "Enter the year it falls in; 0 is now")
        elif year != year.to_integral_value():
            self.add_error("in_year", "The year must be a whole number, like 3")
        elif year > LAST_YEAR and cleaned.get("discount_rate") is None:
            self.add_error(
                "discount_rate",
                f"The Green Book schedule ends at year {LAST_YEAR}. Enter a rate for later years",
            )

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return self._drawn("place", "sector", "on", "attribution")

    @property
    def count_fields(self) -> list[forms.BoundField]:
        return self._drawn(*self.asked)

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return self._drawn(*SHARES, "in_year", "discount_rate", "drop_off")

    @property
    def opens_count(self) -> bool:
        return self._says_something(self.count_fields)

    @property
    def opens_more(self) -> bool:
        return self._says_something(self.more_fields)

    def _drawn(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    def _says_something(self, fields: Sequence[forms.BoundField]) -> bool:
        """Something is filled in or wrong, so the boxes are not folded away."""
        return self.is_bound and any(field.errors or any_text(field.value()) for field in fields)

    def question(self) -> Question:
        """The valid form in the words of ``manage.py value``."""
        data = self.cleaned_data
        shares = {
            name: _fraction(data.get(name))
            for name in (*SHARES, "attribution", "discount_rate", "drop_off")
        }
        return Question(
            edition=self.edition_slug,
            measure=self.measure.code,
            quantity=_text(data["quantity"]),
            place=data.get("place", ""),
            sector=data.get("sector", ""),
            on=data["on"].isoformat() if data.get("on") else "",
            in_year=_text(data["in_year"]),
            **shares,
        )


def any_text(value: Any) -> bool:
    """Whether a box holds something; a date is three of them."""
    return any(value) if isinstance(value, tuple | list) else bool(value)


def _text(number: Decimal | None) -> str:
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _fraction(percent: Decimal | None) -> str:
    return "" if percent is None else _text(percent / HUNDRED)
