"""One form a step. Everything is kept between steps, so each can be opened again."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, DateField
from socialvalue.core.layouts import Group
from toms.imports import rules
from toms.imports.queries import ColumnChoice
from toms.imports.vocabulary import ThemeSource

NOT_IN_FILE = ""


class UploadForm(BaseForm):
    file = forms.FileField(
        label="Spreadsheet of the framework",
        widget=widgets.FileInput(
            limits="XLSX, ODS or CSV, up to 10 MB", attrs={"accept": ".xlsx,.ods,.csv"}
        ),
        error_messages={
            "required": "Choose a file",
            "empty": "The file is empty. Choose another file",
        },
    )


class VersionedForm(BaseForm):
    version = forms.IntegerField(widget=forms.HiddenInput())


class SheetForm(VersionedForm):
    sheet = forms.ChoiceField(
        label="Which sheet holds the measures?",
        widget=widgets.Radios(small=True),
        error_messages={"required": "Select the sheet that holds the measures"},
    )
    first = forms.IntegerField(
        label="First row",
        min_value=1,
        max_value=50_000,
        widget=widgets.WholeNumberInput(),
        error_messages={
            "required": "Enter the number of the first heading row",
            "invalid": "The first heading row is a whole number, like 4",
        },
    )
    last = forms.IntegerField(
        label="Last row",
        min_value=1,
        max_value=50_000,
        widget=widgets.WholeNumberInput(),
        error_messages={
            "required": "Enter the number of the last heading row",
            "invalid": "The last heading row is a whole number, like 4",
        },
    )

    def __init__(self, *args: Any, sheets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = sheets  # type: ignore[attr-defined]  # a ChoiceField
        hint = "Row numbers as your spreadsheet shows them. They are the same when headings take one row."
        self.helper.layout = Layout(
            "version", "sheet", Group("Rows of the headings", "first", "last", hint=hint)
        )


class ColumnsForm(VersionedForm):
    """A select for every part of a measure; its choices are the columns of the file."""

    theme_source = forms.ChoiceField(
        label="Where are the themes?",
        choices=ThemeSource.choices,
        widget=widgets.Radios(small=True, reveals={ThemeSource.COLUMN: ["theme"]}),
        error_messages={"required": "Select where the themes are"},
    )

    def __init__(self, *args: Any, columns: tuple[ColumnChoice, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (NOT_IN_FILE, "Not in the file"),
            *((str(c.index), f"{c.letter}: {c.heading or 'no heading'}"[:80]) for c in columns),
        ]
        samples = {c.index: c.sample for c in columns}
        chosen = self.initial
        for part in rules.PARTS:
            label = part.label if part.is_required else f"{part.label} (optional)"
            if part.name == "theme":
                label = "Column of the theme"
            held = chosen.get(part.name)
            sample = samples.get(int(held), "") if held not in (None, "") else ""
            hint = part.hint
            if sample:
                hint = f"For example: {sample}. {hint}" if hint else f"For example: {sample}"
            self.fields[part.name] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=False,
                help_text=hint,
                widget=widgets.Select(),
            )
        needed = [part.name for part in rules.PARTS if part.is_required]
        others = [p.name for p in rules.PARTS if p.name not in (*needed, "theme")]
        self.helper.layout = Layout("version", *needed, "theme_source", *others)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for name in rules.REQUIRED:
            if not values.get(name) and name not in self.errors:
                label = rules.BY_NAME[name].label.lower()
                self.add_error(name, f"Select the column that holds the {label}")
        return values

    def chosen(self) -> dict[str, int]:
        """Index of the column of every part that has one."""
        return {
            part.name: int(value)
            for part in rules.PARTS
            if (value := self.cleaned_data.get(part.name)) not in (None, NOT_IN_FILE)
        }


class AboutForm(VersionedForm):
    framework_name = forms.CharField(
        label="Name of the framework", max_length=120, widget=widgets.TextInput(),
        help_text="The same name for every edition, so that a new one is compared with the one before.",
        error_messages={
            "required": "Enter the name of the framework",
            "max_length": "The name must be 120 characters or fewer",
        },
    )  # fmt: skip
    framework_owner = forms.CharField(
        label="Published by",
        max_length=200,
        widget=widgets.TextInput(),
        error_messages={"required": "Enter who published it"},
    )
    edition_label = forms.CharField(
        label="Edition",
        max_length=60,
        widget=widgets.TextInput(width=20),
        help_text="For example 2026",
        error_messages={
            "required": "Enter the edition, for example 2026",
            "max_length": "The edition must be 60 characters or fewer",
        },
    )
    valid_from = DateField(
        label="First day it holds",
        noun="The first day",
        error_messages={"required": "Enter the first day it holds"},
    )
    valid_to = DateField(label="Last day it holds (optional)", required=False)


class ApplyForm(VersionedForm):
    checksum = forms.CharField(widget=forms.HiddenInput())
    licence = forms.CharField(
        label="Licence your organisation holds",
        help_text="Who gave it, its number or date, what it covers and until when.",
        max_length=2000,
        widget=widgets.Textarea(rows=3),
        error_messages={
            "required": "Enter the licence your organisation holds",
            "max_length": "The licence must be 2,000 characters or fewer",
        },
    )
    confirmed_by = forms.CharField(
        label="Licence confirmed by",
        max_length=150,
        widget=widgets.TextInput(),
        error_messages={"required": "Enter your name as you are signed in"},
    )
    confirmed = forms.BooleanField(
        label="I confirm that this licence covers importing the framework and using it here",
        widget=widgets.Checkbox(),
        error_messages={"required": "Tick that the licence covers this"},
    )
    accepts_warnings = forms.BooleanField(
        label="I have looked at what is odd and it is right",
        required=False,
        widget=widgets.Checkbox(),
    )

    def __init__(self, *args: Any, name: str, has_warnings: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name, self.has_warnings = name, has_warnings
        self.fields["confirmed_by"].help_text = f"Type your name as you are signed in: {name}"
        if not has_warnings:
            del self.fields["accepts_warnings"]
        order = ["version", "checksum", "licence", "confirmed_by", "confirmed"]
        self.helper.layout = Layout(*order, *(["accepts_warnings"] if has_warnings else []))

    def clean_confirmed_by(self) -> str:
        typed = " ".join(str(self.cleaned_data["confirmed_by"]).split())
        if typed.casefold() != self.name.casefold():
            raise ValidationError(f"Enter your name as you are signed in: {self.name}")
        return typed


class UndoForm(BaseForm):
    confirmed = forms.BooleanField(
        label="Take this edition back",
        widget=widgets.Checkbox(),
        error_messages={"required": "Tick that this edition is to be taken back"},
    )
