"""Contracts: the list, the page of one, its schedule and its end."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse

from procurement.awards import queries, services
from procurement.awards.forms import ContractFilterForm
from procurement.awards.permissions import PARTY
from procurement.awards.queries.schedule import schedule_document
from procurement.ledger.vocabulary import Basis
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.documents import Document
from socialvalue.core.tables import Table
from socialvalue.core.views import Deed, DocumentDownload, Page, TableDownload

PAGE_SIZE = 25


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
        contract = queries.contract_page(self.actor, pk)
        return {
            "contract": contract,
            "entries": {str(basis): entries_url(pk, basis) for basis in Basis},
            "signing_tasks": _tasks(contract),
            "my_summary_url": reverse("procurement:awards:my_summary", args=[contract.my_summary])
            if contract.my_summary
            else "",
        }


def _tasks(contract: queries.ContractView) -> list[dict[str, str]]:
    """What stands between award and signature, each with the page where it is done."""
    steps = contract.signing.steps if contract.signing else ()
    return [
        {
            "title": step.title,
            "href": reverse(step.url_name, args=[contract.brief.id]) if step.url_name else "",
            "status": step.state,
            "hint": step.note,
        }
        for step in steps
    ]


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


class Schedule(DocumentDownload):
    """The commitments with their clause, to put into the contract."""

    access = PARTY

    def get_document(self) -> tuple[str, Document]:
        pk = self.kwargs["pk"]
        reference = queries.contract_for(self.actor, pk).reference
        return f"commitments-{reference.lower()}", schedule_document(self.actor, pk)
