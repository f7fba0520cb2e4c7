"""The list of measures."""

from __future__ import annotations

from typing import Any

from socialvalue.accounts.permissions import PARTY
from socialvalue.core import clock
from socialvalue.core.tables import Column, Table
from socialvalue.core.views import Download, Page, TableDownload
from toms.frameworks import queries
from toms.frameworks.forms import CatalogueFilter


def _found(
    view: Page | Download,
) -> tuple[queries.EditionInfo, CatalogueFilter, list[queries.MeasureInfo]]:
    """The edition asked for, or the one in use; the filter as sent; the measures it lets through."""
    sent = view.request.GET
    slug = sent.get("edition", "") or queries.edition_shown_first(view.actor, clock.today())
    edition = queries.edition_info(view.actor, slug)
    form = CatalogueFilter(
        sent,
        themes=queries.themes_of(edition.id),
        editions=queries.edition_infos(view.actor),
    )
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.catalogue(
        edition.id,
        text=wanted.get("q", ""),
        theme=wanted.get("theme", ""),
        kind=wanted.get("kind", ""),
    )
    return edition, form, found


class Catalogue(Page):
    """The measures of an edition; of the one the authority uses unless another is asked for."""

    access = PARTY
    template_name = "toms/frameworks/catalogue.html"

    def get_page(self) -> dict[str, Any]:
        edition, form, found = _found(self)
        return {
            "edition": edition,
            "who": queries.edition_sights(self.actor, edition.slug),
            "filter": form,
            "measures": found,
            "count": len(found),
            "unchecked": sum(1 for measure in found if measure.certainty),
        }


class CatalogueExport(TableDownload):
    """Exactly what the catalogue shows."""

    access = PARTY

    def get_table(self) -> tuple[str, Table]:
        edition, _, found = _found(self)
        table = Table(
            f"Measures of {edition.slug}",
            [
                Column("Code"), Column("Measure", width=50), Column("Theme", width=30),
                Column("Outcome", width=40), Column("Unit"), Column("Kind"),
                Column("How it adds up"), Column("Counting rule", width=60),
                Column("Evidence", width=60), Column("Certainty", width=40),
            ],
            [
                (m.code, m.title, m.theme_name, m.outcome_name, m.unit, m.kind_label,
                 m.aggregation_label, m.counting_rule, m.evidence, m.certainty)
                for m in found
            ],
        )  # fmt: skip
        return f"measures-{edition.slug}", table
