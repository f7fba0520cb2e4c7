"""The rows under a figure, on the page and as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse

from procurement.downloads.rules import TOO_LONG, is_long
from procurement.downloads.services import ask_file
from procurement.downloads.vocabulary import LongList
from procurement.ledger import queries
from procurement.ledger.forms import EntryFilterForm, entry_filter_form
from procurement.ledger.permissions import READER
from procurement.ledger.vocabulary import Basis
from socialvalue.core.errors import NotVisible, RuleBroken
from socialvalue.core.shares import SecondOpinionForm
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Deed, Page, TableDownload
from toms.priorities.queries.opinions import FROZEN, places_of
from toms.priorities.rules.opinions import Terms

PAGE_SIZE = 50


def _asked(
    view: BaseView, given: QueryDict | None = None
) -> tuple[EntryFilterForm, queries.EntryFilters | None]:
    """The form as sent, and its filters when it can be read."""
    form = entry_filter_form(view.actor, view.request.GET if given is None else given)
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
            "totals": queries.entry_totals(self.actor, entries),
            "is_long": is_long(page.paginator.count),
            # The rows are there at once, a figure of now a moment later.
            "waiting": queries.pending_count() if filters.at is None else 0,
        }


class Export(TableDownload):
    """Exactly what is filtered, as CSV or XLSX."""

    access = READER

    def get_table(self) -> tuple[str, Table]:
        _, filters = _asked(self)
        if filters is None:
            raise NotVisible
        is_excel = self.kwargs["form"] == "xlsx"
        if is_excel and is_long(queries.entries_for(self.actor, filters).count()):
            raise RuleBroken(TOO_LONG)
        return _name(filters), queries.entry_table(self.actor, filters)


def _name(filters: queries.EntryFilters) -> str:
    return f"{filters.basis}-entries"


class AskEntries(Deed):
    """Have a list that is too long to wait for written as an Excel file."""

    access = READER

    def perform(self) -> str:
        asked = self.request.POST.get("asked", "")
        _, filters = _asked(self, QueryDict(asked))
        if filters is None:
            raise NotVisible
        file = ask_file(
            actor=self.actor,
            what=LongList.ENTRIES,
            name=_name(filters),
            asked=asked,
            rows=queries.entries_for(self.actor, filters).count(),
            counts_only=self.counts_only,
        )
        return reverse("procurement:downloads:file", args=[file.pk])


def _second_look(view: BaseView, filters: queries.EntryFilters) -> SecondOpinionForm:
    """The form as sent; another edition than the entries' own until one is chosen."""
    choices = queries.entry_editions(view.actor, filters)
    data = view.request.GET.copy()
    chosen = str(data.get("edition") or choices.chosen)
    data["edition"] = chosen
    places = places_of(view.actor, chosen)
    return SecondOpinionForm(data, editions=choices.editions, places=places)


def _second_opinion(
    view: BaseView, filters: queries.EntryFilters, form: SecondOpinionForm
) -> queries.LedgerOpinion:
    asked = form.cleaned_data
    terms = Terms.of(
        place=asked["place"],
        fractions=form.fractions,
        is_discounted=asked["discount"],
        rate=form.rate_fraction,
    )
    return queries.ledger_opinion(view.actor, filters, asked["edition"], terms)


class SecondOpinion(Page):
    """The same entries under another edition, measure by measure."""

    access = READER
    template_name = "procurement/ledger/second_opinion.html"

    def get_page(self) -> dict[str, Any]:
        entry_form, filters = _asked(self)
        if filters is None:
            return {"form": entry_form}
        form = _second_look(self, filters)
        kept = [
            (name, value)
            for name, values in self.request.GET.lists()
            if name not in form.fields and name != "page"
            for value in values
        ]
        return {
            "form": form,
            "kept": kept,
            "list_query": urlencode(kept),
            "narrow_query": urlencode([pair for pair in kept if pair[0] != "measure"]),
            "basis": Basis(filters.basis),
            "words": queries.filters_in_words(self.actor, filters),
            "found": _second_opinion(self, filters, form) if form.is_valid() else None,
            "frozen": FROZEN,
        }


class SecondOpinionExport(TableDownload):
    """The same as CSV or XLSX."""

    access = READER

    def get_table(self) -> tuple[str, Table]:
        _, filters = _asked(self)
        form = _second_look(self, filters) if filters is not None else None
        if filters is None or form is None or not form.is_valid():
            raise NotVisible
        table = queries.opinion_table(_second_opinion(self, filters, form))
        return f"second-opinion-{filters.basis}", table
