"""An edition out, to be read again."""

from __future__ import annotations

from socialvalue.core.sheets import CSV, XLSX
from socialvalue.core.views import Download
from toms.imports import queries, renderers
from toms.imports.permissions import READER


class EditionExport(Download):
    """All that an edition says. Whoever may read it may take it; a licensed one only its holder's people."""

    access = READER

    def get_file(self) -> tuple[str, str, bytes]:
        content = queries.exported(self.actor, self.kwargs["slug"])
        if self.kwargs["form"] == "csv":
            return f"{content.slug}.csv", CSV, renderers.edition_csv(content)
        return f"{content.slug}.xlsx", XLSX, renderers.edition_xlsx(content)
