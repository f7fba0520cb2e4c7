"""Every claim, page by page and as a file, for both parties of the contracts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse

from procurement.deliveries import queries
from procurement.deliveries.forms.listing import ClaimsFilter
from procurement.deliveries.permissions import PARTY
from procurement.downloads.rules import TOO_LONG, is_long
from procurement.downloads.services import ask_file
from procurement.downloads.vocabulary import LongList
from socialvalue.accounts.permissions import is_supplier
from socialvalue.core import clock
from socialvalue.core.errors import RuleBroken
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Deed, Page, TableDownload

PAGE_SIZE = 50


def _asked(view: BaseView, given: QueryDict | None = None) -> ClaimsFilter:
    asked = view.request.GET if given is None else given
    return ClaimsFilter(asked, quarters=queries.claim_quarters(view.actor))


def _name() -> str:
    return f"claims-{clock.today().isoformat()}"


class Claims(Page):
    """Claims the person's organisation made or received, narrowed, with what each status comes to in all."""

    access = PARTY
    template_name = "procurement/deliveries/claims.html"

    def get_page(self) -> dict[str, Any]:
        form = _asked(self)
        claims = queries.listed_claims(self.actor, form.filters, form.given.get("evidence", ""))
        page = Paginator(claims, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "filter": form,
            "words": queries.claim_filters_in_words(self.actor, form.filters),
            "totals": queries.status_totals(claims),
            "page": page,
            "rows": queries.claim_rows(page.object_list),
            "is_supplier": is_supplier(self.actor),
            "is_long": is_long(page.paginator.count),
        }


class ClaimsExport(TableDownload):
    """Exactly what is filtered, every page of it."""

    access = PARTY

    def get_table(self) -> tuple[str, Table]:
        form = _asked(self)
        claims = queries.listed_claims(self.actor, form.filters, form.given.get("evidence", ""))
        if self.kwargs["form"] == "xlsx" and is_long(claims.count()):
            raise RuleBroken(TOO_LONG)
        return _name(), queries.claims_table(claims)


class AskClaims(Deed):
    """Have a list that is too long to wait for written as an Excel file."""

    access = PARTY

    def perform(self) -> str:
        form = _asked(self, QueryDict(self.request.POST.get("asked", "")))
        claims = queries.listed_claims(self.actor, form.filters, form.given.get("evidence", ""))
        file = ask_file(
            actor=self.actor,
            what=LongList.CLAIMS,
            name=_name(),
            asked=self.request.POST.get("asked", ""),
            rows=claims.count(),
            counts_only=self.counts_only,
        )
        return reverse("procurement:downloads:file", args=[file.pk])
