"""The law through time."""

from __future__ import annotations

from typing import Any

from procurement.policies import queries, renderers
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.sheets import to_csv, to_xlsx
from socialvalue.core.views import Download, Page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Thresholds(Page):
    access = BUYER
    template_name = "procurement/policies/thresholds.html"

    def get_page(self) -> dict[str, Any]:
        return {"sections": renderers.threshold_sections(queries.threshold_histories())}


class ThresholdsExport(Download):
    access = BUYER

    def get_file(self) -> tuple[str, str, bytes]:
        table = renderers.thresholds_table(queries.threshold_histories())
        if self.kwargs["form"] == "csv":
            return "statutory-thresholds.csv", "text/csv; charset=utf-8", to_csv(table)
        return "statutory-thresholds.xlsx", XLSX, to_xlsx(table)
