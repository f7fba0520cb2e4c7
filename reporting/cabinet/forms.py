"""Forms of a Cabinet report."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from reporting.cabinet.vocabulary import ReportStatus
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, DateField
from socialvalue.core.formsets import RowsFormSet
from socialvalue.core.periods import FinancialYear, add_months, uk_date

YEARS_BACK = 6


class ReportFilterForm(BaseForm):
    """What the list of reports is narrowed to."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=100,
        help_text="Words of the title, or a year like 2025-26",
        widget=widgets.TextInput(),
    )
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "All"), *ReportStatus.choices],
        widget=widgets.Select(),
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput)


class StartForm(BaseForm):
    """Year, title and meeting: the rest is filled in."""

    financial_year = forms.ChoiceField(
        label="Financial year",
        help_text="The figures of the report are those of this year.",
        widget=widgets.Select(),
        error_messages={"invalid_choice": "Select a financial year from the list"},
    )
    title = forms.CharField(label="Title", max_length=200, widget=widgets.TextInput())
    meeting_on = DateField(label="Date of the Cabinet meeting")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = FinancialYear.of(today)
        years = [FinancialYear(this_year.start_year - back) for back in range(YEARS_BACK)]
        field = self.fields["financial_year"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(year.slug, year.label) for year in years]
        example = add_months(today, 2)
        self.fields["meeting_on"].help_text = f"For example, {uk_date(example)}."


class ChangeForm(BaseForm):
    title = forms.CharField(label="Title", max_length=200, widget=widgets.TextInput())
    meeting_on = DateField(label="Date of the Cabinet meeting")
    version = forms.IntegerField(widget=forms.HiddenInput)


class SectionForm(BaseForm):
    """The words under one heading."""

    narrative = forms.CharField(
        label="Text",
        required=False,
        strip=False,
        help_text="Leave an empty line between paragraphs; they are numbered for you. Begin a line with “- ” for a "
        "bullet. A name in braces, like {committed_total}, becomes the figure.",
        widget=widgets.Textarea(rows=18),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, heading: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["narrative"].label = f"Text of {heading}"


class CirculationForm(BaseForm):
    circulation_local = forms.CharField(
        label="Local members the report was circulated to",
        required=False,
        max_length=500,
        help_text="Leave empty for none.",
        widget=widgets.TextInput(),
    )
    circulation_other = forms.CharField(
        label="Other members the report was circulated to",
        required=False,
        max_length=500,
        help_text="Leave empty for none.",
        widget=widgets.TextInput(),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ContactForm(BaseForm):
    """One row of the contacts table."""

    role = forms.CharField(label="Role", required=False, max_length=100, widget=widgets.TextInput())
    name = forms.CharField(label="Name", required=False, max_length=150, widget=widgets.TextInput())
    contact = forms.CharField(
        label="Contact information", required=False, max_length=200, widget=widgets.TextInput()
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("name") or cleaned.get("contact")) and not cleaned.get("role"):
            self.add_error("role", "Enter the role of this person, like Portfolio Holder")
        return cleaned


class ContactRows(RowsFormSet):
    row_title = "Contact"
    add_text = "Add a contact"


ContactFormSet = forms.formset_factory(ContactForm, formset=ContactRows, extra=0, can_delete=False)
