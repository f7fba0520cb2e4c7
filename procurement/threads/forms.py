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
from socialvalue.core.filters import FilterForm, choice
from socialvalue.core.periods import FinancialYear

YEARS_BACK = 5
EVERY_YEAR = "all"


class RegisterFilterForm(FilterForm):
    """A GET form above the register; without a year it is this financial year."""

    sorts = COMPLIANCE_SORTS

    q = forms.CharField(label="Search", required=False, max_length=200)
    year = forms.ChoiceField(label="Financial year", required=False, widget=widgets.Select)
    month = choice("Month", "Every month")
    directorate = choice("Directorate", "Every directorate")
    route = choice("Route", "Every route", Route.choices)
    followed = choice("Route followed", "Every outcome", Followed.choices)

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.this_year = FinancialYear.of(today)
        first = self.this_year.start_year + 1
        years = [FinancialYear(first - n) for n in range(YEARS_BACK + 2)]
        field = cast("forms.ChoiceField", self.fields["year"])
        field.choices = [*((y.slug, y.label) for y in years), (EVERY_YEAR, "Every year")]
        sent = self.data.get("year", "")
        known = {year.slug: year for year in years}
        self.chosen_year = None if sent == EVERY_YEAR else known.get(sent, self.this_year)
        # The box says the year that is shown: a form with an address behind it does not look at ``initial``.
        data = cast("Any", self.data).copy()
        data["year"] = self.chosen_year.slug if self.chosen_year else EVERY_YEAR
        self.data = data
        months = self.chosen_year.months if self.chosen_year else []
        self.offer("month", "Every month", ((f"{m:%Y-%m}", f"{m:%B %Y}") for m in months))
        names = [(n, n) for n in directorates(actor)]
        self.offer("directorate", "Every directorate", [*names, ("-", NO_DIRECTORATE)])

    @property
    def wanted(self) -> RegisterFilter:
        found = self.given
        found.pop("year", None)
        month = found.pop("month", "")
        return RegisterFilter(
            year=self.chosen_year,
            month=date.fromisoformat(f"{month}-01") if month else None,
            **found,
        )

    @property
    def period(self) -> str:
        """``2026 to 2027``, or any year."""
        return self.chosen_year.label if self.chosen_year else "any year"
