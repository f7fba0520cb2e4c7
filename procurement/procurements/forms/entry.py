"""Entering and changing a procurement."""

from __future__ import annotations

from typing import Any

from django import forms

from procurement.procurements.forms.figures import (
    MADE_UP_OF,
    PART_LABELS,
    UNKNOWN,
    AdviceForm,
    EstimateForm,
)
from procurement.procurements.rules import MAX_TITLE, check_period, check_start
from socialvalue.core import widgets
from socialvalue.core.errors import RuleBroken
from socialvalue.core.forms import BaseForm, DateField


class ProcurementForm(AdviceForm):
    """A new procurement, or a change to one. The version or the key travels unseen."""

    title = forms.CharField(
        label="Title",
        max_length=MAX_TITLE,
        error_messages={"required": "Enter a title"},
    )
    starts_on = DateField(label="Contract starts (optional)", required=False)
    ends_on = DateField(
        label="Contract ends (optional)", required=False, help_text="Before any extension"
    )
    directorate = forms.CharField(
        label="Directorate (optional)",
        max_length=120,
        required=False,
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

    optional_names = (
        "vat_kind", "vat_rate_percent", "estimate_other", "is_utilities", "is_mixed",
        *(f"part_{category}" for category in PART_LABELS), "has_makeup", *MADE_UP_OF,
        "directorate", "cpv", "description",
    )  # fmt: skip

    clean_cpv = EstimateForm.clean_cpv

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            check_start(cleaned.get("commenced_on"), cleaned.get("starts_on"))
            check_period(cleaned.get("starts_on"), cleaned.get("ends_on"))
        except RuleBroken as error:
            for field, message in error.errors:
                self.add_error(field, message)
        return cleaned

    @property
    def shows_optional(self) -> bool:
        """The part that opens on request stands open when it holds an answer or an error."""
        return any(
            self[name].errors or self[name].value() not in (None, "", False, UNKNOWN)
            for name in self.optional_names
        )

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the record."""
        unseen = {"submission_key", "version", "vat_kind", "is_mixed", "has_makeup"}
        unseen |= {f"part_{category}" for category in PART_LABELS}
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
