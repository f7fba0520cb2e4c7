"""Filters above the list."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from procurement.policies.vocabulary import Route
from procurement.procurements.queries import SORTS, ProcurementFilter, directorates
from procurement.procurements.vocabulary import ProcurementSource, ProcurementStatus
from socialvalue.core import widgets
from socialvalue.core.actor import Actor
from socialvalue.core.forms import BaseForm


class ListFilterForm(BaseForm):
    """A GET form above the list. An unknown value narrows nothing."""

    q = forms.CharField(label="Search", required=False, max_length=200)
    route = forms.ChoiceField(
        label="Route",
        required=False,
        choices=[("", "Every route"), *Route.choices],
        widget=widgets.Select,
    )
    status = forms.ChoiceField(label="Status", required=False, widget=widgets.Select)
    directorate = forms.ChoiceField(label="Directorate", required=False, widget=widgets.Select)
    source = forms.ChoiceField(
        label="Source",
        required=False,
        choices=[("", "Every source"), *ProcurementSource.choices],
        widget=widgets.Select,
    )
    crossed = forms.BooleanField(
        label="Crossed a line", required=False, widget=widgets.Checkbox(small=True)
    )
    sort = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[("", ""), *((sign + key, key) for key in SORTS for sign in ("", "-"))],
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = [s for s in ProcurementStatus.choices if s[0] != ProcurementStatus.DRAFT]
        self._choose("status", [("", "Every status"), *used])
        names = directorates(actor)
        self._choose("directorate", [("", "Every directorate"), *((name, name) for name in names)])
        if not names:
            del self.fields["directorate"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    @property
    def wanted(self) -> ProcurementFilter:
        self.is_valid()
        # A filter that cannot be read is left out: the list then shows more, never something else.
        return ProcurementFilter(
            **{name: value for name, value in self.cleaned_data.items() if value}
        )

    @property
    def is_narrowed(self) -> bool:
        return self.wanted != ProcurementFilter(sort=self.wanted.sort)
