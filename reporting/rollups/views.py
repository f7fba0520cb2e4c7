"""The page of roll-up runs: how far behind the totals are, and a way to start a run again."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse

from reporting.rollups import queries, services
from reporting.rollups.forms import RestartForm, RunFilter
from reporting.rollups.permissions import KEEPER
from reporting.rollups.vocabulary import RunKind
from socialvalue.core.errors import RuleBroken
from socialvalue.core.views import Deed, Page

PAGE_SIZE = 25
ASKED = {
    RunKind.DRAIN: "What waits is being added to the totals.",
    RunKind.REBUILD: "The totals are being made again from the ledger.",
    RunKind.RECONCILE: "The totals are being compared with the ledger.",
}


class Runs(Page):
    access = KEEPER
    template_name = "reporting/rollups/runs.html"

    def get_page(self) -> dict[str, Any]:
        form = RunFilter(self.request.GET or None)
        asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
        runs = queries.runs_for(
            self.actor,
            kinds=[asked["kind"]] if asked.get("kind") else (),
            states=[asked["state"]] if asked.get("state") else (),
        )
        return {
            "filter": form,
            "page": Paginator(runs, PAGE_SIZE).get_page(self.request.GET.get("page")),
            "freshness": queries.freshness(),
            "last_reconcile": queries.last_reconcile(),
            "kinds": RunKind,
        }


class Restart(Deed):
    access = KEEPER

    def perform(self) -> str:
        form = RestartForm(self.request.POST)
        if not form.is_valid():
            raise RuleBroken("Choose what to start: the page has a button for each.")
        kind = RunKind(form.cleaned_data["kind"])
        services.restart(actor=self.actor, kind=kind)
        self.say(ASKED[kind])
        return reverse("reporting:rollups:runs")
