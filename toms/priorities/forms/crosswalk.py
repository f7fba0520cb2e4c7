"""What a region's crosswalk is narrowed to, and how a measure is decided to count."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from socialvalue.core import widgets
from socialvalue.core.filters import FilterForm, choice
from socialvalue.core.forms import BaseForm, DecimalTextField
from toms.frameworks.queries import EditionInfo, MeasureInfo
from toms.priorities.queries import CrosswalkRow
from toms.priorities.vocabulary import Counted

LEAVE_OUT = "none"
MOST_WORDS = 1000
STANDINGS = [(value, label) for value, label in Counted.choices if value != Counted.ITSELF]


class CrosswalkFilter(FilterForm):
    """A GET form above the list."""

    q = forms.CharField(
        label="Search", required=False, max_length=200, widget=widgets.TextInput(width=20),
        help_text="Code, title, unit or authority",
    )  # fmt: skip
    standing = choice("How it counts", "All", STANDINGS)
    edition = choice("Edition", "Every edition")

    def __init__(self, *args: Any, editions: Iterable[EditionInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("edition", "Every edition", ((row.slug, row.name) for row in editions))

    def kept(self, rows: Iterable[CrosswalkRow]) -> list[CrosswalkRow]:
        """The rows that every given answer lets through."""
        given = self.given
        words = given.get("q", "").casefold().split()
        return [
            row
            for row in rows
            if given.get("standing") in (None, row.standing.value)
            and given.get("edition") in (None, row.edition.slug)
            and all(word in _said(row) for word in words)
        ]


def _said(row: CrosswalkRow) -> str:
    target = row.target.label if row.target else ""
    said = (row.measure.label, row.measure.unit, *row.authorities, target)
    return " ".join(said).casefold()


class AliasFilter(FilterForm):
    q = forms.CharField(
        label="Search", required=False, max_length=100, widget=widgets.TextInput(width=20),
        help_text="A code like NT1, or words of our measure",
    )  # fmt: skip


class TargetFilter(FilterForm):
    """Narrows the list of regional measures to choose from."""

    q = forms.CharField(
        label="Find a regional measure", required=False, max_length=100,
        widget=widgets.TextInput(width=20), help_text="Code, words of its title, its theme or its unit",
    )  # fmt: skip

    def kept(self, measures: Iterable[MeasureInfo], chosen: int | None) -> list[MeasureInfo]:
        """Those that hold every word, and the one that is chosen already."""
        words = self.given.get("q", "").casefold().split()
        return [
            row
            for row in measures
            if row.id == chosen
            or all(word in f"{row.label} {row.theme_name} {row.unit}".casefold() for word in words)
        ]


class FactorField(DecimalTextField):
    """How many of one unit one of another is, to nine places."""

    places = 9
    largest = Decimal(10) ** 8
    example = "0.5 or 0.133333333"


class MappingForm(BaseForm):
    """As which regional measure, at what rate, and why; or deliberately as none."""

    target = forms.ChoiceField(
        label="Counts as",
        widget=widgets.Select(),
        error_messages={
            "required": "Choose the regional measure it counts as, or that it counts in none",
            "invalid_choice": "Choose one of the measures the region uses now",
        },
    )
    factor = FactorField(
        label="Conversion (optional)",
        required=False,
        above_zero=True,
        widget=widgets.QuantityInput(width=10),
    )
    reason = forms.CharField(
        label="Reason (optional)",
        required=False,
        max_length=MOST_WORDS,
        help_text="Needed where it counts in none or is converted. Everybody who reads the crosswalk sees it.",
        widget=widgets.Textarea(rows=3, max_characters=MOST_WORDS),
        error_messages={"max_length": "The reason must be 1,000 characters or fewer"},
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, source: MeasureInfo, regional: Iterable[MeasureInfo], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [
            ("", "Choose a measure"),
            (LEAVE_OUT, "None: deliberately not counted in the regional measures"),
            *by_theme(regional),
        ]
        unit = "pounds" if source.unit == "£" else source.unit
        self.fields["factor"].help_text = (
            f"The number that turns {unit} into the regional measure's unit, like 0.133333333 from hours to "
            "days of 7.5 hours. Leave empty where the units are the same."
        )

    @property
    def target_id(self) -> int | None:
        """None: deliberately in no regional measure."""
        chosen = self.cleaned_data["target"]
        return None if chosen == LEAVE_OUT else int(chosen)


def by_theme(measures: Iterable[MeasureInfo]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups for a list to choose from, the unit beside each measure."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in measures:
        groups.setdefault(row.theme_name, []).append((str(row.id), f"{row.label} ({row.unit})"))
    return list(groups.items())


class UnmapForm(BaseForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class SuggestionsForm(BaseForm):
    """The suggestions as they stand, to accept together; each can be left out."""

    accept = forms.MultipleChoiceField(
        label="Suggestions to accept",
        widget=widgets.Checkboxes(),
        error_messages={
            "required": "Select at least one suggestion",
            "invalid_choice": "The suggestions have changed. Open this page again",
        },
    )

    def __init__(self, *args: Any, rows: Iterable[CrosswalkRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(pair_of(row), row) for row in rows]
        field = self.fields["accept"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # declared above
        field.choices = [(key, _offer(row)) for key, row in found]
        field.initial = [key for key, _ in found]
        assert isinstance(field.widget, widgets.Checkboxes)  # noqa: S101  # declared above
        field.widget.hints = {key: row.suggested.why for key, row in found if row.suggested}

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Source and target of each that was accepted."""
        chosen = (text.split(":") for text in self.cleaned_data["accept"])
        return [(int(source), int(target)) for source, target in chosen]


def pair_of(row: CrosswalkRow) -> str:
    return f"{row.measure.id}:{row.suggested.target.id if row.suggested else 0}"


def _offer(row: CrosswalkRow) -> str:
    target = row.suggested.target.label if row.suggested else ""
    return f"{row.measure.label} of {row.edition.name}, as {target} ({row.measure.unit})"
