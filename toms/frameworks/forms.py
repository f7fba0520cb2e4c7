from __future__ import annotations

from typing import Any

from django import forms

from socialvalue.core import widgets
from toms.frameworks.queries import ThemeInfo
from toms.frameworks.vocabulary import MeasureKind


class CatalogueFilter(forms.Form):
    """Search and narrow the list of measures."""

    q = forms.CharField(label="Search", required=False, widget=widgets.TextInput(width=20))
    theme = forms.ChoiceField(label="Theme", required=False, widget=widgets.Select())
    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "All kinds"), *MeasureKind.choices],
        widget=widgets.Select(),
    )

    def __init__(self, *args: Any, themes: list[ThemeInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themed = [("", "All themes"), *((theme.slug, theme.name) for theme in themes)]
        self.fields["theme"].choices = themed  # type: ignore[attr-defined]  # a ChoiceField
