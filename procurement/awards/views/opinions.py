"""A contract's commitments under another edition."""

from __future__ import annotations

from typing import Any

from procurement.awards import queries
from procurement.awards.permissions import PARTY
from socialvalue.core.errors import NotVisible
from socialvalue.core.shares import SecondOpinionForm
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Page, TableDownload
from toms.priorities.queries.opinions import FROZEN, places_of
from toms.priorities.rules.opinions import Terms


def _second_look(view: BaseView) -> tuple[queries.OpinionChoices, SecondOpinionForm]:
    """What may be chosen for this contract, and the form as sent; another edition than its own until one is chosen."""
    choices = queries.opinion_choices(view.actor, view.kwargs["pk"])
    data = view.request.GET.copy()
    chosen = str(data.get("edition") or choices.chosen)
    data["edition"] = chosen
    places = places_of(view.actor, chosen)
    return choices, SecondOpinionForm(data, editions=choices.editions, places=places)


def _second_opinion(view: BaseView, form: SecondOpinionForm) -> queries.ContractOpinion:
    asked = form.cleaned_data
    terms = Terms.of(
        place=asked["place"],
        fractions=form.fractions,
        is_discounted=asked["discount"],
        rate=form.rate_fraction,
    )
    return queries.contract_opinion(view.actor, view.kwargs["pk"], asked["edition"], terms)


class SecondOpinion(Page):
    """The contract's commitments under another edition, beside what they were awarded at."""

    access = PARTY
    template_name = "procurement/awards/second_opinion.html"

    def get_page(self) -> dict[str, Any]:
        choices, form = _second_look(self)
        found = _second_opinion(self, form) if form.is_valid() else None
        return {"contract": choices.contract, "form": form, "found": found, "frozen": FROZEN}


class SecondOpinionExport(TableDownload):
    """The same as CSV or XLSX."""

    access = PARTY

    def get_table(self) -> tuple[str, Table]:
        choices, form = _second_look(self)
        if not form.is_valid():
            raise NotVisible
        table = queries.opinion_table(_second_opinion(self, form))
        return f"second-opinion-{choices.contract.reference.lower()}", table
