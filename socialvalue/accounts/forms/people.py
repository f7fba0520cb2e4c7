"""Looking for people, changing what they hold, inviting more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from socialvalue.accounts.queries import LEFT, NOW, PEOPLE_SORTS, PeopleFilter
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import widgets
from socialvalue.core.filters import FilterForm, choice
from socialvalue.core.forms import BaseForm

RoleChoice = tuple[str, str, str]
"""Role, label, and what it may do."""


class PeopleFilterForm(FilterForm):
    """A GET form above the list of people."""

    sorts = tuple(PEOPLE_SORTS)

    q = forms.CharField(label="Name or e-mail address", required=False, max_length=200)
    role = choice("Role", "Every role")
    who = choice("Who", "Who belongs here now", [(LEFT, "Who left")])

    def __init__(self, *args: Any, roles: Sequence[RoleChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member = (Role.MEMBER.value, Role.MEMBER.label, "")
        self.offer("role", "Every role", [(value, label) for value, label, _ in (*roles, member)])

    @property
    def wanted(self) -> PeopleFilter:
        given = self.given
        return PeopleFilter(
            q=given.get("q", ""),
            role=given.get("role", ""),
            who=given.get("who", NOW),
            sort=given.get("sort", "name"),
        )


def _offer_roles(field: forms.Field, choices: Sequence[RoleChoice]) -> None:
    rows = cast("forms.MultipleChoiceField", field)
    rows.widget = widgets.Checkboxes(hints={value: hint for value, _, hint in choices})
    rows.choices = [(value, label) for value, label, _ in choices]


class RolesForm(BaseForm):
    """Exactly these roles. ``version`` are those held when the page was opened."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        required=False,
        error_messages={"invalid_choice": "Select roles from the list"},
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, choices: Sequence[RoleChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_roles(self.fields["roles"], choices)


def held_as_text(held: frozenset[str]) -> str:
    return ",".join(sorted(held))


def held_of_text(text: str) -> frozenset[str]:
    return frozenset(word for word in text.split(",") if word)


class RemoveForm(BaseForm):
    """Nothing but what was held when the page was opened."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)


class InviteForm(BaseForm):
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=widgets.TextInput(
            width=30, attrs={"type": "email", "autocomplete": "off", "spellcheck": "false"}
        ),
        error_messages={
            "required": "Enter the e-mail address of the person",
            "max_length": "An e-mail address must be 254 characters or fewer",
            "invalid": "Enter an e-mail address like name@example.com",
        },
    )
    roles = forms.MultipleChoiceField(
        label="Roles",
        error_messages={
            "required": "Select at least one role",
            "invalid_choice": "Select roles from the list",
        },
    )

    def __init__(self, *args: Any, choices: Sequence[RoleChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_roles(self.fields["roles"], choices)


class AcceptForm(BaseForm):
    """Somebody with an account agrees with a button."""
