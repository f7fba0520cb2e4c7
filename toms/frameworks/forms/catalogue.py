from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from socialvalue.core import widgets
from toms.frameworks.queries import EditionInfo, ThemeInfo
from toms.frameworks.vocabulary import MeasureKind


class CatalogueFilter(forms.Form):
    """Choose the edition, search and narrow the list of its measures."""

    edition = forms.ChoiceField(label="Edition", required=False, widget=widgets.Select())
    q = forms.CharField(label="Search", required=False, widget=widgets.TextInput(width=20))
    theme = forms.ChoiceField(label="Theme", required=False, widget=widgets.Select())
    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "All kinds"), *MeasureKind.choices],
        widget=widgets.Select(),
    )

    def __init__(
        self,
        data: QueryDict,
        *,
        themes: list[ThemeInfo],
        editions: list[EditionInfo],
    ) -> None:
        super().__init__(_without_foreign_theme(data, themes))
        shown = [("", "In use today"), *((row.slug, row.name) for row in editions)]
        themed = [("", "All themes"), *((theme.slug, theme.name) for theme in themes)]
        self._choose("edition", shown)
        self._choose("theme", themed)

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


def _without_foreign_theme(data: QueryDict, themes: list[ThemeInfo]) -> QueryDict:
    """A theme belongs to an edition: one left over from another edition is no filter here."""
    if data.get("theme", "") in {"", *(theme.slug for theme in themes)}:
        return data
    kept = data.copy()
    kept["theme"] = ""
    return kept
