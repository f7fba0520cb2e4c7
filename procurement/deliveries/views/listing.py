"""Every claim, page by page and as a file, for both parties of the contracts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator

from procurement.deliveries import queries
from procurement.deliveries.forms.listing import ClaimsFilter
from procurement.deliveries.permissions import PARTY
from socialvalue.accounts.permissions import is_supplier
from socialvalue.core import clock
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Page, TableDownload

PAGE_SIZE = 50


def _asked(view: BaseView) -> ClaimsFilter:
    return ClaimsFilter(view.request.GET, quarters=queries.claim_quarters(view.actor))


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
        }


class ClaimsExport(TableDownload):
    """Exactly what is filtered, every page of it."""

    access = PARTY

    def get_table(self) -> tuple[str, Table]:
        form = _asked(self)
        claims = queries.listed_claims(self.actor, form.filters, form.given.get("evidence", ""))
        return f"claims-{clock.today().isoformat()}", queries.claims_table(claims)
