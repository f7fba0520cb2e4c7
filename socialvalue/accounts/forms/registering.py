"""What a supplier says when it registers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from socialvalue.accounts.queries import name_taken
from socialvalue.core import widgets
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


class NewPersonForm(BaseForm):
    """Somebody without an account: who they are, and how they sign in from now on."""

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

    def clean_password(self) -> str:
        """Told together with what is wrong elsewhere; the service looks again, knowing whose it is."""
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class RegisterForm(NewPersonForm):
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
    field_order = ("organisation_name", "is_another", "full_name", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not name_taken(str(self.data.get("organisation_name", ""))):
            del self.fields["is_another"]

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
