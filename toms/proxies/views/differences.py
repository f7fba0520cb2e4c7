"""The difference between two editions stands here: it shows values, so it belongs to this room, not to frameworks."""

from __future__ import annotations

from typing import Any

from socialvalue.accounts.permissions import PARTY
from socialvalue.core.errors import NotVisible
from socialvalue.core.tables import Table
from socialvalue.core.views import Download, Page, TableDownload
from toms.frameworks import queries as frameworks
from toms.proxies import renderers
from toms.proxies.forms import DifferenceFilter
from toms.proxies.queries.comparing import compare_editions, usual_pair
from toms.proxies.rules import Comparison


def _found(view: Page | Download) -> tuple[DifferenceFilter, Comparison | None]:
    """The two editions asked for, or the newest with one before it; nothing when there are no two to compare."""
    editions = frameworks.edition_infos(view.actor)
    sent = view.request.GET
    before, after = sent.get("before", ""), sent.get("after", "")
    if not before or not after:
        usual = usual_pair(view.actor)
        if usual is None:
            return DifferenceFilter(editions=editions), None
        before, after = before or usual[0], after or usual[1]
    form = DifferenceFilter(editions=editions, initial={"before": before, "after": after})
    if before == after:
        return form, None
    return form, compare_editions(view.actor, before, after)


class Differences(Page):
    """What a newer edition adds, leaves out, re-values and counts in another unit."""

    access = PARTY
    template_name = "toms/proxies/differences.html"

    def get_page(self) -> dict[str, Any]:
        form, found = _found(self)
        if found is None:
            return {"filter": form, "found": None}
        return {
            "filter": form,
            "found": found,
            "added": renderers.added_table(found),
            "removed": renderers.removed_table(found),
            "units": renderers.units_table(found),
            "moved": renderers.moved_table(found),
            "words": renderers.words_table(found),
        }


class DifferencesExport(TableDownload):
    """Every difference the page shows, in one list."""

    access = PARTY

    def get_table(self) -> tuple[str, Table]:
        _, found = _found(self)
        if found is None:
            raise NotVisible("There are no two editions to compare.")
        table = renderers.whole_table(found, money=not self.counts_only)
        name = f"differences-{found.before.slug}-{found.after.slug}"
        return name, table
