"""The page of one measure stands here: it shows values and priorities, so it belongs to the later room."""

from __future__ import annotations

from typing import Any

from socialvalue.accounts.permissions import PARTY
from socialvalue.core.errors import RuleBroken
from socialvalue.core.views import Page
from toms.frameworks import queries as frameworks
from toms.frameworks.queries import MeasureInfo
from toms.priorities import queries
from toms.priorities.forms.measure import CalculatorForm
from toms.proxies import queries as proxies
from toms.proxies.queries import valuing
from toms.proxies.queries.valuing import NO_VALUE
from toms.proxies.rules import place_name, sector_name, until


class MeasurePage(Page):
    """One measure: what counts, how it is proved, and what one unit is worth, with its source."""

    access = PARTY
    template_name = "toms/priorities/measure.html"

    def get_page(self) -> dict[str, Any]:
        edition = frameworks.edition_info(self.actor, self.kwargs["edition_slug"])
        measure = frameworks.measure(edition.slug, self.kwargs["code"])
        serves, unknown = queries.served_by(self.actor, measure.id)
        values = proxies.proxies_of(measure.id)
        return {
            "measure": measure,
            "edition": edition,
            "values": values,
            "has_sectors": any(row.value.sector for row in values),
            "awaits_until": until(proxies.awaits([measure], place="")[measure.id]),
            "serves": serves,
            "serves_unknown": unknown,
            "aliases": queries.aliases_of(edition.framework_slug, measure.code),
            **self._calculator(edition.slug, measure, values),
        }

    def _calculator(
        self, edition_slug: str, measure: MeasureInfo, values: list[proxies.UnitValueRow]
    ) -> dict[str, Any]:
        """The form that works out a value, and its answer once it is asked; neither where nothing is valued."""
        if measure.kind in NO_VALUE:
            return {}
        asked = "quantity" in self.request.GET
        held = list(dict.fromkeys((row.value.place, row.value.sector) for row in values))
        form = CalculatorForm(
            self.request.GET if asked else None,
            measure=measure,
            edition_slug=edition_slug,
            places=[(slug, place_name(slug)) for slug in dict.fromkeys(p for p, _ in held if p)],
            sectors=[(slug, sector_name(slug)) for slug in dict.fromkeys(s for _, s in held if s)],
            held=held,
        )
        found = None
        if asked and form.is_valid():
            try:
                found = valuing.answer(form.question())
            except RuleBroken as error:
                form.add_error(None, error.message)
        return {
            "form": form,
            "answer": found,
            "tally": form.tally,
            "unit_counted": "pounds" if measure.unit == "£" else measure.unit,
        }
