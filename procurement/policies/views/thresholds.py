"""The law through time, and updating it from a file."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from procurement.policies import queries, renderers, services
from procurement.policies.forms import ThresholdFileForm
from procurement.policies.permissions import LAW_KEEPER
from procurement.policies.rules import COLUMNS
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.files import safe_name
from socialvalue.core.sheets import CSV, to_csv
from socialvalue.core.tables import Table
from socialvalue.core.views import Deed, Download, FormPage, Page, TableDownload


class Thresholds(Page):
    access = BUYER
    template_name = "procurement/policies/thresholds.html"

    def get_page(self) -> dict[str, Any]:
        duties, looked_up = renderers.other_line_tables(queries.other_lines())
        return {
            "sections": renderers.threshold_sections(queries.threshold_histories()),
            "utilities": renderers.threshold_sections(queries.utility_histories()),
            "duties": duties,
            "looked_up": looked_up,
            "updates": queries.applied_imports(),
            "can_update": LAW_KEEPER.allows(self.actor),
            "who_updates": LAW_KEEPER.reason,
        }


class ThresholdsExport(TableDownload):
    """The whole table, in the columns of an update."""

    access = BUYER

    def get_table(self) -> tuple[str, Table]:
        table = renderers.thresholds_file(queries.threshold_rows())
        return "statutory-thresholds", table


class ThresholdUpload(FormPage):
    access = LAW_KEEPER
    template_name = "procurement/policies/threshold_upload.html"
    form_class = ThresholdFileForm

    def get_page(self) -> dict[str, Any]:
        return {"columns": COLUMNS}

    def perform(self, form: ThresholdFileForm) -> str:
        uploaded = form.cleaned_data["file"]
        kept = services.preview_thresholds(
            actor=self.actor,
            file_name=safe_name(uploaded.name),
            # One byte more than the limit is enough to know that it is too large.
            content=uploaded.read(services.MAX_BYTES + 1),
        )
        return reverse("procurement:policies:threshold_import", args=[kept.pk])


class ThresholdPreview(Page):
    """What applying the file does; after that, what it did."""

    access = LAW_KEEPER
    template_name = "procurement/policies/threshold_import.html"

    def get_page(self) -> dict[str, Any]:
        return {"page": queries.threshold_import(self.actor, self.kwargs["pk"])}


class ThresholdLines(Download):
    """The file back, with what happens to each line."""

    access = LAW_KEEPER

    def get_file(self) -> tuple[str, str, bytes]:
        page = queries.threshold_import(self.actor, self.kwargs["pk"])
        lines = [
            line.text | {"what_happens": line.action_label, "reason": line.reason}
            for line in page.lines
        ]
        table = renderers.import_file(lines)
        return "thresholds-checked.csv", CSV, to_csv(table)


class ThresholdApply(Deed):
    access = LAW_KEEPER

    def perform(self) -> str:
        services.apply_thresholds(
            actor=self.actor,
            import_id=self.kwargs["pk"],
            seen=self.request.POST.get("seen", ""),
        )
        self.say("The statutory thresholds are updated. Decisions keep what they were made with.")
        return reverse("procurement:policies:threshold_import", args=[self.kwargs["pk"]])
