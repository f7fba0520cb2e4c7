"""Forms of adoption: which edition, from when, what of it, and the packs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast

from crispy_forms.layout import HTML, Layout
from django import forms

from socialvalue.core import widgets
from socialvalue.core.errors import RuleBroken
from socialvalue.core.forms import BaseForm, DateField
from socialvalue.core.layouts import Question
from socialvalue.core.money import without_sign
from socialvalue.core.periods import uk_date
from toms.frameworks.queries import EditionInfo, MeasureInfo, themes_of
from toms.frameworks.rules import MOST_ASKED, PackInput, read_prefixes

MAIN, BESIDE = "main", "beside"
WHOLE, SUBSET = "whole", "subset"
ALL = "all"
"""The value of the box that stands for a whole theme."""


class ChooseEditionForm(BaseForm):
    edition = forms.ChoiceField(
        label="Which edition do you adopt?",
        widget=widgets.Radios(),
        error_messages={
            "required": "Select an edition",
            "invalid_choice": "Select an edition from the list",
        },
    )

    def __init__(self, *args: Any, editions: Sequence[EditionInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["edition"])
        cast(widgets.Radios, field.widget).hints = {row.slug: _valid(row) for row in editions}
        field.choices = [(row.slug, row.name) for row in editions]
        self.helper.layout = Layout(Question("edition", heading=True))


def _valid(row: EditionInfo) -> str:
    until = f" to {uk_date(row.valid_to)}" if row.valid_to else ""
    return f"Kept by {row.framework_owner}. Valid from {uk_date(row.valid_from)}{until}."


class PickerForm(BaseForm):
    """Measures as tick boxes, theme by theme; the first box of a theme stands for all of it."""

    def add_picker(self, measures: Sequence[MeasureInfo], chosen: Collection[int]) -> list[str]:
        """Adds a field a theme and returns their names."""
        order = themes_of(measures[0].edition_id) if measures else []
        self.themes: dict[str, list[MeasureInfo]] = {f"theme_{theme.id}": [] for theme in order}
        for measure in measures:
            self.themes.setdefault(f"theme_{measure.theme_id}", []).append(measure)
        self.themes = {name: rows for name, rows in self.themes.items() if rows}
        for name, rows in self.themes.items():
            field = forms.MultipleChoiceField(
                label=rows[0].theme_name,
                required=False,
                widget=widgets.Checkboxes(
                    small=True,
                    hints={str(row.id): f"Counted in {without_sign(row.unit)}" for row in rows},
                ),
                error_messages={"invalid_choice": "Choose measures from the list"},
            )
            many = len(rows)
            field.choices = [
                *([(ALL, f"The whole theme, all {many} measures")] if many > 1 else []),
                *((str(row.id), row.label) for row in rows),
            ]
            field.initial = [str(row.id) for row in rows if row.id in chosen]
            self.fields[name] = field
        return list(self.themes)

    def picked(self) -> list[int]:
        """What is ticked, whole themes spelt out, in reading order."""
        found: list[int] = []
        for name, rows in self.themes.items():
            ticked = self.cleaned_data.get(name) or []
            found += [row.id for row in rows if ALL in ticked or str(row.id) in ticked]
        return found


class AdoptionForm(PickerForm):
    """Everything about an adoption but its edition. Once it has begun, its day and place in the order stay."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    from_on = DateField(
        label="First day",
        help_text="For example 1 4 2027",
        error_messages={"required": "Enter the first day"},
    )
    is_main = forms.ChoiceField(
        label="How do new tenders use it?",
        choices=[(MAIN, "They start with it"), (BESIDE, "They may ask for its measures too")],
        widget=widgets.Radios(
            hints={
                MAIN: "It follows the edition they start with now.",
                BESIDE: "It stands beside the edition they start with.",
            }
        ),
        error_messages={"required": "Select how new tenders use it"},
    )
    max_measures = forms.IntegerField(
        label="Most measures one tender may ask for (optional)",
        help_text="Leave empty for no limit",
        required=False,
        min_value=1,
        max_value=MOST_ASKED,
        widget=widgets.WholeNumberInput(),
        error_messages={
            "invalid": "The most measures must be a whole number, like 12",
            "min_value": "The most measures must be 1 or more",
            "max_value": f"The most measures must be {MOST_ASKED} or less",
        },
    )
    reference = forms.CharField(
        label="Decision",
        help_text=(
            "Where it was decided, for example Cabinet 9 March 2026, item 7. "
            "Needed when the first day has passed."
        ),
        required=False,
        max_length=300,
        error_messages={"max_length": "The decision must be 300 characters or fewer"},
    )
    scope = forms.ChoiceField(
        label="Which of its measures?",
        error_messages={"required": "Select the whole edition or a choice of measures"},
    )

    def __init__(
        self,
        *args: Any,
        measures: Sequence[MeasureInfo],
        chosen: Collection[int] = (),
        is_begun: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        names = self.add_picker(measures, chosen)
        scope = cast(forms.ChoiceField, self.fields["scope"])
        scope.widget = widgets.Radios(
            reveals={SUBSET: names},
            hints={SUBSET: "Your corporate choice: officers can ask for these only."},
        )
        scope.choices = [
            (WHOLE, f"The whole edition, {len(measures)} measures"),
            (SUBSET, "A choice of them"),
        ]
        if is_begun:
            del self.fields["from_on"], self.fields["is_main"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("scope") == SUBSET and not self.picked():
            self.add_error("scope", "Tick at least one measure, or use the whole edition")
        return data

    def measure_ids(self) -> list[int]:
        return self.picked() if self.cleaned_data["scope"] == SUBSET else []


class EndForm(BaseForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    to_on = DateField(
        label="Last day it is used",
        help_text="For example 31 3 2027",
        noun="The last day",
        error_messages={"required": "Enter the last day it is used"},
    )

    def __init__(self, *args: Any, may_clear: bool = False, **kwargs: Any) -> None:
        """``may_clear``: a last day is set and has not passed, so that it can be taken away again."""
        super().__init__(*args, **kwargs)
        if may_clear:
            field = self.fields["to_on"]
            field.required = False
            field.help_text = "For example 31 3 2027. Leave empty to use it until another follows"


class PackForm(PickerForm):
    """One pack. The measures offered are those of the sub-set."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label="Name of the pack",
        help_text="For example Home care",
        max_length=200,
        error_messages={
            "required": "Enter a name for the pack",
            "max_length": "The name must be 200 characters or fewer",
        },
    )
    cpv_prefixes = forms.CharField(
        label="CPV codes it suits (optional)",
        help_text=(
            "The beginnings of the codes with commas between them, 2 to 8 digits each: 45, 8531. "
            "The longest beginning that fits is suggested. Leave empty for a pack that suits any purchase."
        ),
        required=False,
        max_length=300,
        error_messages={"max_length": "The CPV codes must be 300 characters or fewer"},
    )

    def __init__(
        self,
        *args: Any,
        measures: Sequence[MeasureInfo],
        chosen: Collection[int] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        names = self.add_picker(measures, chosen)
        self.helper.layout = Layout(
            "version",
            "name",
            "cpv_prefixes",
            HTML('<h2 class="govuk-heading-m">Measures of the pack</h2>'),
            *names,
        )

    def clean_cpv_prefixes(self) -> tuple[str, ...]:
        try:
            return read_prefixes(self.cleaned_data["cpv_prefixes"])
        except RuleBroken as error:
            raise forms.ValidationError(error.message) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.picked():
            self.add_error(next(iter(self.themes), None), "Tick at least one measure for the pack")
        return data

    def pack(self) -> PackInput:
        data = self.cleaned_data
        return PackInput(data["name"].strip(), data["cpv_prefixes"], tuple(self.picked()))
