"""The list and its download."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator

from procurement.procurements import queries
from procurement.procurements.forms import ListFilterForm
from procurement.procurements.permissions import BUYER, can_create
from procurement.procurements.views.links import PAGE_SIZE
from socialvalue.core import clock
from socialvalue.core.tables import Table
from socialvalue.core.views import Page, TableDownload


class ProcurementList(Page):
    access = BUYER
    template_name = "procurement/procurements/list.html"

    def get_page(self) -> dict[str, Any]:
        form = ListFilterForm(self.request.GET, actor=self.actor)
        rows = queries.procurement_list(self.actor, form.wanted)
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {"filter_form": form, "page": page, "can_create": can_create(self.actor)}


class ProcurementExport(TableDownload):
    """Exactly what is filtered, every page of it."""

    access = BUYER

    def get_table(self) -> tuple[str, Table]:
        form = ListFilterForm(self.request.GET, actor=self.actor)
        table = queries.procurement_table(self.actor, form.wanted)
        name = f"procurements-{clock.today().isoformat()}"
        return name, table
