"""The press: tags, artifacts, caps, and a document of any length that is one document."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from socialvalue.core import press
from socialvalue.core.errors import RuleBroken
from socialvalue.core.pdf import fonts_folder, printed
from socialvalue.core.press.child import html_to_pdf
from socialvalue.core.press.pieces import FEWEST, Place, flow_of
from tests.factories import pdfs

ROWS = 480
SHEET = (
    '<style>@page{size:A5;@top-right{content:"Draft"}@bottom-right{content:"Page " counter(page) " of " '
    'counter(pages)}}h1,h2{bookmark-level:1}h2{bookmark-level:2}nav a::after{content:leader(".") '
    "target-counter(attr(href),page)}</style>"
)


def row(number: int) -> str:
    return f'<tr><th scope="row">Row {number}.</th><td>{number * 3}</td></tr>'


def table(rows: int, *, is_marked: bool = True, caption: str = "Rows") -> str:
    mark, each, last = (press.LONG_TABLE, press.ROW, press.LAST_ROW) if is_marked else ("", "", "")
    body = "".join(each + row(number) for number in range(rows))
    return (
        f'{mark}<table style="table-layout:fixed;width:100%"><caption>{caption}</caption><thead><tr><th scope="col">'
        f'Head</th><th scope="col">Figure</th></tr></thead><tbody>{body}{last}'
        '<tr class="total"><th scope="row">Total</th><td>28 (1 0 R)</td></tr></tbody></table>'
    )


def document(*parts: str) -> str:
    contents = '<nav><a href="#rows" data-page="">Rows</a><a href="#end" data-page="">End</a></nav>'
    body = "".join(parts)
    return (
        f'<html lang="en-GB"><head><title>Rows (and more)</title>{SHEET}</head><body><h1>Title</h1>{contents}'
        f'<h2 id="rows">Rows</h2>{body}<h2 id="end">End</h2><p>See <a href="#rows">the rows</a>.</p></body></html>'
    )


def letters(page: str) -> list[str]:
    """What is on a page, whatever is drawn first, without the dots that lead to page numbers."""
    return sorted(re.sub(r"[\s.]", "", page))


@pytest.fixture(scope="module")
def long() -> bytes:
    return html_to_pdf(document(table(ROWS)), fonts_folder())


def test_a_long_document_says_what_it_says_in_one_piece(long):
    whole = html_to_pdf(document(table(ROWS, is_marked=False)), fonts_folder())
    ours, theirs = (pdfs.pages(pdfs.read(content)) for content in (long, whole))
    assert len(ours) == len(theirs)
    assert [letters(page) for page in ours] == [letters(page) for page in theirs]


def test_a_long_document_has_the_bookmarks_tags_and_titles_of_one_document(long):
    reader = pdfs.read(long)
    count = len(reader.pages)
    assert pdfs.outline(reader) == [(1, "Title", 1), (2, "Rows", 1), (2, "End", count)]
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Rows (and more)"
    tags = [kind for kind, _ in pdfs.structure(reader)]
    assert tags.count("/Document") == 1
    assert [tag for tag in tags if tag in ("/H1", "/H2")] == ["/H1", "/H2", "/H2"]
    assert tags.count("/THead") == tags.count("/Table") == count
    assert tags.count("/TR") == ROWS + 1 + count
    assert pdfs.unembedded_fonts(long) == []


def test_every_mark_on_a_page_has_its_tag_and_what_repeats_has_none(long):
    reader = pdfs.read(long)
    assert pdfs.marks_without_tags(reader) == []
    keys = pdfs.parent_keys(reader)
    assert sorted(keys) == list(range(len(keys)))
    for page in reader.pages:
        claimed = keys[int(page["/StructParents"])]
        assert all(tag.get_object()["/Pg"] == page for tag in claimed)
    text = reader.pages[2].extract_text()
    assert "Draft" in text
    assert f"Page 3 of {len(reader.pages)}" in pdfs.plain(text)
    words = [node for kind, node in pdfs.structure(reader) if kind == "/Span"]
    assert len(words) < ROWS * 2 + 6 * len(reader.pages) + 20


def test_links_lead_across_pieces_and_contents_name_the_right_pages(long):
    reader = pdfs.read(long)
    count = len(reader.pages)
    where = {
        name: reader.get_destination_page_number(place) + 1
        for name, place in reader.named_destinations.items()
    }
    assert where == {"rows": 1, "end": count}
    dotted = re.sub(r"[\s.]+", ".", reader.pages[0].extract_text())
    assert "Rows.1" in dotted
    assert f"End.{count}" in dotted
    for page, names in ((0, ["rows", "end"]), (count - 1, ["rows"])):
        links = [row.get_object() for row in reader.pages[page]["/Annots"]]
        assert sorted({str(link["/Dest"]) for link in links}) == sorted(names)


def test_the_scope_of_every_header_cell_is_said(long):
    cells = [node for kind, node in pdfs.structure(pdfs.read(long)) if kind == "/TH"]
    scopes = [str(cell["/A"]["/Scope"]) for cell in cells]
    pages = len(pdfs.read(long).pages)
    assert scopes.count("/Row") == ROWS + 1
    assert scopes.count("/Column") == 2 * pages


def test_the_same_document_gives_the_same_bytes_in_another_process(long):
    folder = Path(press.__file__).with_name("__main__.py")
    html = document(table(ROWS)).encode()
    found = []
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-P", str(folder), str(fonts_folder()), "0"],
            input=html,
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "946684800", "PATH": "/usr/bin:/bin"},
        )
        found.append(hashlib.sha256(done.stdout).hexdigest())
    assert found[0] == found[1]


def test_short_documents_have_artifacts_and_scopes_too():
    reader = pdfs.read(html_to_pdf(document(table(3, is_marked=False)), fonts_folder()))
    assert pdfs.marks_without_tags(reader) == []
    assert "Page 1 of 1" in pdfs.plain(reader.pages[0].extract_text())
    tags = pdfs.structure(reader)
    assert not any("Draft" in str(node.get("/ActualText", "")) for _, node in tags)
    assert [str(n["/A"]["/Scope"]) for kind, n in tags if kind == "/TH"] == ["/Column"] * 2 + [
        "/Row"
    ] * 4


def test_two_long_tables_with_words_between_them_are_whole():
    between = "<p>Between the tables.</p>"
    html = document(table(350), between, table(130, caption="More"), between)
    text = " ".join(pdfs.pages(pdfs.read(html_to_pdf(html, fonts_folder()))))
    for number in range(350):
        assert text.count(f"Row {number}. ") == (2 if number < 130 else 1)
    assert text.count("Between the tables.") == 2
    assert text.count("Total") == 2


def test_a_flow_is_cut_between_rows_and_never_leaves_a_few_over():
    flow = flow_of(document(table(200)))
    whole = flow.piece(Place(0, 0), 200 - FEWEST + 1)
    assert whole.is_end
    cut = flow.piece(Place(0, 0), 200 - FEWEST)
    assert not cut.is_end
    assert Place(0, 139).anchor in cut.html
    assert Place(0, 140).anchor not in cut.html
    rest = flow.piece(Place(0, 140), 200)
    assert rest.is_end
    assert "<caption>" not in rest.html
    assert rest.html.count("<thead>") == 1


def test_it_says_what_it_took():
    done = printed(document(table(3, is_marked=False)))
    assert done.pages == 1
    assert 0 < done.seconds < 60
    assert 20 < done.megabytes < 300


def test_a_document_that_needs_too_much_memory_is_stopped_with_a_sentence():
    with pytest.raises(RuleBroken, match="needed more memory than it may take"):
        printed(document(table(3000, is_marked=False)), megabytes=140)


def test_the_press_does_not_load_django():
    main = Path(press.__file__).with_name("__main__.py")
    loads = (
        "import runpy, sys, io; sys.stdin = io.TextIOWrapper(io.BytesIO(b'')); import os; "
        "os._exit = lambda code: None; sys.argv = ['x', sys.argv[2], '0']; "
        f"runpy.run_path({str(main)!r}, run_name='__main__'); "
        "print('django' in sys.modules, 'celery' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", loads, "x", str(fonts_folder())],
        capture_output=True,
        check=False,
    )
    assert done.stderr.decode().strip().endswith("False False")
