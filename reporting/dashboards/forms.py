"""Choosing the period of a dashboard."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from reporting.figures.rules.spans import QUARTERS, Span
from socialvalue.core.forms import BaseForm
from socialvalue.core.periods import FinancialYear
from socialvalue.core.widgets import Select

YEARS_BACK = 5
QUARTER_MONTHS = {
    1: "April to June",
    2: "July to September",
    3: "October to December",
    4: "January to March",
}


class SpanForm(BaseForm):
    """A financial year and one of its quarters, or the whole of it."""

    year = forms.ChoiceField(
        label="Financial year",
        required=False,
        widget=Select(),
        error_messages={
            "invalid_choice": "Select a financial year from the list, like 2025 to 2026"
        },
    )
    quarter = forms.ChoiceField(
        label="Quarter",
        required=False,
        widget=Select(),
        choices=[
            ("", "Whole year"),
            *((str(n), f"Quarter {n}, {QUARTER_MONTHS[n]}") for n in QUARTERS),
        ],
        error_messages={"invalid_choice": "Select a quarter from 1 to 4, or the whole year"},
    )
    counts = forms.CharField(required=False, widget=forms.HiddenInput)
    region = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.this_year = FinancialYear.of(today)
        years = [
            FinancialYear(self.this_year.start_year + n) for n in range(1, -YEARS_BACK - 1, -1)
        ]
        field = self.fields["year"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(year.slug, year.label) for year in years]
        field.initial = self.this_year.slug

    @property
    def span(self) -> Span:
        """The chosen period; this financial year when none was chosen or the choice cannot be read."""
        if not self.is_valid():
            return Span(self.this_year)
        chosen = self.cleaned_data["year"]
        quarter = self.cleaned_data["quarter"]
        year = FinancialYear.parse(chosen) if chosen else self.this_year
        return Span(year, int(quarter) if quarter else None)
