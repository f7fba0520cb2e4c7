"""The GET forms above the registers."""

from __future__ import annotations

from typing import Any

from django import forms

from procurement.remedies.queries import CostFilters, ShortfallFilters, cost_choices, year_choices
from procurement.remedies.queries.costs import SORTS as COST_SORTS
from procurement.remedies.queries.shortfalls import SORTS as SHORTFALL_SORTS
from procurement.remedies.vocabulary import ShortfallStatus
from socialvalue.core.actor import Actor
from socialvalue.core.filters import FilterForm, choice
from socialvalue.core.periods import FinancialYear


class ShortfallFilterForm(FilterForm):
    sorts = tuple(SHORTFALL_SORTS)

    q = forms.CharField(
        label="Search contracts, suppliers, measures", required=False, max_length=100
    )
    status = choice(
        "Status", "Every status", [("unfinished", "Not finished"), *ShortfallStatus.choices]
    )

    def filters(self) -> ShortfallFilters:
        given = self.given
        return ShortfallFilters(
            given.get("q", ""), given.get("status", ""), given.get("sort", "") or "-raised"
        )


class CostFilterForm(FilterForm):
    sorts = tuple(COST_SORTS)

    q = forms.CharField(label="Search what was done", required=False, max_length=100)
    year = choice("Financial year", "Every year")
    contract = choice("Contract", "Every contract")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("year", "Every year", [(year.slug, year.label) for year in year_choices(actor)])
        contracts = [(str(pk), name) for pk, name in cost_choices(actor)]
        self.offer("contract", "Every contract", [("0", "Of no one contract"), *contracts])

    def filters(self) -> CostFilters:
        given = self.given
        contract = given.get("contract")
        return CostFilters(
            text=given.get("q", ""),
            year=FinancialYear.parse(given["year"]) if given.get("year") else None,
            contract_id=int(contract) if contract else None,
            sort=given.get("sort", "") or "-month",
        )
