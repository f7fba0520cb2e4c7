"""What the record is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from socialvalue.audit.queries.records import ACCESS_SORTS, DEED_SORTS, RecordFilter
from socialvalue.audit.vocabulary import AccessKind
from socialvalue.core import widgets
from socialvalue.core.filters import FilterForm, choice
from socialvalue.core.forms import EARLIEST, LATEST
from socialvalue.core.periods import uk_date

Pairs = Iterable[tuple[str, str]]
DAYS = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")


def day(label: str) -> forms.DateField:
    """A day in one box, as people write it: three boxes twice would fill the bar."""
    return forms.DateField(
        label=label,
        required=False,
        input_formats=DAYS,
        widget=widgets.TextInput(width=10),
        validators=[
            MinValueValidator(EARLIEST, f"Write a day from {uk_date(EARLIEST)} on"),
            MaxValueValidator(LATEST, f"Write a day up to {uk_date(LATEST)}"),
        ],
        error_messages={"invalid": "Write the day like 1 April 2026"},
    )


class RecordFilterForm(FilterForm):
    """Words, a person, a kind, and the days from and to, both counted."""

    q = forms.CharField(label="Search", required=False, max_length=200)
    person = choice("Person", "Everybody")
    kind = choice("Kind", "Every kind")
    first = day("From, like 1 April 2026")
    last = day("To the end of")

    def __init__(self, *args: Any, people: Pairs = (), kinds: Pairs = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("person", "Everybody", people)
        self.offer("kind", "Every kind", kinds)

    @property
    def wanted(self) -> RecordFilter:
        return RecordFilter(**self.given)


class DeedFilterForm(RecordFilterForm):
    sorts = tuple(DEED_SORTS)


class AccessFilterForm(RecordFilterForm):
    sorts = tuple(ACCESS_SORTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, kinds=AccessKind.choices, **kwargs)
