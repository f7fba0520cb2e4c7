from __future__ import annotations

from typing import Any

from django import forms

from socialvalue.core import widgets
from toms.frameworks.queries import EditionInfo


class DifferenceFilter(forms.Form):
    """Which two editions to compare."""

    before = forms.ChoiceField(label="From", widget=widgets.Select())
    after = forms.ChoiceField(label="To", widget=widgets.Select())

    def __init__(self, *args: Any, editions: list[EditionInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(row.slug, row.name) for row in editions]
        for name in ("before", "after"):
            self.fields[name].choices = shown  # type: ignore[attr-defined]  # a ChoiceField
