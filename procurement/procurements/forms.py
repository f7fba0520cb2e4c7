"""What an officer types."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from procurement.policies.vocabulary import Category, Route
from procurement.procurements.queries import SORTS, ProcurementFilter, directorates
from procurement.procurements.rules import MAX_TITLE, check_period, clean_cpv
from procurement.procurements.vocabulary import (
    BuyerMatch,
    EstimateBasis,
    ProcurementSource,
    ProcurementStatus,
)
from socialvalue.core import clock, widgets
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken
from socialvalue.core.forms import BaseForm, DateField, MoneyField, PercentField
from toms.priorities import queries as priorities

CATEGORY_CHOICES = [
    (Category.GOODS.value, "Goods"),
    (Category.SERVICES.value, "Services"),
    (Category.WORKS.value, "Works"),
    (Category.LIGHT_TOUCH.value, "Light-touch services"),
    (Category.CONCESSION.value, "A concession"),
]
CATEGORY_HINTS = {
    Category.LIGHT_TOUCH.value: "For example social care, education or legal services",
    Category.CONCESSION.value: "The supplier is paid by those who use the service",
}


class AdviceForm(BaseForm):
    """The answers that the route rests on."""

    category = forms.ChoiceField(
        label="What is being bought",
        choices=CATEGORY_CHOICES,
        widget=widgets.Radios(hints=CATEGORY_HINTS, small=True),
        error_messages={"required": "Select what is being bought"},
    )
    estimate = MoneyField(
        label="Estimated value over the whole life",
        help_text="In pounds, with every extension and option",
        above_zero=True,
        error_messages={"required": "Enter the estimated value, like 75,000"},
    )
    estimate_basis = forms.ChoiceField(
        label="Does the estimate include VAT?",
        choices=[
            (EstimateBasis.EXCL.value, "No, VAT comes on top"),
            (EstimateBasis.INCL.value, "Yes, VAT is in it"),
        ],
        widget=widgets.Radios(inline=True, small=True),
        error_messages={"required": "Select whether the estimate includes VAT"},
    )
    vat_rate_percent = PercentField(
        label="VAT rate (optional)",
        required=False,
        help_text="Enter 0 if it is exempt. Left empty, 20% is used.",
    )
    commenced_on = DateField(
        label="Date it commences",
        help_text="The day of the first notice or invitation. It decides which law and which policy apply.",
        error_messages={"required": "Enter the date it commences, like 27 3 2026"},
    )


class ProcurementForm(AdviceForm):
    """A new procurement, or a change to one. The version or the key travels unseen."""

    title = forms.CharField(
        label="Title",
        max_length=MAX_TITLE,
        error_messages={
            "required": "Enter a title",
            "max_length": f"Title must be {MAX_TITLE} characters or fewer",
        },
    )
    starts_on = DateField(label="Contract starts (optional)", required=False)
    ends_on = DateField(
        label="Contract ends (optional)", required=False, help_text="Before any extension"
    )
    directorate = forms.CharField(
        label="Directorate (optional)",
        max_length=120,
        required=False,
        error_messages={"max_length": "Directorate must be 120 characters or fewer"},
    )
    cpv = forms.CharField(
        label="CPV code (optional)",
        required=False,
        help_text="8 digits, like 72000000. It suggests a set of measures.",
        widget=widgets.TextInput(width=10),
    )
    description = forms.CharField(
        label="Description (optional)",
        required=False,
        widget=widgets.Textarea(rows=4),
        max_length=20_000,
    )
    submission_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    optional_names = ("vat_rate_percent", "directorate", "cpv", "description")

    def clean_cpv(self) -> str:
        try:
            return clean_cpv(self.cleaned_data["cpv"])
        except RuleBroken as error:
            raise forms.ValidationError(error.message) from error

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            check_period(cleaned.get("starts_on"), cleaned.get("ends_on"))
        except RuleBroken as error:
            self.add_error("ends_on", error.message)
        return cleaned

    @property
    def shows_optional(self) -> bool:
        """The part that opens on request stands open when it holds an answer or an error."""
        return any(self[name].errors or self[name].value() for name in self.optional_names)

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the record."""
        unseen = ("submission_key", "version")
        return {name: value for name, value in self.cleaned_data.items() if name not in unseen}


class WithdrawForm(BaseForm):
    reason = forms.CharField(
        label="Why is it withdrawn?",
        help_text="This stays in its history.",
        widget=widgets.Textarea(rows=4, max_characters=300),
        max_length=300,
        error_messages={
            "required": "Say why it is withdrawn",
            "max_length": "The reason must be 300 characters or fewer",
        },
    )


class NoteForm(BaseForm):
    """The light-touch note: eight answers on one page."""

    considered = forms.CharField(
        label="What social value did you consider?",
        help_text="One or two sentences are enough.",
        widget=widgets.Textarea(rows=4, max_characters=2000),
        max_length=2000,
        error_messages={
            "required": "Say what social value you considered",
            "max_length": "What you considered must be 2,000 characters or fewer",
        },
    )
    objectives = forms.MultipleChoiceField(
        label="Which objectives does it serve? (optional)",
        required=False,
        widget=widgets.Checkboxes(small=True),
        error_messages={"invalid_choice": "Select objectives from the list"},
    )
    quotations_sought = forms.IntegerField(
        label="Quotations sought",
        min_value=1,
        max_value=1000,
        widget=widgets.WholeNumberInput(),
        error_messages={
            "required": "Enter how many quotations were sought",
            "invalid": "Quotations sought must be a whole number, like 3",
            "min_value": "Quotations sought must be 1 or more",
            "max_value": "Quotations sought must be 1,000 or fewer",
        },
    )
    local_quotations = forms.IntegerField(
        label="Of these, from local suppliers",
        min_value=0,
        max_value=1000,
        widget=widgets.WholeNumberInput(),
        error_messages={
            "required": "Enter how many of them were from local suppliers, or 0",
            "invalid": "Quotations from local suppliers must be a whole number, like 1",
            "min_value": "Quotations from local suppliers must be 0 or more",
            "max_value": "Quotations from local suppliers must be 1,000 or fewer",
        },
    )
    chosen_supplier = forms.CharField(
        label="Chosen supplier",
        max_length=200,
        help_text="The supplier needs no account.",
        error_messages={
            "required": "Enter the chosen supplier",
            "max_length": "Chosen supplier must be 200 characters or fewer",
        },
    )
    chosen_value = MoneyField(
        label="Value, excluding VAT",
        error_messages={"required": "Enter the value, like 12,500"},
    )
    is_local_or_sme = forms.TypedChoiceField(
        label="Is it a local or a small or medium-sized supplier?",
        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
        coerce={"yes": True, "no": False, "unknown": None}.get,
        empty_value=None,
        widget=widgets.Radios(inline=True, small=True),
        error_messages={
            "required": "Select whether it is a local or a small or medium-sized supplier"
        },
    )
    agreed = forms.CharField(
        label="What did the supplier agree to do? (optional)",
        required=False,
        widget=widgets.Textarea(rows=3, max_characters=2000),
        max_length=2000,
        error_messages={"max_length": "What was agreed must be 2,000 characters or fewer"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = priorities.regional_objectives(clock.today())
        cast("forms.MultipleChoiceField", self.fields["objectives"]).choices = [
            (one.code, one.name) for one in found
        ]
        if not found:
            del self.fields["objectives"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        sought, local = cleaned.get("quotations_sought"), cleaned.get("local_quotations")
        if sought is not None and local is not None and local > sought:
            self.add_error(
                "local_quotations", "Local quotations must be no more than the quotations sought"
            )
        return cleaned


class ListFilterForm(BaseForm):
    """A GET form above the list. An unknown value narrows nothing."""

    q = forms.CharField(label="Search", required=False, max_length=200)
    route = forms.ChoiceField(
        label="Route",
        required=False,
        choices=[("", "Every route"), *Route.choices],
        widget=widgets.Select,
    )
    status = forms.ChoiceField(label="Status", required=False, widget=widgets.Select)
    directorate = forms.ChoiceField(label="Directorate", required=False, widget=widgets.Select)
    source = forms.ChoiceField(
        label="Source",
        required=False,
        choices=[("", "Every source"), *ProcurementSource.choices],
        widget=widgets.Select,
    )
    crossed = forms.BooleanField(
        label="Crossed a line", required=False, widget=widgets.Checkbox(small=True)
    )
    sort = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[("", ""), *((sign + key, key) for key in SORTS for sign in ("", "-"))],
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = [s for s in ProcurementStatus.choices if s[0] != ProcurementStatus.DRAFT]
        self._choose("status", [("", "Every status"), *used])
        names = directorates(actor)
        self._choose("directorate", [("", "Every directorate"), *((name, name) for name in names)])
        if not names:
            del self.fields["directorate"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    @property
    def wanted(self) -> ProcurementFilter:
        self.is_valid()
        # A filter that cannot be read is left out: the list then shows more, never something else.
        return ProcurementFilter(
            **{name: value for name, value in self.cleaned_data.items() if value}
        )

    @property
    def is_narrowed(self) -> bool:
        return self.wanted != ProcurementFilter(sort=self.wanted.sort)


class UploadForm(BaseForm):
    file = forms.FileField(
        label="File of notices",
        widget=widgets.FileInput(
            limits="OCDS releases in JSON, as published by Contracts Finder, up to 5 MB",
            attrs={"accept": ".json"},
        ),
        error_messages={
            "required": "Choose a file",
            "empty": "The file is empty. Choose another file",
        },
    )
    match = forms.ChoiceField(
        label="Which notices in the file are yours?",
        choices=BuyerMatch.choices,
        initial=BuyerMatch.OWN,
        widget=widgets.Radios(small=True),
        error_messages={"required": "Select which notices in the file are yours"},
    )
