"""Writing a council's own statement, its last day, and what serves a priority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.forms.utils import ErrorDict

from socialvalue.core import widgets
from socialvalue.core.filters import FilterForm
from socialvalue.core.forms import BaseForm, DateField
from socialvalue.core.formsets import RowsFormSet
from toms.priorities.queries import Choice
from toms.priorities.rules import MOST_PRIORITIES, RowInput

ROWS = "priorities"


class DayFilter(FilterForm):
    """The day on which the statements are looked at."""

    on = DateField(label="On the day (today if left empty)", noun="The day", required=False)


class PriorityForm(BaseForm):
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label="Priority",
        max_length=200,
        error_messages={
            "required": "Enter the name of the priority",
            "max_length": "The name of a priority must be 200 characters or fewer",
        },
    )
    code = forms.CharField(
        label="Code (optional)",
        max_length=30,
        required=False,
        widget=widgets.TextInput(width=10),
        error_messages={"max_length": "A code must be 30 characters or fewer"},
    )
    about = forms.CharField(
        label="What it means (optional)",
        max_length=1000,
        required=False,
        widget=widgets.Textarea(rows=2),
    )


class BasePriorities(RowsFormSet):
    """A row that was left wholly empty is none; one that is emptied while it is kept already is asked for."""

    row_title = "Priority"
    add_text = "Add a priority"

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"empty_permitted": True}


PriorityRows = forms.formset_factory(
    PriorityForm,
    formset=BasePriorities,
    extra=0,
    can_delete=False,
    max_num=MOST_PRIORITIES,
)


class StatementForm(BaseForm):
    """Name, document, days and priorities. The days are left out once the statement has begun."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="Name of the statement",
        help_text="For example, Council plan 2026 to 2030",
        max_length=200,
        widget=widgets.TextInput(width=30),
        error_messages={
            "required": "Enter the name of the statement",
            "max_length": "The name must be 200 characters or fewer",
        },
    )
    document = forms.CharField(
        label="Where are they set out?",
        help_text="The document and its date, for example Council Plan, approved 22 March 2026",
        max_length=250,
        widget=widgets.TextInput(width=30),
        error_messages={
            "required": "Enter the document that sets the priorities out",
            "max_length": "The document must be 250 characters or fewer",
        },
    )
    address = forms.URLField(
        label="Its address on the web (optional)",
        max_length=200,
        required=False,
        widget=widgets.TextInput(width=30),
        assume_scheme="https",
        error_messages={
            "invalid": "Enter an address like https://www.example.gov.uk/plan",
            "max_length": "The address must be 200 characters or fewer",
        },
    )
    valid_from = DateField(
        label="First day",
        help_text="Contracts whose procurement commenced on this day or later are shown against it",
        error_messages={"required": "Enter the first day"},
    )
    valid_to = DateField(
        label="Last day (optional)",
        help_text="Leave it empty: it then holds until another follows",
        required=False,
    )

    def __init__(
        self, *args: Any, rows: Sequence[Mapping[str, Any]], has_begun: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if has_begun:
            del self.fields["valid_from"], self.fields["valid_to"]
            self.helper.layout = Layout(*self.fields)
        # A sent row is compared with nothing: one that did not change is still a row.
        self.rows: Any = (
            PriorityRows(self.data, prefix=ROWS)
            if self.is_bound
            else PriorityRows(prefix=ROWS, initial=[*rows])
        )

    def is_valid(self) -> bool:
        """Of the rows too. Where a row was added or removed nothing is complained of: the page is drawn again."""
        if self.rows.rows_changed:
            self._errors = ErrorDict()
            return False
        both = [super().is_valid(), self.rows.is_valid()]
        return all(both)

    def inputs(self) -> list[RowInput]:
        return [
            RowInput(row["id"], row["code"], row["name"], row["about"])
            for row in (form.cleaned_data for form in self.rows.forms)
            if row
        ]


class LastDayForm(BaseForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    valid_to = DateField(
        label="Last day (optional)",
        help_text="The last day on which it holds. Leave it empty: it then holds until another follows",
        noun="The last day",
        required=False,
    )


class DropForm(BaseForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class LinksForm(BaseForm):
    """What serves a priority: a question for each theme, so that long lists stay short."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[Choice]] = {}
        for row in choices:
            groups.setdefault(row.group, []).append(row)
        for number, (group, rows) in enumerate(groups.items()):
            self.fields[f"theme_{number}"] = forms.MultipleChoiceField(
                label=group,
                required=False,
                choices=[(row.link.key, row.label) for row in rows],
                initial=[row.link.key for row in rows if row.is_linked],
                widget=widgets.Checkboxes(
                    small=True, hints={row.link.key: row.hint for row in rows if row.hint}
                ),
                error_messages={"invalid_choice": "Select outcomes and measures from the list"},
            )
        self.helper.layout = Layout(*self.fields)

    @property
    def chosen(self) -> list[str]:
        return [
            key
            for name, keys in self.cleaned_data.items()
            if name.startswith("theme_")
            for key in keys
        ]
