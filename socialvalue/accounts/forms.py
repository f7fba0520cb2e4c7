"""What a supplier says when it registers, and afterwards about itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from socialvalue.accounts.queries import council_areas, name_taken
from socialvalue.accounts.rules import RegionSees, check_region_sees
from socialvalue.core import widgets
from socialvalue.core.errors import RuleBroken
from socialvalue.core.forms import BaseForm


class AddressForm(BaseForm):
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=widgets.TextInput(
            width=30, attrs={"type": "email", "autocomplete": "email", "spellcheck": "false"}
        ),
        error_messages={
            "required": "Enter your e-mail address",
            "max_length": "An e-mail address must be 254 characters or fewer",
            "invalid": "Enter an e-mail address like name@example.com",
        },
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class RegisterForm(BaseForm):
    organisation_name = forms.CharField(
        label="Organisation",
        max_length=200,
        widget=widgets.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={
            "required": "Enter the name of your organisation",
            "max_length": "The name of your organisation must be 200 characters or fewer",
        },
    )
    is_another = forms.BooleanField(
        label="Ours is another organisation with the same name",
        required=False,
        widget=widgets.Checkbox(small=True),
    )
    full_name = forms.CharField(
        label="Your name",
        max_length=150,
        widget=widgets.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name"},
    )
    password = forms.CharField(
        label="Password",
        help_text="At least 12 characters.",
        strip=False,
        widget=widgets.PasswordInput(autocomplete="new-password"),
        error_messages={"required": "Enter a password"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not name_taken(str(self.data.get("organisation_name", ""))):
            del self.fields["is_another"]

    def clean_password(self) -> str:
        """Told together with what is wrong elsewhere; the service looks again, knowing whose it is."""
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        taken = name_taken(data.get("organisation_name", ""))
        if taken and not data.get("is_another"):
            self.add_error(
                "organisation_name",
                f"An organisation called {taken} is registered. Ask its administrator for an account, "
                "or tick the box below if yours is another one.",
            )
        return data


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


class RegionSeesForm(BaseForm):
    """The two choices about one region, and the version they were made on."""

    figures = forms.ChoiceField(
        label="Your figures in the region’s totals",
        choices=[("shared", "Share them"), ("withheld", "Withhold them")],
        widget=widgets.Radios(
            hints={
                "shared": "The totals hold your figures for the months you belong to the region. "
                "Its analysts see your line and can open your ledger entries, without evidence.",
                "withheld": "The totals leave your figures out. The page names you as withheld, without an amount.",
            }
        ),
        error_messages={"required": "Select whether the region’s totals hold your figures"},
    )
    compared = forms.ChoiceField(
        label="Comparing value for each pound of contract value",
        help_text="Social value committed and verified, divided by what your running contracts cost.",
        choices=[("yes", "Compare us"), ("no", "Leave us out")],
        widget=widgets.Radios(
            hints={
                "yes": "The region’s analysts see your value with your name. Once 3 authorities agree, you and the "
                "others that agree see the median, the lowest and the highest, without names.",
                "no": "You are not compared, and do not see the comparison.",
            }
        ),
        error_messages={"required": "Select whether you are compared"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def sees(self) -> RegionSees:
        """What is chosen so far; nothing chosen shares and compares nothing."""
        typed = getattr(self, "cleaned_data", {})
        return RegionSees(typed.get("figures") == "withheld", typed.get("compared") == "yes")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            check_region_sees(self.sees)
        except RuleBroken as error:
            for name, message in error.errors:
                self.add_error(name, message)
        return data
