"""What an organisation says about itself."""

from __future__ import annotations

from typing import Any

from django import forms

from socialvalue.accounts.queries import council_areas
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm

YES_NO = [("yes", "Yes"), ("no", "No"), ("", "Not said")]


def _yes_or_no(label: str, hint: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=hint,
        choices=YES_NO,
        required=False,
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=widgets.Radios(inline=True, small=True),
        error_messages={"invalid_choice": "Select yes, no or not said"},
    )


class PlaceForm(BaseForm):
    """Where an organisation is; either may stay unsaid."""

    place = forms.ChoiceField(
        label="Council area (optional)",
        help_text="In a county with districts, a supplier chooses its district and the county council the county.",
        required=False,
        widget=widgets.Select(),
        error_messages={"invalid_choice": "Select a council area from the list"},
    )
    postcode_district = forms.CharField(
        label="First half of your postcode (optional)",
        required=False,
        max_length=10,
        help_text="For example, CV34",
        widget=widgets.TextInput(width=5),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", "Not said"), *council_areas()]  # type: ignore[attr-defined]  # a choice field


class OrganisationForm(PlaceForm):
    """Facts that may all stay unsaid."""

    company_number = forms.CharField(
        label="Company number (optional)",
        required=False,
        max_length=20,
        widget=widgets.TextInput(width=10),
    )
    is_sme = _yes_or_no("Small or medium enterprise?", "Fewer than 250 people.")
    is_vcse = _yes_or_no("Voluntary, community or social enterprise?", "")
    field_order = ("company_number", "is_sme", "is_vcse", "place", "postcode_district")
