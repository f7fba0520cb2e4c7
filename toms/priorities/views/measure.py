"""The page of one measure stands here: it shows values and priorities, so it belongs to the later room."""

from __future__ import annotations

from typing import Any

from socialvalue.core.access import SIGNED_IN
from socialvalue.core.views import Page
from toms.frameworks import queries as frameworks
from toms.priorities import queries
from toms.proxies import queries as proxies


class MeasurePage(Page):
    """One measure: what counts, how it is proved, and what one unit is worth, with its source."""

    access = SIGNED_IN
    template_name = "toms/priorities/measure.html"

    def get_page(self) -> dict[str, Any]:
        edition = frameworks.edition_info(self.actor, self.kwargs["edition_slug"])
        measure = frameworks.measure(edition.slug, self.kwargs["code"])
        names = queries.names()
        return {
            "measure": measure,
            "edition": edition,
            "values": proxies.proxies_of(measure.id),
            "serves": [names.get(code, code) for code in measure.objectives],
        }
