"""Forms of an organisation's own report templates."""

from __future__ import annotations

from typing import Any

from django import forms

from reporting.cabinet.rules.arranging import LONGEST_HEADING
from reporting.cabinet.vocabulary import SignOffStep
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm
from socialvalue.core.formsets import RowsFormSet


class CopyForm(BaseForm):
    """The form to copy, and the name of the copy."""

    copy_of = forms.ChoiceField(label="Copy", widget=widgets.Radios())
    name = forms.CharField(
        label="Name of the template",
        max_length=120,
        help_text="For example, Report to the Resources Committee",
        widget=widgets.TextInput(),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["copy_of"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = choices


class TemplateForm(BaseForm):
    """What a template says besides its sections."""

    name = forms.CharField(label="Name", max_length=120, widget=widgets.TextInput())
    committee = forms.CharField(
        label="Who the reports are for",
        max_length=80,
        help_text="For example, Cabinet or Resources Committee",
        widget=widgets.TextInput(width=20),
    )
    contact_roles = forms.CharField(
        label="Roles in the contacts table",
        required=False,
        help_text="One a line",
        widget=widgets.Textarea(rows=5),
    )
    sign_off_steps = forms.MultipleChoiceField(
        label="Steps of the sign-off",
        required=False,
        choices=SignOffStep.choices,
        widget=widgets.Checkboxes(small=True),
    )
    needs_sign_off = forms.BooleanField(
        label="Reports are frozen only when every step has signed them off",
        required=False,
        widget=widgets.Checkbox(),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def roles(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["contact_roles"].splitlines()]


class TemplateSectionForm(BaseForm):
    """One heading of a template."""

    kind = forms.CharField(required=False, widget=forms.HiddenInput)
    place = forms.IntegerField(
        label="Place",
        required=False,
        min_value=1,
        max_value=99,
        widget=widgets.WholeNumberInput(width=2),
        error_messages={
            "invalid": "Place must be a number, like 3",
            "min_value": "Place must be 1 or more",
            "max_value": "Place must be 99 or less",
        },
    )
    heading = forms.CharField(
        label="Heading", max_length=LONGEST_HEADING, widget=widgets.TextInput()
    )
    is_numbered = forms.BooleanField(
        label="Number this section and its paragraphs", required=False, widget=widgets.Checkbox()
    )


class TemplateSectionRows(RowsFormSet):
    row_title = "Section"
    add_text = "Add a section"

    def in_order(self) -> list[dict[str, Any]]:
        """The rows by their place; those without one stay where they stand."""
        rows = [(row.pop("place"), row) for row in map(dict, self.cleaned_data) if row]
        ranked = [(place or at, at, row) for at, (place, row) in enumerate(rows, start=1)]
        return [row for _, _, row in sorted(ranked, key=lambda rank: rank[:2])]


TemplateSections = forms.formset_factory(
    TemplateSectionForm, formset=TemplateSectionRows, extra=0, can_delete=False
)
