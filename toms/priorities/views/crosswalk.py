"""A region's crosswalk: the list, one measure, deciding, accepting what is suggested; and codes of other families."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import cached_property

from socialvalue.accounts.permissions import BUYER, PARTY
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, FormPage, Page, TableDownload
from toms.frameworks import queries as frameworks
from toms.priorities import forms, queries, services
from toms.priorities.permissions import MAPPER, WHY_NOT_MAP
from toms.priorities.vocabulary import Counted

PAGE_SIZE = 25


class InRegion(BaseView):
    """A view of the region the address names, or of the actor's first."""

    kwargs: dict[str, Any]

    @cached_property
    def regions(self) -> list[queries.RegionSeen]:
        return queries.regions_read(self.actor, clock.today())

    @cached_property
    def region(self) -> queries.RegionSeen:
        """NotVisible when the organisation belongs to no such region."""
        asked = self.request.GET.get("region", "")
        found = next((row for row in self.regions if not asked or row.slug == asked), None)
        if found is None:
            raise NotVisible
        return found

    @property
    def query(self) -> str:
        """Keeps the region in an address where there are several."""
        return f"?region={self.region.slug}" if len(self.regions) > 1 else ""

    def address(self, name: str, *args: Any) -> str:
        return reverse(f"toms:priorities:{name}", args=args) + self.query

    @cached_property
    def found(self) -> queries.Crosswalk:
        return queries.crosswalk(self.actor, self.region.id, clock.today())

    @cached_property
    def filter(self) -> forms.CrosswalkFilter:
        return forms.CrosswalkFilter(self.request.GET, editions=self.found.editions)


class CrosswalkList(InRegion, Page):
    """Every measure in use beside the region's own, and how it counts; what is not mapped first."""

    access = BUYER
    template_name = "toms/priorities/crosswalk.html"

    def get_page(self) -> dict[str, Any]:
        if not self.regions:
            return {"crosswalk": None}
        rows = self.filter.kept(self.found.rows)
        counts = self.found.counts
        return {
            "crosswalk": self.found,
            "region": self.region,
            "regions": self.regions if len(self.regions) > 1 else (),
            "filter": self.filter,
            "tiles": [(key, Counted(key).label, counts[key]) for key in counts],
            "page": Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page")),
            "suggested": len(self.found.suggestions),
            "suggestions_url": self.address("crosswalk_suggestions"),
            "query": self.query,
            "why_not": WHY_NOT_MAP,
        }


class CrosswalkExport(InRegion, TableDownload):
    """Exactly what is filtered, every page of it."""

    access = BUYER

    def get_table(self) -> tuple[str, Table]:
        rows = self.filter.kept(self.found.rows)
        return f"crosswalk-{self.region.slug}", queries.crosswalk_table(self.region.name, rows)


class OfMeasure(InRegion):
    """A view of one measure in the crosswalk."""

    @cached_property
    def shown(self) -> queries.CrosswalkMeasure:
        return queries.crosswalk_measure(
            self.actor, self.region.id, self.kwargs["pk"], clock.today()
        )

    def common(self) -> dict[str, Any]:
        return {
            "shown": self.shown,
            "row": self.shown.row,
            "region": self.region,
            "list_url": self.address("crosswalk"),
            "page_url": self.address("crosswalk_measure", self.kwargs["pk"]),
        }


class CrosswalkMeasurePage(OfMeasure, Page):
    """How one measure counts in the region, why, and what was decided before."""

    access = BUYER
    template_name = "toms/priorities/crosswalk_measure.html"

    def get_page(self) -> dict[str, Any]:
        return self.common() | {
            "map_url": self.address("crosswalk_map", self.kwargs["pk"]),
            "unmap_url": self.address("crosswalk_unmap", self.kwargs["pk"]),
            "why_not": WHY_NOT_MAP,
        }


class MapMeasure(OfMeasure, FormPage):
    """Decide how a measure counts. The list of regional measures can be narrowed by words."""

    access = MAPPER
    template_name = "toms/priorities/crosswalk_map.html"
    form_class = forms.MappingForm

    @cached_property
    def search(self) -> forms.TargetFilter:
        return forms.TargetFilter(self.request.GET)

    def get_page(self) -> dict[str, Any]:
        return self.common() | {"search": self.search}

    def get_form_kwargs(self) -> dict[str, Any]:
        # What is sent is checked against all of them, whatever the list was narrowed to.
        shown = self.shown.regional
        if self.request.method == "GET":
            shown = tuple(self.search.kept(shown, self.get_initial().get("target")))
        return {"source": self.shown.row.measure, "regional": shown}

    def get_initial(self) -> dict[str, Any]:
        mapping, suggested = self.shown.mapping, self.shown.row.suggested
        if mapping is not None:
            return {
                "target": mapping.target_id or forms.LEAVE_OUT,
                "factor": mapping.factor.normalize() if mapping.factor != 1 else None,
                "reason": mapping.reason,
                "version": mapping.version,
            }
        if suggested is not None:
            return {"target": suggested.target.id}
        return {}

    def version_now(self) -> Any:
        mapping = self.shown.mapping
        return mapping.version if mapping else ""

    def perform(self, form: forms.MappingForm) -> str:
        data = form.cleaned_data
        services.map_measure(
            actor=self.actor,
            region_id=self.region.id,
            source_id=self.kwargs["pk"],
            target_id=form.target_id,
            factor=data["factor"],
            reason=data["reason"],
            expected_version=data["version"],
        )
        messages.success(self.request, f"{self.shown.row.measure.code} is decided.")
        return self.address("crosswalk_measure", self.kwargs["pk"])


class UnmapMeasure(OfMeasure, FormPage):
    """Take a decision away, after looking at what that does."""

    access = MAPPER
    template_name = "toms/priorities/crosswalk_unmap.html"
    form_class = forms.UnmapForm

    def get_page(self) -> dict[str, Any]:
        if self.shown.mapping is None:
            raise NotVisible("Nothing was decided for this measure.")
        return self.common()

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.shown.mapping.version if self.shown.mapping else None}

    def perform(self, form: forms.UnmapForm) -> str:
        services.unmap_measure(
            actor=self.actor,
            region_id=self.region.id,
            source_id=self.kwargs["pk"],
            expected_version=form.cleaned_data["version"],
        )
        messages.success(self.request, f"{self.shown.row.measure.code} is open again.")
        return self.address("crosswalk_measure", self.kwargs["pk"])


class Suggestions(InRegion, FormPage):
    """Every suggestion that needs no conversion, to look through and accept together."""

    access = MAPPER
    template_name = "toms/priorities/crosswalk_suggestions.html"
    form_class = forms.SuggestionsForm

    def get_page(self) -> dict[str, Any]:
        return {
            "region": self.region,
            "suggested": self.found.suggestions,
            "list_url": self.address("crosswalk"),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"rows": self.found.suggestions}

    def perform(self, form: forms.SuggestionsForm) -> str:
        many = services.accept_suggestions(
            actor=self.actor, region_id=self.region.id, pairs=form.pairs
        )
        noun = "measure is" if many == 1 else "measures are"
        messages.success(self.request, f"{many} {noun} mapped.")
        return self.address("crosswalk")


def _aliases(view: Aliases | AliasExport) -> tuple[forms.AliasFilter, list[queries.AliasLine]]:
    form = forms.AliasFilter(view.request.GET)
    slug = frameworks.current_edition(clock.today()).slug
    edition = frameworks.edition_info(view.actor, slug)
    return form, queries.alias_lines(edition, form.given.get("q", ""))


class Aliases(Page):
    """Which of our measures counts much the same as a code of another family."""

    access = PARTY
    template_name = "toms/priorities/crosswalk_aliases.html"

    def get_page(self) -> dict[str, Any]:
        form, lines = _aliases(self)
        page = Paginator(lines, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {"filter": form, "page": page}


class AliasExport(TableDownload):
    access = PARTY

    def get_table(self) -> tuple[str, Table]:
        _, lines = _aliases(self)
        return "codes-of-other-families", queries.alias_table(lines)
