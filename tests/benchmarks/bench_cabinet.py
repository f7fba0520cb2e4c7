"""The Cabinet PDF of a standard pack (20 pages, 6 charts) against as many pages of bare text.

Both sides are a process of their own from its start to its last byte, and both are timed by the CPU
seconds of that process, which a busy machine moves less than the clock on the wall. Memory is what the child says it
held at most: ``ru_maxrss`` of a child begins with what its parent held when it was started.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal

import pytest
from pypdf import PdfReader

from reporting.cabinet import renderers
from reporting.cabinet.rules.content import (
    CellView,
    ChartView,
    ParagraphView,
    Piece,
    ReportView,
    RowView,
    SectionView,
    TableView,
)
from reporting.cabinet.vocabulary import ReportKind
from tests.benchmarks.ratios import Ratio, ratio
from tests.factories import report_views

pytestmark = pytest.mark.benchmark

PAGES = 20
CHARTS = 6
SECONDS = 3.0
MEGABYTES = 300
ANNEX_PAGES = 200
ANNEX_ROWS = 3_800
ANNEX_MEGABYTES = 400
# Tags, tables, charts, own fonts and numbered pages may cost this many times the bare text.
TIMES_BARE_TEXT = 2.5
BARE = """
import sys, weasyprint
sys.stdout.buffer.write(weasyprint.HTML(string=sys.stdin.read()).write_pdf())
"""
SENTENCE = (
    "Suppliers claim to have delivered £627,077.18 of social value in the year, and contract "
    "managers have checked £623,898.08 of it against evidence. "
)


def row(*cells: str, words: int) -> tuple[CellView, ...]:
    """Cells of a table of which the first ``words`` are text and the others numbers."""
    return tuple(CellView(cell, at >= words) for at, cell in enumerate(cells))


def chart(number: int) -> ChartView:
    values = tuple(Decimal(12_345 * at + 1_000 * number) for at in range(1, 6))
    return ChartView(
        name=f"bench-{number}",
        label=f"Chart {number}",
        title="Social value by theme, 2025 to 2026",
        heading="Theme",
        unit="£",
        categories=("Growth and skills", "Local business", "Health", "Environment", "Innovation"),
        series=(("Committed", values), ("Claimed", values), ("Verified", values)),
    )


def measures(number: int, rows: int) -> TableView:
    """A table as the one of every measure: six columns, four of them numbers."""
    heads = ("Measure", "Unit", "Committed", "Committed (£)", "Verified", "Verified (£)")
    return TableView(
        name="measures",
        label=f"Table {number}",
        caption="Every measure with figures, 2025 to 2026",
        columns=row(*heads, words=2),
        rows=tuple(
            RowView(
                row(
                    f"M{at} Young people not in work, education or training",
                    "people x weeks",
                    f"{at * 3}",
                    f"£{at * 1_234:,}.50",
                    f"{at * 2}",
                    f"£{at * 987:,}.25",
                    words=2,
                )
            )
            for at in range(1, rows + 1)
        ),
        total=row("Total", "", "", "£704,025.60", "", "£623,898.08", words=2),
    )


def definitions(number: int, rows: int) -> TableView:
    """A table as the one of how figures are worked out: three columns of words."""
    how = "Sum of the £ of verified entries whose month lies in the period, corrections included."
    return TableView(
        name="definitions",
        label=f"Table {number}",
        caption="Figures and how they are worked out",
        columns=row("Figure", "In this report", "How it is worked out", words=3),
        rows=tuple(
            RowView(row(f"Verified through local work {at}", f"£{at * 1_000:,}", how, words=3))
            for at in range(rows)
        ),
        total=(),
    )


def section(number: int, *exhibits: ChartView | TableView, paragraphs: int = 6) -> SectionView:
    return SectionView(
        kind=f"section_{number}",
        anchor=f"section-{number}",
        heading=f"{number}. Section {number} of the pack",
        is_numbered=True,
        blocks=(
            *(
                ParagraphView(f"{number}.{at}", (Piece(SENTENCE * 3),))
                for at in range(1, paragraphs + 1)
            ),
            *exhibits,
        ),
    )


def standard_pack() -> ReportView:
    """Six sections with a chart each, five tables of measures and one of definitions."""
    sections = [section(n, chart(n), measures(n, 25)) for n in range(1, CHARTS)]
    return report(*sections, section(CHARTS, chart(CHARTS), definitions(CHARTS, 55)))


def annex(rows: int) -> ReportView:
    """A report with one table of so many rows."""
    return report(section(1, chart(1), measures(1, rows)), section(2, definitions(2, 20)))


def report(*sections: SectionView) -> ReportView:
    """A report of these sections alone: no definitions, signatures or contacts."""
    return report_views.report(
        ReportKind.ANNUAL,
        *sections,
        organisation="Bench County Council",
        about="Bench County Council",
        title="Social value: annual report 2025 to 2026",
        standing="Figures as at 6 October 2026.",
        editions=(),
        recommendation=report_views.plain(
            "recommendation", "Recommendation", report_views.words(SENTENCE)
        ),
        definitions=(),
        sign_offs=(),
        contacts=(),
    )


def bare_text(pages: int) -> str:
    """A document of nothing but paragraphs and page breaks: what WeasyPrint takes for text alone."""
    page = f"<p>{SENTENCE * 2}</p>" * 9
    break_ = '<p style="break-after: page"></p>'
    return f"<title>Text</title>{break_.join([page] * pages)}"


def bare_pdf(html: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-c", BARE], input=html.encode(), capture_output=True, check=True
    )
    return done.stdout


def pages_of(content: bytes) -> int:
    return len(PdfReader(io.BytesIO(content)).pages)


def cpu_of_children(deed: Callable[[], object]) -> float:
    """CPU seconds, user and system, of the processes that ``deed`` starts and waits for."""

    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    start = spent()
    deed()
    return spent() - start


def test_the_standard_pack_as_pdf(
    measure_: Callable[[Ratio], None], capsys: pytest.CaptureFixture[str]
) -> None:
    pack, text = standard_pack(), bare_text(PAGES)
    printed = renderers.pdf(pack)
    assert abs(printed.pages - PAGES) <= 1, f"The pack has {printed.pages} pages, not {PAGES}."
    assert pages_of(bare_pdf(text)) == PAGES

    took: list[int] = []
    found = ratio(
        f"Cabinet PDF, tagged, {printed.pages} pages and {CHARTS} charts, against {PAGES} of bare text",
        lambda: took.append(renderers.pdf(pack).megabytes),
        lambda: bare_pdf(text),
        target=1 / TIMES_BARE_TEXT,
        timer=cpu_of_children,
    )
    measure_(found)
    with capsys.disabled():
        print(
            f"  {found.ours_seconds:.2f} CPU seconds (target {SECONDS:.0f}), bare text "
            f"{found.baseline_seconds:.2f}; at most {max(took)} MB (target {MEGABYTES})"
        )
    assert max(took) <= MEGABYTES


def test_an_annex_of_two_hundred_pages(capsys: pytest.CaptureFixture[str]) -> None:
    printed = renderers.pdf(annex(ANNEX_ROWS), seconds=3_600)
    with capsys.disabled():
        print(
            f"  Annex of {printed.pages} pages, tagged, one document: {printed.seconds:.0f} CPU seconds, at most "
            f"{printed.megabytes} MB (target {ANNEX_MEGABYTES}), {len(printed.content) / 1e6:.1f} MB of file"
        )
    assert printed.pages >= ANNEX_PAGES
    assert printed.megabytes <= ANNEX_MEGABYTES
    reader = PdfReader(io.BytesIO(printed.content))
    assert len(reader.pages) == printed.pages
    last = " ".join(reader.pages[-1].extract_text().split())
    assert f"Page {printed.pages} of {printed.pages}" in last
