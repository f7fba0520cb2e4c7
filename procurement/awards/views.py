from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from procurement.awards import queries, services
from procurement.awards.forms import AwardForm, ContractFilterForm
from procurement.awards.permissions import PARTY
from procurement.ledger.vocabulary import Basis
from procurement.procurements.vocabulary import EstimateBasis
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.errors import NotVisible
from socialvalue.core.shares import SecondOpinionForm
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Deed, FormPage, Page, TableDownload
from toms.priorities.queries.opinions import FROZEN, places_of
from toms.priorities.rules.opinions import Terms

PAGE_SIZE = 25


class AwardContract(FormPage):
    """Choose the bid, look at what will happen, then award."""

    access = BUYER
    template_name = "procurement/awards/award.html"
    check_template_name = "procurement/awards/check.html"
    form_class = AwardForm

    @cached_property
    def award_options(self) -> queries.AwardOptions:
        return queries.award_options(self.actor, self.kwargs["procurement_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"options": self.award_options}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"options": self.award_options, "counts_only": self.counts_only}

    def get_initial(self) -> dict[str, Any]:
        options = self.award_options
        return {
            "bid": options.preselected,
            "value": options.value,
            "value_basis": options.value_basis,
            "starts_on": options.starts_on,
            "ends_on": options.ends_on,
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._elsewhere() or super().get(request, *args, **kwargs)

    def _elsewhere(self) -> HttpResponse | None:
        """Where there is nothing to choose any more, or not yet, the page leads to what there is."""
        options = self.award_options
        if options.contract_id is not None:
            messages.info(self.request, "The contract is awarded already. This is it.")
            return redirect("procurement:awards:contract", options.contract_id)
        if not options.is_ranked:
            messages.info(self.request, "Rank the bids before you award the contract.")
            return redirect("procurement:evaluations:board", options.procurement_id)
        return None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (elsewhere := self._elsewhere()) is not None:
            return elsewhere
        step = request.POST.get("step", "")
        form = self.build_form(bound=True)
        if step == "check" and form.is_valid():
            return render(request, self.check_template_name, self._check_page(form))
        if step == "change":
            # Back from the check: what was typed, without complaints.
            form = self.form_class(initial=_typed(form), **self.get_form_kwargs())
            return render(request, self.template_name, self.get_page() | {"form": form})
        return super().post(request, *args, **kwargs)

    def _check_page(self, form: AwardForm) -> dict[str, Any]:
        data = form.cleaned_data
        return self.get_page() | {
            "chosen": self.award_options.bid(data["bid"]),
            "given": data,
            "basis": "including VAT"
            if data["value_basis"] == EstimateBasis.INCL
            else "excluding VAT",
            "typed": [
                (name, value)
                for name, value in self.request.POST.items()
                if name not in ("csrfmiddlewaretoken", "step")
            ],
        }

    def perform(self, form: AwardForm) -> str:
        data = form.cleaned_data
        contract = services.award_contract(
            actor=self.actor,
            procurement_id=self.kwargs["procurement_pk"],
            bid_id=data["bid"],
            reason=data["reason"],
            value=data["value"],
            value_basis=data["value_basis"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )
        messages.success(
            self.request,
            "The contract is awarded. Its action plan is being filled in from the commitments.",
        )
        return reverse("procurement:action_plans:plan", args=[contract.pk])


def _typed(form: AwardForm) -> dict[str, Any]:
    """What a bound form holds, to start an unbound one with."""
    return {name: form[name].value() for name in form.fields}


def filters_of(request: HttpRequest) -> queries.ContractFilters:
    """The filters in an address; anything unknown falls back to the whole list."""
    return queries.ContractFilters(
        search=request.GET.get("q", "").strip(),
        status=request.GET.get("status", ""),
        sort=request.GET.get("sort", "") or "-starts",
    )


def entries_url(contract_pk: int, basis: str) -> str:
    """The ledger's rows under a figure of one contract."""
    query = urlencode({"basis": basis, "contract": contract_pk})
    return f"{reverse('procurement:ledger:entries')}?{query}"


class Contracts(Page):
    """The authority's own contracts, or the supplier's own."""

    access = PARTY
    template_name = "procurement/awards/contracts.html"

    def get_page(self) -> dict[str, Any]:
        rows = queries.contracts_for(self.actor, filters_of(self.request))
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        verified = queries.value_by_contract([row.pk for row in page], basis=Basis.VERIFIED)
        return {
            "page": page,
            "rows": [(row, row.committed_pence, verified[row.pk]) for row in page],
            "filter_form": ContractFilterForm(initial=self.request.GET.dict()),
            "is_filtered": bool(self.request.GET.get("q") or self.request.GET.get("status")),
        }


class ContractPage(Page):
    """What was promised, what is claimed and verified of it, and where its plan is."""

    access = PARTY
    template_name = "procurement/awards/contract.html"

    def get_page(self) -> dict[str, Any]:
        pk = self.kwargs["pk"]
        return {
            "contract": queries.contract_page(self.actor, pk),
            "entries": {str(basis): entries_url(pk, basis) for basis in Basis},
        }


class EndContract(Deed):
    access = BUYER

    def perform(self) -> str:
        contract = services.end_contract(actor=self.actor, contract_id=self.kwargs["pk"])
        self.say("The contract is closed.")
        return reverse("procurement:awards:contract", args=[contract.pk])


class Export(TableDownload):
    """The filtered list as CSV or XLSX."""

    access = PARTY

    def get_table(self) -> tuple[str, Table]:
        table = queries.contracts_table(self.actor, filters_of(self.request))
        return "contracts", table


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
