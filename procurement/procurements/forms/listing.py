"""Filters above the list."""

from __future__ import annotations

from typing import Any

from django import forms

from procurement.policies.vocabulary import Route
from procurement.procurements.queries import SORTS, ProcurementFilter, directorates
from procurement.procurements.vocabulary import ProcurementSource, ProcurementStatus
from socialvalue.core import widgets
from socialvalue.core.actor import Actor
from socialvalue.core.filters import FilterForm, choice


class ListFilterForm(FilterForm):
    """A GET form above the list."""

    sorts = tuple(SORTS)

    q = forms.CharField(label="Search", required=False, max_length=200)
    route = choice("Route", "Every route", Route.choices)
    status = choice(
        "Status",
        "Every status",
        [row for row in ProcurementStatus.choices if row[0] != ProcurementStatus.DRAFT],
    )
    directorate = choice("Directorate", "Every directorate")
    source = choice("Source", "Every source", ProcurementSource.choices)
    crossed = forms.BooleanField(
        label="Crossed a line", required=False, widget=widgets.Checkbox(small=True)
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("directorate", "Every directorate", ((n, n) for n in directorates(actor)))

    @property
    def wanted(self) -> ProcurementFilter:
        return ProcurementFilter(**self.given)
