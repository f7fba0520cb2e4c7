"""Answers to requests for information: a page, and the same as PDF, HTML and CSV."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from reporting.cabinet.permissions import BUYER
from reporting.cabinet.queries import foi as answering
from reporting.cabinet.renderers.foi import document
from reporting.cabinet.rules.foi import ticked
from reporting.cabinet.views.of_report import OfReport
from socialvalue.core import documents
from socialvalue.core.documents import Document, html_of
from socialvalue.core.errors import NotVisible
from socialvalue.core.pdf import PDF, pdf_of
from socialvalue.core.sheets import CSV, to_csv
from socialvalue.core.views import Download, Page

HTML = "text/html; charset=utf-8"


class OfAnswers(OfReport):
    """A view of the answers a report gives. Ticks stand in its address and are kept nowhere."""

    @property
    def ticks(self) -> frozenset[str]:
        return ticked(self.request.GET.getlist("show"))

    def url(self, name: str, *args: object) -> str:
        """The address of the same answers as something else."""
        asked = [("show", tick) for tick in sorted(self.ticks)]
        asked += [("counts", "1")] if self.counts_only else []
        found = reverse(f"reporting:cabinet:{name}", args=[self.report_id, *args])
        return f"{found}?{urlencode(asked)}" if asked else found


class Foi(OfAnswers, Page):
    access = BUYER
    template_name = "reporting/cabinet/foi.html"

    def get_page(self) -> dict[str, Any]:
        return {
            "page": answering.foi_page(
                self.actor, self.report_id, self.ticks, counts_only=self.counts_only
            ),
            "report_url": self.report_url,
            "pdf_url": self.url("foi_file", "pdf"),
            "html_url": self.url("foi_file", "html"),
            "csv_url": self.url("foi_file", "csv"),
            "annex_url": reverse("reporting:cabinet:xlsx", args=[self.report_id]),
        }


class FoiFile(OfAnswers, Download):
    """The answers with what is ticked in the address, as ``form`` says."""

    access = BUYER

    def get_file(self) -> tuple[str, str, bytes]:
        form = self.kwargs["form"]
        name = f"answers-{self.report_id}.{form}"
        if form == "csv":
            table = answering.foi_table(
                self.actor, self.report_id, self.ticks, counts_only=self.counts_only
            )
            return name, CSV, to_csv(table)
        if form == "pdf":
            return name, PDF, pdf_of(self._document())
        if form == "html":
            return name, HTML, html_of(self._document()).encode()
        raise NotVisible

    def _document(self) -> Document:
        content, figures_hash = answering.foi_content(self.actor, self.report_id)
        found = document(content, figures_hash, self.ticks, counts_only=self.counts_only)
        return documents.counts_only(found) if self.counts_only else found
