"""What a person says about a duty, and what the list is narrowed to."""

from __future__ import annotations

from typing import Any

from django import forms

from procurement.duties.queries import SORTS, DutyFilter
from procurement.duties.vocabulary import DutyWindow
from procurement.procurements.queries import directorates
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock, widgets
from socialvalue.core.actor import Actor
from socialvalue.core.filters import FilterForm, choice
from socialvalue.core.forms import BaseForm, DateField


class RecordForm(BaseForm):
    """When it was done and where to see it."""

    done_on = DateField(
        label="Date it was done",
        error_messages={"required": "Enter the date it was done, like 27 3 2026"},
    )
    reference = forms.CharField(
        label="Number or address of the notice (optional)",
        required=False,
        max_length=300,
        help_text="For example 2026/S 000-012345",
        error_messages={"max_length": "The reference must be 300 characters or fewer"},
    )
    note = forms.CharField(
        label="Note (optional)",
        required=False,
        max_length=2000,
        widget=widgets.Textarea(rows=3, max_characters=2000),
        error_messages={"max_length": "The note must be 2,000 characters or fewer"},
    )

    def clean_done_on(self) -> Any:
        day = self.cleaned_data["done_on"]
        if day > clock.today():
            raise forms.ValidationError("Date it was done must be today or in the past")
        return day


class DutyFilterForm(FilterForm):
    """A GET form above the list."""

    sorts = tuple(SORTS)

    q = forms.CharField(label="Search procurements", required=False, max_length=200)
    window = forms.ChoiceField(
        label="Show", required=False, choices=DutyWindow.choices, widget=widgets.Select
    )
    role = choice(
        "Done by",
        "Everybody",
        [
            (Role.PROCUREMENT_OFFICER.value, "Procurement officer"),
            (Role.CONTRACT_MANAGER.value, "Contract manager"),
        ],
    )
    directorate = choice("Directorate", "Every directorate")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("directorate", "Every directorate", ((n, n) for n in directorates(actor)))

    @property
    def wanted(self) -> DutyFilter:
        return DutyFilter(**self.given)

    @property
    def is_narrowed(self) -> bool:
        """Asking for what is shown anyway narrows nothing."""
        return self.wanted != DutyFilter(sort=self.wanted.sort)
