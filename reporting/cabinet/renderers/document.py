"""A report as one HTML document with its own style, charts drawn."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from reporting.cabinet.rules.content import ChartView, ReportView, TableView
from socialvalue.core.charts import Chart, Series, grouped_bars


@dataclass(frozen=True, slots=True)
class ExhibitView:
    """A table, or a chart with its drawing."""

    table: TableView | None = None
    chart: ChartView | None = None
    drawing: Chart | None = None

    @property
    def image(self) -> str:
        """The drawing as an address for an ``img``, which carries its alternative text into the PDF."""
        text = str(self.drawing.svg if self.drawing else "")
        return "data:image/svg+xml;base64," + base64.b64encode(text.encode()).decode()


def exhibits(report: ReportView) -> dict[str, list[ExhibitView]]:
    """The exhibits of each section by its kind, charts drawn."""
    return {
        section.kind: [_exhibit(found) for found in section.exhibits]
        for section in (report.recommendation, *report.sections)
    }


def _exhibit(found: ChartView | TableView) -> ExhibitView:
    if isinstance(found, TableView):
        return ExhibitView(table=found)
    drawing = grouped_bars(
        title=found.title,
        categories=list(found.categories),
        series=[Series(name, values) for name, values in found.series],
        unit=found.unit,
        uid=f"report-{found.name}",
        table_heading=found.heading,
    )
    return ExhibitView(chart=found, drawing=drawing)


def print_html(report: ReportView) -> str:
    """The whole report as one HTML document with its own style, for print and to keep."""
    sheet = render_to_string("reporting/cabinet/print.css")
    page = {
        "report": report,
        "exhibits": exhibits(report),
        # A document by itself: it is never served as a page, so the site's rule against inline style does not meet it.
        "look": format_html("<style>{}</style>", mark_safe(sheet)),  # noqa: S308  # our own file
    }
    return render_to_string("reporting/cabinet/print.html", page)
