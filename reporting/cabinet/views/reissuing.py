"""Issuing a frozen report again, and what moved between two issues."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from reporting.cabinet.permissions import AUTHOR, BUYER
from reporting.cabinet.queries.comparing import compare_page, compare_table
from reporting.cabinet.services.reissue import reissue_report
from reporting.cabinet.views.of_report import OfReport
from socialvalue.core.tables import Table
from socialvalue.core.views import Deed, Page, TableDownload


class Reissue(OfReport, Deed):
    access = AUTHOR

    def perform(self) -> str:
        again = reissue_report(actor=self.actor, report_id=self.report_id)
        self.say(
            f"Issue {again.issue} is begun with the same words. Its figures follow the ledger until it is frozen. "
            "The issue before stays as it is."
        )
        return reverse("reporting:cabinet:report", args=[again.pk])


class OfTwo(OfReport):
    """This report beside another: the issue before it, or the one the address names."""

    @property
    def other_id(self) -> int | None:
        text = self.request.GET.get("with", "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


class Compare(OfTwo, Page):
    access = BUYER
    template_name = "reporting/cabinet/compare.html"

    def get_page(self) -> dict[str, Any]:
        page = compare_page(self.actor, self.report_id, self.other_id, counts_only=self.counts_only)
        return {"page": page, "report_url": self.report_url}


class CompareExport(OfTwo, TableDownload):
    access = BUYER

    def get_table(self) -> tuple[str, Table]:
        table = compare_table(
            self.actor, self.report_id, self.other_id, counts_only=self.counts_only
        )
        return f"report-{self.report_id}-compared", table
