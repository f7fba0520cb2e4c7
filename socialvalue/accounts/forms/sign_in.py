"""allauth's forms in our words: labels, hints and errors; no placeholder, and a new password is typed once.

Each is named in ``ACCOUNT_FORMS`` or ``MFA_FORMS`` of the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa import app_settings as mfa
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from socialvalue.accounts.models import User
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm

ADDRESS = (
    "E-mail address",
    "",
    {
        "required": "Enter your e-mail address",
        "invalid": "Enter an e-mail address like name@example.com",
    },
)
CODE = {"required": "Enter the code"}
NEW_PASSWORD = (
    "New password",
    "At least 12 characters. Three words that do not belong together are easy to remember and hard to guess.",
    {"required": "Enter a new password"},
)
LONGEST_NAME = 60


class OurWords(forms.Form):
    """``words``: for each field its label, hint and error messages; an empty hint takes theirs away."""

    words: ClassVar[Mapping[str, tuple[str, str, Mapping[str, str]]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text, messages = self.words[name]
                field.error_messages.update(messages)


class SignInForm(OurWords, account.LoginForm):
    words: ClassVar = {
        "login": ADDRESS,
        "password": ("Password", "", {"required": "Enter your password"}),
    }


class ForgottenForm(OurWords, account.ResetPasswordForm):
    words: ClassVar = {"email": ADDRESS}


class NewPasswordForm(OurWords, account.ResetPasswordKeyForm):
    words: ClassVar = {"password1": NEW_PASSWORD}


class FirstPasswordForm(OurWords, account.SetPasswordForm):
    words: ClassVar = {"password1": NEW_PASSWORD}


class PasswordForm(OurWords, account.ChangePasswordForm):
    words: ClassVar = {
        "oldpassword": ("Your password now", "", {"required": "Enter your password of now"}),
        "password1": NEW_PASSWORD,
    }


class AgainForm(OurWords, account.ReauthenticateForm):
    words: ClassVar = {"password": ("Password", "", {"required": "Enter your password"})}


class OtherAddressForm(OurWords, account.AddEmailForm):
    words: ClassVar = {
        "email": (
            "New e-mail address",
            "We send a link to it. Until you open the link, nothing changes.",
            ADDRESS[2],
        )
    }


class _Digits(OurWords):
    """A form with a box ``code``: digits, which the telephone's keyboard shows and the browser may fill in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget = widgets.TextInput(
            width=10,
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
        )


def _use_once(user_id: int, code: str) -> None:
    """Remember that somebody used this code of an app, for as long as the clock lets it hold.

    allauth remembers a code for one period of 30 seconds, though with a tolerance it holds for three, and
    not at all the code that turned the app on (RFC 6238, section 5.2: no second attempt is accepted).

    Raises:
        ValidationError: it was used before
    """
    digits = "".join(filter(str.isdecimal, code))
    holds = mfa.TOTP_PERIOD * (2 * mfa.TOTP_TOLERANCE + 1)
    if not cache.add(f"totp.used:{user_id}:{digits}", True, timeout=holds):
        raise get_adapter().validation_error("incorrect_code")


class _Once(_Digits):
    """The code of an app opens once."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # of the form beside it
        if self.authenticator.type == Authenticator.Type.TOTP:
            _use_once(self.user.pk, code)
        return code


class CodeForm(_Once, AuthenticateForm):
    words: ClassVar = {
        "code": (
            "Code",
            "6 digits from your authenticator app, or one of your recovery codes",
            CODE,
        )
    }


class CodeAgainForm(_Once, ReauthenticateForm):
    words: ClassVar = CodeForm.words


class AppForm(_Digits, ActivateTOTPForm):
    words: ClassVar = {"code": ("Code that the app shows", "6 digits", CODE)}

    def clean_code(self) -> str:
        code: str = super().clean_code()
        _use_once(self.user.pk, code)
        return code


class PasskeyForm(OurWords, AddWebAuthnForm):
    words: ClassVar = {
        "name": ("Name", "So that you know it among others: the phone or computer it is on", {}),
        "passwordless": ("Sign in with it alone, without a password", "", {}),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _short(self.fields["name"])
        self.fields["passwordless"].widget = widgets.Checkbox()
        self.fields["passwordless"].initial = True


class PasskeyNameForm(OurWords, EditWebAuthnForm):
    words: ClassVar = {"name": ("Name", "", {"required": "Enter a name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _short(self.fields["name"])


class _Shown(forms.Form):
    """A passkey that was shown: what is said of a wrong code does not fit it."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the form beside it
        except ValidationError as error:
            if error.code != "incorrect_code":
                raise
            raise ValidationError(
                "This passkey does not open an account here. Use another way to sign in",
                code="unknown_passkey",
            ) from error


class PasskeySignInForm(_Shown, LoginWebAuthnForm):
    """Alone, without a password."""


class PasskeyStepForm(_Shown, AuthenticateWebAuthnForm):
    """After the password."""


class PasskeyAgainForm(_Shown, ReauthenticateWebAuthnForm):
    """To confirm that it is oneself."""


def _short(field: forms.Field) -> None:
    field.widget = widgets.TextInput(width=30, attrs={"spellcheck": "false"})
    assert isinstance(field, forms.CharField)  # noqa: S101  # for mypy: it is allauth's
    field.max_length = LONGEST_NAME
    field.validators.append(
        MaxLengthValidator(LONGEST_NAME, f"The name must be {LONGEST_NAME} characters or fewer")
    )


class OwnNameForm(BaseForm):
    full_name = forms.CharField(
        label="Your name",
        max_length=150,
        widget=widgets.TextInput(width=30, attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your name"},
    )


class AskingForm(BaseForm):
    """Whether an organisation asks its people for a second step."""

    asks = forms.TypedChoiceField(
        label="Do all your people sign in with a second step?",
        choices=[("yes", "Yes, all of them"), ("no", "No, each decides")],
        coerce=lambda value: value == "yes",
        widget=widgets.Radios(
            hints={
                "yes": "Who has none yet sees only their account until it is set up.",
                "no": "Whoever has one is still asked for it.",
            }
        ),
        error_messages={"required": "Select whether your people sign in with a second step"},
    )


class ResetForm(BaseForm):
    """Why somebody's second step is taken off."""

    reason = forms.CharField(
        label="How do you know that it is them?",
        help_text="For example: they came to my desk. It is kept in the record and in the letter to them.",
        max_length=300,
        widget=widgets.Textarea(rows=3),
        error_messages={"required": "Enter how you know that it is them"},
    )
