"""The PDF, read back: tagged, titled, with the headings and figures of its HTML twin, always the same bytes."""

from __future__ import annotations

import tempfile
from datetime import date
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from reporting.cabinet import renderers
from reporting.cabinet.queries.reports import report_to_read
from reporting.cabinet.services import freeze_report
from socialvalue.core import clock
from socialvalue.core.errors import RuleBroken
from socialvalue.core.pdf import fonts_folder
from socialvalue.core.press.child import html_to_pdf
from tests.factories import pdfs
from tests.factories.accounts import AuthorityFactory
from tests.factories.cabinet import NOW, draft, reported
from tests.factories.reporting import browser

pytestmark = pytest.mark.django_db
HEADINGS = [
    "Recommendation",
    "1. Executive Summary",
    "2. Financial Implications",
    "3. Environmental Implications",
    "4. Supporting Information",
    "5. Timescales associated with the decision and next steps",
    "Appendices",
    "Background Papers",
    "Contacts",
    "Circulation",
]


class Outline(HTMLParser):
    """The h1 and h2 inside the article of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in ("h1", "h2"):
            self.inside = True
            self.found.append("")

    def handle_endtag(self, tag):
        if tag in ("h1", "h2"):
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.found[-1] += data


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


@pytest.fixture
def frozen():
    world = reported(AuthorityFactory(is_demonstration=True))
    report = draft(world.author)
    freeze_report(actor=world.author, report_id=report.pk)
    return world, report


def test_the_pdf_is_tagged_and_says_what_html_says(frozen):
    world, report = frozen
    view = report_to_read(world.author, report.pk)
    content = renderers.pdf(view).content
    assert content == renderers.pdf(report_to_read(world.author, report.pk)).content
    reader = pdfs.read(content)
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"] == "en-GB"
    assert catalog["/MarkInfo"]["/Marked"] is True or catalog["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert "/StructTreeRoot" in catalog
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert reader.metadata.title == "Social value annual report 2025 to 2026"
    assert b"pdfuaid" in catalog["/Metadata"].get_data()
    twin = browser(world.author).get(f"/reports/{report.pk}/report.html").content.decode()
    article = twin[twin.index("<article") : twin.index("</article>")]
    headings = [pdfs.plain(found).strip() for found in Outline(article).found]
    assert headings == ["Social value annual report 2025 to 2026", *HEADINGS]
    outline = reader.outline
    assert [outline[0].title] + [row.title for row in outline[1]] == headings
    pages = [pdfs.plain(page.extract_text()) for page in reader.pages]
    text = " ".join(pages)
    for figure in ("£11,000", "£1,350", "£750", "6.8%", "20 tCO2e"):
        assert figure in text
        assert figure in article
    for heading in headings:
        assert heading in text
    assert view.sections[0].blocks[0].number == "1.1"
    assert "1.1" in text
    assert "1.1" in article
    for number, page in enumerate(pages, start=1):
        assert "Demonstration data" in page
        assert f"{view.organisation} – {view.title}" in page
        assert f"Page {number} of {len(pages)}" in page
        assert "Draft" not in page.replace("Draft.", "")
    assert report.pk
    assert "SHA-256" in text


def test_tables_have_header_cells_and_charts_have_words(frozen):
    world, report = frozen
    reader = pdfs.read(renderers.pdf(report_to_read(world.author, report.pk)).content)
    elements = pdfs.structure(reader)
    kinds = {kind for kind, _ in elements}
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure"} <= kinds
    figures = [node for kind, node in elements if kind == "/Figure"]
    assert len(figures) == 2
    assert all(str(node["/Alt"]).startswith("Bar chart. Social value by") for node in figures)


def test_a_draft_is_marked_on_every_page_and_a_real_authority_is_no_demonstration():
    world = reported()
    report = draft(world.author)
    reader = pdfs.read(renderers.pdf(report_to_read(world.author, report.pk)).content)
    for page in reader.pages:
        text = page.extract_text()
        assert "Draft" in text
        assert "Demonstration data" not in text


def test_words_of_an_author_are_text_not_markup():
    world = reported()
    report = draft(world.author)
    section = report.sections.get(kind="financial")
    section.narrative = '<script>alert(1)</script> <img src="file:///etc/passwd"> & so on'
    section.save()
    html = renderers.print_html(report_to_read(world.author, report.pk))
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    text = pdfs.read(renderers.pdf(report_to_read(world.author, report.pk)).content).pages[1]
    assert text is not None


def test_nothing_but_fonts_and_inline_images_is_read(tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"not for you")
    html = (
        f'<html lang="en"><title>T</title><img alt="x" src="{secret.as_uri()}"><p>Words</p></html>'
    )
    content = html_to_pdf(html, fonts_folder())
    reader = pdfs.read(content)
    assert "Words" in reader.pages[0].extract_text()
    assert b"not for you" not in content


def test_a_pdf_that_takes_too_long_is_stopped_with_a_sentence(frozen):
    world, report = frozen
    with pytest.raises(RuleBroken, match="took too long"):
        renderers.pdf(report_to_read(world.author, report.pk), seconds=0)


@pytest.mark.parametrize("seconds", [0, 60])
def test_no_unpacked_fonts_are_left_behind_whether_it_is_stopped_or_not(
    frozen, tmp_path, monkeypatch, seconds
):
    world, report = frozen
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    view = report_to_read(world.author, report.pk)
    if seconds:
        assert renderers.pdf(view, seconds=seconds).content.startswith(b"%PDF")
    else:
        with pytest.raises(RuleBroken):
            renderers.pdf(view, seconds=seconds)
    assert list(tmp_path.iterdir()) == []


def tables_at_the_foot_of_pages(table: str = "measures") -> list[str]:
    """The text of the pages of tables with eight rows and a total that begin ever lower on their page."""
    sheet = render_to_string("reporting/cabinet/print.css")
    rows = "".join(f'<tr><th scope="row">Row {n}</th><td>{n}</td></tr>' for n in range(8))
    parts = [
        f'<div style="break-before:page;height:{height}mm"></div><table class="report-table--{table}">'
        f'<caption>Start</caption><thead><tr><th scope="col">Head</th><th scope="col">Figure</th></tr></thead>'
        f'<tbody>{rows}<tr class="total"><th scope="row">Total</th><td>28</td></tr></tbody></table>'
        for height in range(150, 240, 4)
    ]
    html = f'<html lang="en"><title>T</title><style>{sheet}</style><h1>T</h1>{"".join(parts)}'
    content = html_to_pdf(html, fonts_folder())
    return [pdfs.plain(page.extract_text()) for page in pdfs.read(content).pages]


def test_a_split_table_has_its_header_on_every_page_and_no_row_or_total_alone():
    found = tables_at_the_foot_of_pages()
    pages = [text for text in found if "Head" in text]
    begun = [text for text in pages if "Start" in text]
    assert len(begun) == 23
    assert len(pages) > len(begun), "No table was split: the test sees nothing."
    assert all("Head" in text for text in found if "Row" in text or "Total" in text)
    assert all(text.count("Row") >= 2 for text in begun)
    assert all("Row 7" in text for text in pages if "Total" in text)


@pytest.mark.parametrize("table", ["themes", "quarters", "compared"])
def test_a_short_table_stands_whole_on_one_page(table):
    pages = [text for text in tables_at_the_foot_of_pages(table) if "Row" in text]
    assert len(pages) == 23
    assert all("Start" in text and "Row 0" in text and "Total" in text for text in pages)


def test_the_date_of_the_meeting_is_in_words(frozen):
    world, report = frozen
    assert report.meeting_on == date(2026, 9, 9)
    assert report_to_read(world.author, report.pk).meeting_on == "9 September 2026"
