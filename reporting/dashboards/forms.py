"""Choosing the period of a dashboard, and a region's targets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from reporting.dashboards.queries.targets import Aim
from reporting.figures.rules.spans import QUARTERS, Span
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, DateField, QuantityField
from socialvalue.core.periods import FinancialYear
from socialvalue.core.widgets import Select
from toms.frameworks.queries import MeasureInfo

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
    at = DateField(
        label="As it stood at the end of (optional)",
        required=False,
        help_text="Leave empty for the figures of now.",
    )
    counts = forms.CharField(required=False, widget=forms.HiddenInput)
    region = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        self.this_year = FinancialYear.of(today)
        if data is not None and not data.get("year"):
            # What an address without a year is about is chosen in the list as well.
            data = data.copy()
            data["year"] = self.this_year.slug
        super().__init__(data, *args, **kwargs)
        years = [
            FinancialYear(self.this_year.start_year + n) for n in range(1, -YEARS_BACK - 1, -1)
        ]
        field = self.fields["year"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(year.slug, year.label) for year in years]
        field.initial = self.this_year.slug

    def clean_at(self) -> date | None:
        """A day that is over, or today: the ledger does not know the future."""
        at: date | None = self.cleaned_data["at"]
        if at is not None and at > self.today:
            raise ValidationError("Enter a date that is not in the future")
        return at

    @property
    def is_about_past(self) -> bool:
        """Whether a past date is asked for, readable or not."""
        return bool(self["at"].errors) or self.day is not None

    @property
    def day(self) -> date | None:
        """The past date the figures are asked for; None for now."""
        return self.cleaned_data.get("at") if self.is_valid() else None

    @property
    def span(self) -> Span:
        """The chosen period; this financial year when none was chosen or the choice cannot be read."""
        if not self.is_valid():
            return Span(self.this_year)
        chosen = self.cleaned_data["year"]
        quarter = self.cleaned_data["quarter"]
        year = FinancialYear.parse(chosen) if chosen else self.this_year
        return Span(year, int(quarter) if quarter else None)


class BreakdownForm(SpanForm):
    """The period, and one measure or all of them."""

    measure = forms.ChoiceField(
        label="Measure",
        required=False,
        widget=Select(),
        error_messages={"invalid_choice": "Select a measure from the list, or all measures"},
    )
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, measures: Sequence[MeasureInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measures = {str(row.id): row for row in measures}
        field = self.fields["measure"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [
            ("", "All measures"),
            *((key, row.label) for key, row in self.measures.items()),
        ]

    @property
    def chosen(self) -> MeasureInfo | None:
        """The chosen measure; None for all, and when the choice cannot be read."""
        return self.measures.get(self.cleaned_data["measure"]) if self.is_valid() else None

    @property
    def order(self) -> str:
        return str(self.cleaned_data["sort"]) if self.is_valid() else ""


def _amount(label: str = "Target") -> QuantityField:
    return QuantityField(
        label=label,
        help_text="What is to be verified by the end of the year: in the unit named in the list.",
        above_zero=True,
        widget=widgets.QuantityInput(width=10),
    )


def _reason() -> forms.CharField:
    return forms.CharField(
        label="Where this was decided (optional)",
        required=False,
        max_length=300,
        widget=widgets.TextInput(),
    )


class TargetForm(BaseForm):
    """What of, for which year, how much."""

    aim = forms.ChoiceField(
        label="Target of",
        widget=Select(),
        error_messages={
            "required": "Select what the target is of",
            "invalid_choice": "Select what the target is of from the list",
        },
    )
    amount = _amount()
    reason = _reason()

    def __init__(self, *args: Any, aims: Sequence[Aim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["aim"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [("", "Select")] + [(aim.key, _named(aim)) for aim in aims]


class ChangeTargetForm(BaseForm):
    """Another amount for the same target."""

    amount = _amount("New target")
    reason = _reason()

    def __init__(self, *args: Any, aim: Aim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = f"In {_unit(aim)}."


def _named(aim: Aim) -> str:
    return f"{aim.label} ({_unit(aim)})"


def _unit(aim: Aim) -> str:
    """Pounds are written out: a target is shown where only counts are, too."""
    return "pounds" if aim.unit == "£" else aim.unit
