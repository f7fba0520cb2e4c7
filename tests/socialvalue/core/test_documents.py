"""One document as HTML, PDF and DOCX: the same words, marked up so that everybody can read them."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest
from docx import Document as open_docx
from docx.oxml.ns import qn
from pypdf import PdfReader

from socialvalue.core import pdf as pdf_door
from socialvalue.core.documents import (
    LEFT_OUT,
    Bullets,
    Document,
    Facts,
    Grid,
    Heading,
    PageBreak,
    Paragraph,
    Pounds,
    counts_only,
    fingerprint,
    html_of,
    lines,
    quantity,
    worth,
)
from socialvalue.core.docx import docx_of
from socialvalue.core.errors import RuleBroken
from socialvalue.core.pdf import pdf_of

ROWS = [[f"AB{n}", f"Measure {n}", f"{n * 1000:,}.00"] for n in range(60)]
DOCUMENT = Document(
    title="Tender for <b>meals</b> & more",
    subtitle="A council",
    facts=[("Deadline", "9 September 2026, midday"), ("Who asks", "The council\nof the county")],
    blocks=[
        Heading("What is asked"),
        Paragraph("First line.\nSecond line."),
        Bullets(["One thing", "Another thing"]),
        Heading("Measures", 3),
        Grid(
            "Measures asked for",
            ["Code", "Title", "Unit value (£)"],
            ROWS,
            numeric=frozenset({2}),
            widths=[15, 60, 25],
            total=["All", "", "1,770,000.00"],
        ),
        PageBreak(),
        Heading("Schedule"),
        Facts([("Bidder", "To be named")]),
        Grid("To fill in", ["Code", "Quantity"], [["", ""]] * 4),
        Grid("Nothing in it", ["Code"], []),
    ],
    notice="Draft",
)


@pytest.fixture(scope="module")
def pdf():
    return PdfReader(io.BytesIO(pdf_of(DOCUMENT)))


@pytest.fixture(scope="module")
def word():
    return open_docx(io.BytesIO(docx_of(DOCUMENT)))


def said(reader: PdfReader) -> list[str]:
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


def structure(reader: PdfReader) -> list[str]:
    """The kinds of the elements of a tagged PDF, in reading order."""
    found: list[str] = []

    def walk(node):
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(node["/S"])
            walk(node.get("/K", []))

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def test_the_pdf_says_that_it_is_accessible(pdf):
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  # a PDF boolean is its own object
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert pdf.metadata.title == DOCUMENT.title
    marks = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part[^0-9]*1", marks)


def test_the_pdf_has_headings_lists_and_table_headers(pdf):
    kinds = structure(pdf)
    assert [kind for kind in kinds if re.fullmatch(r"/H\d", kind)] == ["/H1", "/H2", "/H3", "/H2"]
    assert kinds.count("/LI") == 2
    # Facts, measures on three pages, facts, form; the table without rows is left out.
    assert kinds.count("/Table") == 6
    # 3 headings on three pages and 2 on one, and the first cell of 2 + 60 + 1 + 1 + 4 rows.
    assert kinds.count("/TH") == 3 * 3 + 2 + 68
    assert [item.title for item in pdf.outline if not isinstance(item, list)] == [DOCUMENT.title]


def test_every_page_of_the_pdf_has_its_number_the_title_and_the_notice(pdf):
    pages = said(pdf)
    assert len(pages) == 4
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of 4 · {DOCUMENT.title}" in text
        assert "Draft" in text


def test_a_split_table_repeats_its_header_and_leaves_no_row_alone(pdf):
    pages = [text for text in said(pdf) if re.search(r"AB\d", text)]
    assert len(pages) == 3
    assert all("Code Title Unit value (£)" in text for text in pages)
    assert all(len(re.findall(r"AB\d+", text)) >= 2 for text in pages)
    assert "AB59 Measure 59 59,000.00 All 1,770,000.00" in pages[-1]


def test_all_rows_and_words_are_in_the_pdf(pdf):
    text = " ".join(said(pdf))
    for row in ROWS:
        assert " ".join(row) in text
    assert "Deadline 9 September 2026, midday Who asks The council of the county" in text
    assert "First line. Second line." in text
    assert "One thing" in text
    assert "Another thing" in text
    assert "Nothing in it" not in text


def test_markup_in_words_stays_words():
    html = html_of(DOCUMENT)
    assert "Tender for &lt;b&gt;meals&lt;/b&gt; &amp; more" in html
    assert "<b>" not in html
    assert "First line.<br>Second line." in html


def test_a_document_without_notice_has_none():
    plain = Document("T", blocks=[Paragraph("Words")])
    assert "Draft" not in said(PdfReader(io.BytesIO(pdf_of(plain))))[0]
    assert open_docx(io.BytesIO(docx_of(plain))).sections[0].header.paragraphs[0].text == ""


def test_the_word_file_says_what_it_is(word):
    told = word.core_properties
    assert (told.title, told.subject, told.language) == (DOCUMENT.title, "A council", "en-GB")
    assert {lang.get(qn("w:val")) for lang in word.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_the_word_file_has_real_headings_and_lists(word):
    found = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert found == [
        ("Heading 1", DOCUMENT.title),
        ("Heading 2", "What is asked"),
        ("Heading 3", "Measures"),
        ("Heading 2", "Schedule"),
    ]
    bullets = [p.text for p in word.paragraphs if p.style.name == "List Bullet"]
    assert bullets == ["One thing", "Another thing"]
    assert "First line.\nSecond line." in [p.text for p in word.paragraphs]


def test_the_word_file_has_real_tables_with_marked_headers(word):
    facts, measures, _, form = word.tables
    assert [[cell.text for cell in row.cells] for row in facts.rows] == [
        list(pair) for pair in DOCUMENT.facts
    ]
    lines = [[cell.text for cell in row.cells] for row in measures.rows]
    assert lines == [
        ["Code", "Title", "Unit value (£)"],
        *ROWS,
        ["All", "", "1,770,000.00"],
    ]
    headers = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in measures.rows]
    assert headers == [True] + [False] * 61
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in measures.rows)
    assert measures._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Measures asked for"
    assert [cell.paragraphs[0].alignment for cell in measures.rows[1].cells] == [None, None, 2]
    assert len(form.rows) == 5


def test_the_word_file_numbers_its_pages_and_carries_the_notice(word):
    section = word.sections[0]
    foot = section.footer.paragraphs[0]
    fields = [f.get(qn("w:instr")) for f in foot._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "".join(t.text for t in foot._p.iter(qn("w:t"))) == f"Page 1 of 1 · {DOCUMENT.title}"
    assert section.header.paragraphs[0].text == "Draft"


def test_the_word_file_names_the_house_typeface_and_what_to_take_without_it(word):
    with zipfile.ZipFile(io.BytesIO(docx_of(DOCUMENT))) as file:
        fonts = file.read("word/fontTable.xml").decode()
        assert "docProps/thumbnail.jpeg" not in file.namelist()
    assert (
        '<w:font w:name="Source Sans 3"><w:altName w:val="Source Sans Pro,Calibri,Arial"/>' in fonts
    )
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Caption"):
        assert word.styles[name].font.name == "Source Sans 3"


def test_what_a_file_cannot_hold_is_left_out():
    """A control character pasted from a terminal stops neither."""
    odd = Document("T\x0bx", facts=[("a\x00b", "c")], blocks=[Paragraph("d\x1be")])
    assert "ab" in [row.cells[0].text for row in open_docx(io.BytesIO(docx_of(odd))).tables[0].rows]
    assert pdf_of(odd).startswith(b"%PDF")


def test_the_same_document_gives_the_same_bytes():
    assert docx_of(DOCUMENT) == docx_of(DOCUMENT)
    assert pdf_of(DOCUMENT) == pdf_of(DOCUMENT)


def test_a_row_with_room_to_write_is_a_form_and_others_are_not():
    form = Grid("F", ["A", "B", "C"], [["For us", "", ""]])
    told = Grid("T", ["A", "B", "C"], [["x", "y", ""]])
    html = html_of(Document("T", blocks=[form, told]))
    assert re.findall(r'<table id="part-\d" class="([^"]+)"', html) == [
        "grid grid--form grid--short",
        "grid grid--short",
    ]


def test_a_table_of_few_rows_with_much_in_them_may_be_split():
    """Kept whole, it would leave its heading alone on a page and start on the next."""
    grids = [Grid("T", ["A", "B"], [["x", "y" * length]]) for length in (1199, 1200)]
    html = html_of(Document("T", blocks=grids))
    looks = re.findall(r'<table id="part-\d" class="([^"]+)"', html)
    assert looks == ["grid grid--short", "grid"]


def test_a_short_table_is_whole_on_one_page_and_its_heading_with_it():
    parts = []
    for number in range(12):
        parts += [Paragraph("Filler. " * 30)] * 3
        rows = [[f"Row {number}.{row}", "x"] for row in range(5)]
        parts += [
            Heading(f"Head {number}"),
            Paragraph(f"Cause {number}."),
            Grid(f"Table {number}", ["A", "B"], rows, widths=[50, 50]),
        ]
    pages = said(PdfReader(io.BytesIO(pdf_of(Document("T", blocks=parts)))))
    assert len(pages) > 2
    for number in range(12):
        page = next(text for text in pages if f"Head {number} " in text)
        assert f"Cause {number}." in page
        assert f"Table {number} " in page
        assert f"Row {number}.4" in page


def test_told_widths_are_kept_and_nothing_leaves_the_page():
    heads = [f"Heading {number}" for number in range(8)]
    rows = [[f"{row}.{column}" for column in range(8)] for row in range(9)]
    grid = Grid("G", heads, rows, frozenset(range(1, 8)), [25, 8, 14, 13, 11, 9, 10, 10])
    page = PdfReader(io.BytesIO(pdf_of(Document("T", blocks=[grid])))).pages[0]
    found: dict[str, float] = {}

    def seen(text, outer, inner, font, size):
        found.setdefault(text.strip(), inner[4] * outer[0] + outer[4])

    page.extract_text(visitor_text=seen)
    left, right = 20 / 25.4 * 72, float(page.mediabox.width) - 20 / 25.4 * 72
    starts = [found[text] for text in rows[0]]
    assert starts[0] == pytest.approx(left, abs=1)
    assert starts == sorted(starts)
    assert right - 25 < starts[-1] < right


def test_a_document_that_takes_too_long_says_what_to_do_instead():
    with pytest.raises(RuleBroken, match=r"took too long .* Download it as Word instead"):
        pdf_door.printed("<p>x", seconds=0, instead=pdf_door.AS_WORD)


def test_the_fingerprint_is_of_what_is_said_and_of_nothing_else():
    plain = Document("T", blocks=[Paragraph("Words"), Grid("G", ["A"], [["1"]], frozenset({0}))])
    assert fingerprint(plain) == fingerprint(replace(plain, notice="Draft"))
    assert len(fingerprint(plain)) == 64
    for other in (
        replace(plain, title="U"),
        replace(plain, facts=[("a", "b")]),
        replace(plain, blocks=[Heading("Words"), *plain.blocks[1:]]),
        replace(plain, blocks=[plain.blocks[0], Grid("G", ["A"], [["2"]], frozenset({0}))]),
    ):
        assert fingerprint(other) != fingerprint(plain)


# --- counts only -----------------------------------------------------------------------------------


def with_pounds():
    """One of everything, with prices and social value side by side."""
    return Document(
        "Schedule",
        facts=[("Contract value", "£170,000"), ("Social value", worth("£1,200"))],
        blocks=[
            Paragraph(Pounds("All of it: £1,200", "All of it")),
            Bullets(["Offered for £170,000, worth £1,200 of social value", quantity("More than £500 of NT1")]),
            Facts([("Social value counted", worth("£1,200")), ("Price", "£170,000")]),
            Grid(
                "Commitments",
                ["Code", "Quantity", "Price", Pounds("Value (£)", "Value")],
                [
                    ["NT1", quantity("£500"), "£9", lines([worth("£700.50"), "Coventry"])],
                    ["NT2", "3 weeks", "£9", worth("Counted, not valued")],
                ],
                total=["All", "", "£18", Pounds("£1,200")],
            ),
        ],
    )  # fmt: skip


def test_a_copy_for_counts_only_keeps_prices_and_quantities_and_says_what_it_is():
    copy = counts_only(with_pounds())
    assert copy.first_line == LEFT_OUT
    assert copy.facts == [("Contract value", "£170,000"), ("Social value", "£ not shown")]
    assert copy.blocks == [
        Paragraph("All of it"),
        Bullets(["Offered for £170,000, worth (£ not shown) of social value", "More than 500 pounds of NT1"]),
        Facts([("Social value counted", "£ not shown"), ("Price", "£170,000")]),
        Grid(
            "Commitments",
            ["Code", "Quantity", "Price", "Value"],
            [
                ["NT1", "500 pounds", "£9", "£ not shown\nCoventry"],
                ["NT2", "3 weeks", "£9", "Counted, not valued"],
            ],
            total=["All", "", "£18", "£ not shown"],
        ),
    ]  # fmt: skip
    printed = " ".join(re.sub(r"<style>.*</style>|<[^>]+>", " ", html_of(copy), flags=re.S).split())
    assert printed.startswith(f"Schedule {LEFT_OUT} Schedule")
    assert open_docx(io.BytesIO(docx_of(copy))).paragraphs[0].text == LEFT_OUT


def test_marks_change_nothing_in_the_formal_document():
    marked = with_pounds()
    assert marked.first_line == ""
    assert LEFT_OUT not in html_of(marked)
    bare = replace(
        marked,
        facts=[(str(name), str(text)) for name, text in marked.facts],
        blocks=[Paragraph("All of it: £1,200"), *marked.blocks[1:]],
    )
    assert fingerprint(marked) == fingerprint(bare)
    assert docx_of(marked) == docx_of(bare)


def test_a_document_without_social_value_in_pounds_is_given_as_it_is():
    prices = Document(
        "T", facts=[("Price", "£9")], blocks=[Paragraph("At a price of £9."), PageBreak()]
    )
    assert counts_only(prices) is prices
