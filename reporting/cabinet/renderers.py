"""A report as HTML for print, and as a tagged PDF. The only place where WeasyPrint is known.

The PDF is made in a child process: WeasyPrint keeps the memory it took, and a page that never ends must not hold a
worker. ``python -m reporting.cabinet.renderers FONTS`` reads HTML on its input and writes the PDF to its output.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from reporting.cabinet.rules.content import ChartView, ReportView, TableView
from socialvalue.core.charts import Chart, Series, grouped_bars
from socialvalue.core.errors import RuleBroken

SECONDS = 60
NO_PANGO = (
    "The PDF could not be made: the text library Pango is missing on the server. Ask the people who run this service "
    "to install it (on Debian: apt install libpango-1.0-0 libpangoft2-1.0-0), then try again. The report is safe."
)
TOO_LONG = (
    "The PDF took too long and was stopped. Try again in a few minutes. The report itself is safe, and its web page "
    "has the same content."
)
BROKEN = (
    "The PDF could not be made. The report itself is safe, and its web page has the same content. "
    "Tell the people who run this service."
)
EXIT_NO_PANGO = 3
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


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


def fonts_folder() -> Path:
    return Path(settings.BASE_DIR) / "static" / "build" / "fonts"


def pdf(report: ReportView, *, seconds: int = SECONDS) -> bytes:
    """The report as a tagged PDF (PDF/UA-1). The same report gives the same bytes.

    RuleBroken with a sentence for people when Pango is missing or it takes longer than ``seconds``.
    """
    html = print_html(report)
    created = datetime.fromisoformat(report.created)
    # Font subsets carry a time; it must be the report's, not the clock's.
    environment = os.environ | {
        "SOURCE_DATE_EPOCH": str(int(created.timestamp())),
        "PYTHONHASHSEED": "0",
    }
    try:
        done = subprocess.run(  # noqa: S603  # our own module, no words of a user among the arguments
            [sys.executable, "-m", "reporting.cabinet.renderers", str(fonts_folder())],
            input=html.encode(),
            capture_output=True,
            timeout=seconds,
            cwd=settings.BASE_DIR,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RuleBroken(TOO_LONG) from error
    if done.returncode == EXIT_NO_PANGO:
        raise RuleBroken(NO_PANGO)
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        sys.stderr.write(done.stderr.decode(errors="replace")[-2000:])
        raise RuleBroken(BROKEN)
    return done.stdout


def pack(files: dict[str, bytes]) -> bytes:
    """One ZIP of the outputs, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def html_to_pdf(html: str, fonts: Path) -> bytes:
    """In the child process. Reads nothing but fonts of ``fonts`` and images inside the document itself."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyOwnFiles(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            name = url.rsplit("/", 1)[-1]
            if url == (fonts / name).as_uri() and name.endswith(".woff2"):
                return super().fetch(url, headers)
            raise ValueError("Only fonts of this service may be read.")

    document = HTML(
        string=html,
        base_url=f"{fonts.as_uri()}/",
        url_fetcher=OnlyOwnFiles(allowed_protocols={"data", "file"}),
    )
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    result: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    return result


def main(arguments: list[str]) -> int:
    html = sys.stdin.buffer.read().decode()
    try:
        content = html_to_pdf(html, Path(arguments[0]))
    except OSError as error:
        sys.stderr.write(str(error))
        return EXIT_NO_PANGO
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
