"""Forms of a report: the list, starting one, its details and its people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from reporting.cabinet.queries.starting import StartPage
from reporting.cabinet.vocabulary import ReportKind, ReportStatus
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, DateField
from socialvalue.core.formsets import RowsFormSet
from socialvalue.core.periods import add_months, uk_date


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
    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "All"), *ReportKind.choices],
        widget=widgets.Select(),
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput)


class StartForm(BaseForm):
    """The period, what it is about where the kind asks for it, title and meeting: the rest is filled in."""

    financial_year = forms.ChoiceField(
        label="Financial year",
        help_text="The figures of the report are those of this year.",
        widget=widgets.Select(),
        error_messages={"invalid_choice": "Select a financial year from the list"},
    )
    quarter = forms.ChoiceField(label="Quarter", required=False, widget=widgets.Select())
    directorate = forms.ChoiceField(
        label="Directorate",
        help_text="The figures are those of its contracts.",
        widget=widgets.Select(),
        error_messages={"invalid_choice": "Select a directorate from the list"},
    )
    region = forms.ChoiceField(
        label="Region",
        widget=widgets.Select(),
        error_messages={"invalid_choice": "Select a region from the list"},
    )
    title = forms.CharField(
        label="Title", max_length=200, required=False, widget=widgets.TextInput()
    )
    meeting_on = DateField(label="Date of the meeting")

    def __init__(self, *args: Any, page: StartPage, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form = page.chosen.form
        self._choose("financial_year", page.years)
        if form.is_quarterly:
            whole = [] if form.has_directorate else [("", "The whole year")]
            self._choose("quarter", (*whole, *page.quarters))
            self.fields["quarter"].required = form.has_directorate
        else:
            del self.fields["quarter"]
        self._choose("directorate", [(name, name) for name in page.directorates])
        self._choose("region", page.regions)
        if not form.has_directorate:
            del self.fields["directorate"]
        if not form.has_region:
            del self.fields["region"]
        self.fields["title"].help_text = f"Leave it empty for a title like “{page.title}”."
        meeting = self.fields["meeting_on"]
        meeting.label = form.meeting
        meeting.error_messages["required"] = (
            f"Enter the {form.meeting[:1].lower()}{form.meeting[1:]}"
        )
        meeting.help_text = f"For example, {uk_date(add_months(today, 2))}."

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = choices


class ChangeForm(BaseForm):
    title = forms.CharField(label="Title", max_length=200, widget=widgets.TextInput())
    committee = forms.CharField(
        label="Who it is for",
        max_length=80,
        help_text="For example, Cabinet or Resources Committee",
        widget=widgets.TextInput(width=20),
    )
    meeting_on = DateField(label="Date of the meeting")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, meeting: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting_on"].label = meeting


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
