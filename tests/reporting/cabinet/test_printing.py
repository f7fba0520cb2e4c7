"""What is printed of each kind of report: nothing beyond the page, one page where one was promised, one order of
headings for eyes and ears, and every reference at its definition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from weasyprint.formatting_structure import boxes

from reporting.cabinet import renderers
from reporting.cabinet.renderers.drawing import CUT, LONG
from reporting.cabinet.rules.content import ReportView
from reporting.cabinet.vocabulary import ReportKind
from socialvalue.core import press
from socialvalue.core.pdf import fonts_folder
from socialvalue.core.press.child import Layout
from tests.factories import pdfs, report_views

POINT = 4 / 3
MARGIN = 22 * 96 / 25.4
SLACK = 1.0
"""Rounding of a pixel."""


class Headings(HTMLParser):
    """The headings of a document with their levels, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.level = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if re.fullmatch("h[1-6]", tag):
            self.level = tag
            self.found.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self.level:
            self.level = ""

    def handle_data(self, data: str) -> None:
        if self.level:
            self.found[-1] = (self.level, self.found[-1][1] + data)


def hard(kind: str) -> ReportView:
    """Forty rows, nothing but zeros, and names of every length."""
    rows = report_views.table(40)
    return report_views.report(
        kind,
        report_views.section(
            1,
            report_views.LONG,
            report_views.words(report_views.SENTENCE, "1.1", report_views.WELSH, "{F3 20 tCO2e}"),
            rows,
            report_views.chart(zero=True),
            report_views.chart("quarters", table=report_views.table(2, label="", name="quarters")),
        ),
        report_views.section(2, "Stories", report_views.story()),
        report_views.section(3, "Nothing", report_views.words("No story is published.", "3.1")),
    )


def beyond_the_page(html: str) -> list[str]:
    """The texts that reach into the margins."""
    found = []
    for page in Layout(fonts_folder()).of(html, variant=None).pages:
        box = page._page_box
        content = [child for child in box.children if not isinstance(child, boxes.MarginBox)]
        for text in (row for child in content for row in texts(child)):
            right = text.position_x + text.width
            if right > box.margin_width() - MARGIN + SLACK or text.position_x < MARGIN - SLACK:
                found.append(text.text)
    return found


def texts(box: Any) -> Iterator[Any]:
    is_text = isinstance(box, boxes.TextBox) and bool(box.text.strip())
    if is_text and box.style["visibility"] == "visible":
        yield box
    for child in getattr(box, "children", ()):
        yield from texts(child)


@pytest.mark.parametrize("kind", [ReportKind.DIRECTORATE, ReportKind.SUMMARY])
def test_nothing_reaches_beyond_the_page_however_long_the_names(kind):
    assert beyond_the_page(renderers.press_html(hard(kind))) == []


def test_the_check_for_what_reaches_beyond_the_page_sees_it():
    html = renderers.press_html(hard(ReportKind.CABINET))
    wide = html.replace("</style>", "td,th{white-space:nowrap!important}</style>", 1)
    assert beyond_the_page(wide) != []


def test_eyes_and_ears_meet_the_same_headings_in_the_same_order():
    view = report_views.report()
    content = renderers.pdf(view).content
    reader = pdfs.read(content)
    twin = Headings(renderers.print_html(view)).found
    levels = [(f"h{level}", title) for level, title, _ in pdfs.outline(reader)]
    assert levels == [(level, pdfs.plain(text)) for level, text in twin]
    tags = pdfs.structure(reader)
    assert [kind.lower().lstrip("/") for kind, _ in tags if re.fullmatch("/H[1-6]", kind)] == [
        level for level, _ in twin
    ]
    assert pdfs.marks_without_tags(reader) == []
    assert pdfs.unembedded_fonts(content) == []
    text = " ".join(pdfs.pages(reader))
    for _, heading in twin:
        assert pdfs.plain(heading) in text
    for words in ("Wŷe", "Tŷ Gŵyl", "Łódź", "£627,077.18", "20 tCO2e", "Head of Finance"):
        assert words in text
    figures = [node for kind, node in tags if kind == "/Figure"]
    assert [str(node["/Alt"])[:37] for node in figures] == ["Bar chart. Social value by theme, 202"]


def test_the_contents_name_the_pages_of_the_bookmarks():
    reader = pdfs.read(renderers.pdf(report_views.report()).content)
    pages = {title: page for level, title, page in pdfs.outline(reader) if level == 2}
    first = re.sub(r"[. \s]+", ".", reader.pages[0].extract_text())
    named = [title for title in pages if title != "Recommendation"]
    assert len(named) == 7
    for title in named:
        dotted = re.sub(r"[. \s]+", ".", title)
        assert f"{dotted}.{pages[title]}" in first


def test_every_reference_leads_to_its_definition():
    view = report_views.report()
    reader = pdfs.read(renderers.pdf(view).content)
    targets = {
        str(row.get_object()["/Dest"])
        for page in reader.pages
        for row in page.get("/Annots", ())
        if str(row.get_object().get("/Dest", "")).startswith("figure-")
    }
    assert targets == {"figure-f1", "figure-f2", "figure-f3", "figure-f4"}
    assert targets <= set(reader.named_destinations)
    where = reader.get_destination_page_number(reader.named_destinations["figure-f1"])
    definitions = next(
        page for _, title, page in pdfs.outline(reader) if title == "Figures in this report"
    )
    assert where is not None
    assert where + 1 >= definitions


def test_a_summary_is_one_page_in_letters_that_fit():
    view = report_views.summary()
    done = renderers.pdf(view)
    assert done.pages == 1
    text = pdfs.pages(pdfs.read(done.content))[0]
    assert "Page 1 of 1" in text
    assert "£627,077.18 F1" in text
    assert "in the annex (Excel)" in text
    assert "Contents" not in text
    longer = renderers.pdf(report_views.summary(5))
    assert longer.pages == 1
    assert longer.content != done.content


def test_a_summary_of_too_many_words_has_the_pages_that_it_needs():
    assert renderers.pdf(report_views.summary(14)).pages == 2


def test_the_chart_of_a_summary_is_told_with_its_figures():
    drawn = renderers.drawn(report_views.summary())
    block = next(row for row in drawn.sections[1].blocks if row.drawing)
    assert block.table is None
    assert "£1,234.50" in block.alt


def test_long_tables_are_cut_for_the_press_alone_and_say_where_else_they_are():
    view = report_views.report(
        ReportKind.ANNUAL, report_views.section(1, "Rows", report_views.table(LONG + 1))
    )
    assert renderers.press_html(view).count(press.ROW) == LONG + 1
    kept = renderers.print_html(view)
    assert press.ROW not in kept
    assert "This table has 301 rows. They are in the annex (Excel) too" in kept
    short = report_views.report(
        ReportKind.ANNUAL, report_views.section(1, "Rows", report_views.table(CUT - 1))
    )
    assert press.ROW not in renderers.press_html(short)
    assert "They are in the annex" not in renderers.print_html(short)


def test_the_kept_file_needs_nothing_but_itself():
    html = renderers.print_html(report_views.report())
    assert "url(" not in html
    assert not re.search(r'(src|href)="(?!data:|#)', html)
    assert 'lang="en-GB"' in html
    assert not re.search(r"<th(?!ead| scope=)", html)
    for anchor in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{anchor}"' in html
