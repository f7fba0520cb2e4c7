"""A report as a web page, and its files."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from reporting.cabinet import renderers
from reporting.cabinet.permissions import BUYER
from reporting.cabinet.queries import reports
from reporting.cabinet.queries.jobs import file_to_keep
from reporting.cabinet.rules.content import ReportView
from reporting.cabinet.views.freezing import OfJobs
from reporting.cabinet.views.of_report import OfReport
from reporting.cabinet.vocabulary import OutputKind
from socialvalue.core.views import Download, Page


class Html(OfReport, Page):
    """The web page with the same content as the PDF."""

    access = BUYER
    template_name = "reporting/cabinet/html.html"

    def get_page(self) -> dict[str, Any]:
        view = self._view()
        return {
            "report": view,
            "drawn": renderers.drawn(view, on_page=True),
            "report_url": self.report_url,
            "pdf_url": reverse("reporting:cabinet:pdf", args=[self.report_id]),
            "annex_url": reverse("reporting:cabinet:xlsx", args=[self.report_id]),
        }

    def _view(self) -> ReportView:
        return reports.report_to_read(
            self.actor, self.report_id, counts_only=self.counts_only, opens=True
        )


class Kept(OfJobs, Download):
    """An output that a job has made. While there is none that fits, the page on which to ask for it, and to wait."""

    access = BUYER
    kind: ClassVar[OutputKind]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.found = file_to_keep(
            self.actor,
            self.report_id,
            self.kind,
            counts_only=self.counts_only,
            sha256=request.GET.get("sha256", ""),
        )
        if self.found is None:
            return HttpResponseRedirect(self.job_url(counts_only=self.counts_only))
        return super().get(request, *args, **kwargs)

    def get_file(self) -> tuple[str, str, bytes]:
        assert self.found is not None  # noqa: S101  # ``get`` has answered otherwise
        return self.found


class Pdf(Kept):
    kind = OutputKind.PDF


class Twin(Kept):
    """The same as the PDF in one HTML file with its own style, to keep."""

    kind = OutputKind.HTML


class Annex(Kept):
    kind = OutputKind.XLSX


class FiguresCsv(Kept):
    kind = OutputKind.CSV


class Everything(Kept):
    """The content that was frozen, as JSON."""

    kind = OutputKind.JSON


class Pack(Kept):
    """All of them in one file."""

    kind = OutputKind.ZIP
