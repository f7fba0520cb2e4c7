"""What a platform operator says when opening an access, or inviting an organisation's administrator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from socialvalue.accounts.rules.platform import HOURS
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm


class AccessForm(BaseForm):
    organisation = forms.ChoiceField(
        label="What you need to look at",
        widget=widgets.Select,
        help_text="An authority’s pages as its auditor sees them, or the tables of the whole service in the admin.",
        error_messages={
            "required": "Select what you need to look at",
            "invalid_choice": "Select an authority from the list",
        },
    )
    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=widgets.Textarea(max_characters=500),
        help_text="The organisation’s administrators read this. Leave out names and anything secret.",
        error_messages={"required": "Say why this access is needed"},
    )
    hours = forms.TypedChoiceField(
        label="For how long",
        coerce=int,
        choices=[(hours, f"{hours} hour{'' if hours == 1 else 's'}") for hours in HOURS],
        widget=widgets.Radios,
        error_messages={"required": "Select for how long"},
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", "Select"), *places]  # type: ignore[attr-defined]


class InviteAdministratorForm(BaseForm):
    organisation = forms.ChoiceField(
        label="Organisation",
        widget=widgets.Select,
        error_messages={
            "required": "Select the organisation",
            "invalid_choice": "Select an organisation from the list",
        },
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=widgets.TextInput(
            width=30, attrs={"type": "email", "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text="They get a letter with a link that works once, for seven days.",
        error_messages={
            "required": "Enter the e-mail address of the administrator",
            "max_length": "An e-mail address must be 254 characters or fewer",
            "invalid": "Enter an e-mail address like name@example.com",
        },
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", "Select"), *places]  # type: ignore[attr-defined]
