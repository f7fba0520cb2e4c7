"""The rows under a figure, on the page and as a file."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator

from procurement.ledger import queries
from procurement.ledger.forms import EntryFilterForm
from procurement.ledger.permissions import READER
from procurement.ledger.vocabulary import Basis
from socialvalue.core.errors import NotVisible
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Page, TableDownload

PAGE_SIZE = 50


def _asked(view: BaseView) -> tuple[EntryFilterForm, queries.EntryFilters | None]:
    """The form as sent, and its filters when it can be read."""
    choices = queries.filter_choices(view.actor)
    form = EntryFilterForm(view.request.GET, measures=choices.measures, years=choices.years)
    return form, form.filters() if form.is_valid() else None


class Entries(Page):
    """Entries of one basis, with their count and sums, each opening to its source and its sum."""

    access = READER
    template_name = "procurement/ledger/entries.html"

    def get_page(self) -> dict[str, Any]:
        form, filters = _asked(self)
        if filters is None:
            return {"form": form, "filter": form}
        entries = queries.entries_for(self.actor, filters)
        page = Paginator(entries, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "filter": form,
            "basis": Basis(filters.basis),
            "words": queries.filters_in_words(self.actor, filters),
            "page": page,
            "rows": queries.entry_rows(self.actor, list(page.object_list)),
            "totals": queries.entry_totals(entries),
        }


class Export(TableDownload):
    """Exactly what is filtered, as CSV or XLSX."""

    access = READER

    def get_table(self) -> tuple[str, Table]:
        _, filters = _asked(self)
        if filters is None:
            raise NotVisible
        table = queries.entry_table(self.actor, filters)
        name = f"{filters.basis}-entries"
        return name, table
