"""What a person types about the pipeline."""

from __future__ import annotations

from typing import Any

from django import forms

from procurement.policies.vocabulary import Category
from procurement.procurements.forms.figures import EstimateForm
from procurement.procurements.queries import PLAN_SORTS, PlanFilter, plan_directorates
from procurement.procurements.rules import MAX_TITLE
from procurement.procurements.rules.pipeline import check_plan_dates
from procurement.procurements.vocabulary import PlanStage
from socialvalue.core import clock, widgets
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken
from socialvalue.core.filters import FilterForm, choice
from socialvalue.core.forms import BaseForm, DateField, MoneyField, PercentField


class PlanForm(EstimateForm):
    """A planned procurement: the fields of a pipeline notice. The version or the key travels unseen."""

    field_order = ("title", "description", "category", "cpv", "estimate", "estimate_basis")

    title = forms.CharField(
        label="Title",
        max_length=MAX_TITLE,
        error_messages={"required": "Enter a title"},
    )
    description = forms.CharField(
        label="What it is for (optional)",
        required=False,
        widget=widgets.Textarea(rows=3),
        max_length=20_000,
    )
    cpv = forms.CharField(
        label="CPV code (optional)",
        required=False,
        help_text="8 digits, like 72000000",
        widget=widgets.TextInput(width=10),
    )
    vat_rate_percent = PercentField(
        label="VAT rate (optional)",
        required=False,
        help_text="Enter 0 if it is exempt. Left empty, 20% is used.",
    )
    notice_expected_on = DateField(
        label="Tender notice expected",
        error_messages={"required": "Enter when the tender notice is expected, like 27 3 2027"},
    )
    starts_expected_on = DateField(
        label="Contract start expected",
        error_messages={"required": "Enter when the contract is expected to start, like 1 9 2027"},
    )
    ends_expected_on = DateField(
        label="Contract end expected (optional)", required=False, help_text="Before any extension"
    )
    suits_sme = forms.BooleanField(
        label="Suitable for small and medium-sized enterprises",
        required=False,
        widget=widgets.Checkbox(small=True),
    )
    suits_vcse = forms.BooleanField(
        label="Suitable for voluntary, community and social enterprises",
        required=False,
        widget=widgets.Checkbox(small=True),
    )
    directorate = forms.CharField(
        label="Directorate (optional)",
        max_length=120,
        required=False,
    )
    submission_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        notice, start = cleaned.get("notice_expected_on"), cleaned.get("starts_expected_on")
        if notice and start:
            try:
                check_plan_dates(notice, start, cleaned.get("ends_expected_on"))
            except RuleBroken as error:
                for name, message in error.errors:
                    self.add_error(name, message)
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the plan."""
        unseen = ("submission_key", "version")
        return {name: value for name, value in self.cleaned_data.items() if name not in unseen}


class DropForm(BaseForm):
    reason = forms.CharField(
        label="Why is it dropped?",
        help_text="It stays in the list as dropped, with this reason.",
        widget=widgets.Textarea(rows=3, max_characters=500),
        max_length=500,
        error_messages={
            "required": "Say why it is dropped",
            "max_length": "The reason must be 500 characters or fewer",
        },
    )


class SpendForm(BaseForm):
    amount = MoneyField(
        label="Expected spend, including VAT",
        help_text="Under all contracts, goods, services and works together, in this financial year",
        error_messages={"required": "Enter what you expect to pay, like 310,000,000"},
    )
    source = forms.CharField(
        label="Where the figure comes from",
        max_length=300,
        help_text="For example the budget report, with its date",
        error_messages={
            "required": "Say where the figure comes from",
            "max_length": "The source must be 300 characters or fewer",
        },
    )


class PublishedForm(BaseForm):
    published_on = DateField(
        label="Date the pipeline notice was published",
        error_messages={"required": "Enter the date it was published, like 20 5 2026"},
    )
    reference = forms.CharField(
        label="Number or address of the notice",
        max_length=300,
        error_messages={
            "required": "Enter the number or address of the notice",
            "max_length": "The reference must be 300 characters or fewer",
        },
    )

    def clean_published_on(self) -> Any:
        day = self.cleaned_data["published_on"]
        if day > clock.today():
            raise forms.ValidationError(
                "Date the pipeline notice was published must be today or in the past"
            )
        return day


class PlanFilterForm(FilterForm):
    """A GET form above the pipeline."""

    sorts = tuple(PLAN_SORTS)

    q = forms.CharField(label="Search", required=False, max_length=200)
    status = choice("Status", "Every status", PlanStage.choices)
    category = choice("Category", "Every category", Category.choices)
    directorate = choice("Directorate", "Every directorate")
    in_notice = forms.BooleanField(
        label="In the pipeline notice", required=False, widget=widgets.Checkbox(small=True)
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("directorate", "Every directorate", ((n, n) for n in plan_directorates(actor)))

    @property
    def wanted(self) -> PlanFilter:
        return PlanFilter(**self.given)
