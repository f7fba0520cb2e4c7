"""Filters above the compliance register."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms

from procurement.policies.vocabulary import Route
from procurement.procurements.queries import directorates
from procurement.threads.queries import COMPLIANCE_SORTS, NO_DIRECTORATE, RegisterFilter
from procurement.threads.vocabulary import Followed
from socialvalue.core import widgets
from socialvalue.core.actor import Actor
from socialvalue.core.forms import BaseForm
from socialvalue.core.periods import FinancialYear

YEARS_BACK = 5
EVERY_YEAR = "all"


class RegisterFilterForm(BaseForm):
    """A GET form. What cannot be read narrows nothing; without a year it is this financial year."""

    q = forms.CharField(label="Search", required=False, max_length=200)
    year = forms.ChoiceField(label="Financial year", required=False, widget=widgets.Select)
    month = forms.ChoiceField(label="Month", required=False, widget=widgets.Select)
    directorate = forms.ChoiceField(label="Directorate", required=False, widget=widgets.Select)
    route = forms.ChoiceField(
        label="Route",
        required=False,
        choices=[("", "Every route"), *Route.choices],
        widget=widgets.Select,
    )
    followed = forms.ChoiceField(
        label="Route followed",
        required=False,
        choices=[("", "Every outcome"), *Followed.choices],
        widget=widgets.Select,
    )
    sort = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[("", ""), *((sign + key, key) for key in COMPLIANCE_SORTS for sign in ("", "-"))],
    )

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.this_year = FinancialYear.of(today)
        years = [
            FinancialYear(self.this_year.start_year + n) for n in range(1, -YEARS_BACK - 1, -1)
        ]
        self._choose("year", [*((y.slug, y.label) for y in years), (EVERY_YEAR, "Every year")])
        self.chosen_year = self._read_year()
        months = self.chosen_year.months if self.chosen_year else []
        self._choose(
            "month", [("", "Every month"), *((f"{m:%Y-%m}", f"{m:%B %Y}") for m in months)]
        )
        names = directorates(actor)
        self._choose(
            "directorate",
            [("", "Every directorate"), *((n, n) for n in names), ("-", NO_DIRECTORATE)],
        )

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def _read_year(self) -> FinancialYear | None:
        """The year that is shown, and said in the box: an address without one means this year."""
        choices = [key for key, _ in cast("Any", self.fields["year"]).choices]
        if self.data.get("year", "") not in choices:
            sent = cast("Any", self.data).copy()
            sent["year"] = self.this_year.slug
            self.data = sent
        year = self.data["year"]
        return None if year == EVERY_YEAR else FinancialYear.parse(year)

    @property
    def wanted(self) -> RegisterFilter:
        self.is_valid()
        given = self.cleaned_data
        month = given.get("month") or ""
        return RegisterFilter(
            year=self.chosen_year,
            month=date.fromisoformat(f"{month}-01") if month else None,
            **{
                name: given.get(name) or ""
                for name in ("q", "directorate", "route", "followed", "sort")
            },
        )

    @property
    def period(self) -> str:
        """``2026 to 2027``, or any year."""
        return self.chosen_year.label if self.chosen_year else "any year"
