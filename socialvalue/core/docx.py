"""A document as a Word file: real headings, tables with their header rows marked and repeated, British English."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from docx import Document as new_file
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph as WordParagraph

from socialvalue.core.documents import (
    Block,
    Bullets,
    Document,
    Facts,
    Grid,
    Heading,
    PageBreak,
    Paragraph,
    is_to_fill_in,
)
from socialvalue.core.pdf import NO_TIME

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPEFACE = "Source Sans 3"
# Word takes these, in this order, on a computer without the house typeface.
FALLBACKS = "Source Sans Pro,Calibri,Arial"
LANGUAGE = "en-GB"
GREEN, INK, GREY, AMBER = (
    RGBColor(0x00, 0x52, 0x4E),
    RGBColor(0x0B, 0x0C, 0x0C),
    RGBColor(0x48, 0x49, 0x49),
    RGBColor(0x6B, 0x2A, 0x00),
)
# Style, size, space above and below in points.
STYLES = (
    ("Heading 1", 20, 4, 12, INK),
    ("Heading 2", 13.5, 20, 6, GREEN),
    ("Heading 3", 11.5, 14, 4, INK),
    ("Heading 4", 10.5, 10, 3, INK),
    ("Caption", 10, 8, 3, INK),
)
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 21.0, 29.7, 2.0
WRITING_ROW = 480  # the height of a row to write on, in twentieths of a point
WHOLE_WIDTH = "5000"  # in fiftieths of a per cent
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def docx_of(document: Document) -> bytes:
    """The document as DOCX. The same document gives the same bytes."""
    file = new_file()
    _set_up(file, document)
    if document.first_line:
        _write(file.add_paragraph(), document.first_line, bold=True)
    if document.subtitle:
        line = file.add_paragraph()
        line.paragraph_format.keep_with_next = True
        run = line.add_run(_printable(document.subtitle))
        run.bold, run.font.color.rgb = True, GREEN
    file.add_heading(_printable(document.title), level=1)
    if document.facts:
        _facts(file, document.facts)
    for block in document.blocks:
        _add(file, block)
    out = io.BytesIO()
    file.save(out)
    return _dated(out.getvalue())


def _add(file: WordFile, block: Block) -> None:
    match block:
        case Heading(text, level):
            file.add_heading(_printable(text), level=level)
        case Paragraph(text):
            _write(file.add_paragraph(), text)
        case Bullets(items):
            for item in items:
                _write(file.add_paragraph(style="List Bullet"), item)
        case Facts(pairs):
            _facts(file, pairs)
        case Grid():
            _grid(file, block)
        case PageBreak():
            file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _facts(file: WordFile, pairs: Sequence[tuple[str, str]]) -> None:
    table = _table(file, len(pairs), 2, (30, 70), caption="")
    for row, (name, text) in zip(table.rows, pairs, strict=True):
        _write(row.cells[0].paragraphs[0], name, bold=True)
        _write(row.cells[1].paragraphs[0], text)
    _space(file)


def _grid(file: WordFile, grid: Grid) -> None:
    if not grid.rows:
        return
    file.add_paragraph(
        _printable(grid.caption), style="Caption"
    ).paragraph_format.keep_with_next = True
    lines = [grid.headings, *grid.rows, *([grid.total] if grid.total else [])]
    table = _table(
        file,
        len(lines),
        len(grid.headings),
        grid.widths,
        caption=grid.caption,
        is_form=all(is_to_fill_in(row) for row in grid.rows),
    )
    for number, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
        is_head = number == 0
        is_strong = is_head or (grid.total is not None and number == len(lines) - 1)
        for index, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            paragraph = cell.paragraphs[0]
            if index in grid.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            # The heading row stays with the first row, and a last row is never alone on its page.
            paragraph.paragraph_format.keep_with_next = is_head or number == len(lines) - 2
            _write(paragraph, text, bold=is_strong)
            if is_strong:
                _rule(cell, "bottom")
        if is_head:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        elif is_to_fill_in(texts) and not is_strong:
            _tall(row)
    _space(file)


def _table(
    file: WordFile,
    rows: int,
    columns: int,
    widths: Sequence[int] | None,
    *,
    caption: str,
    is_form: bool = False,
) -> Table:
    """An empty table over the whole width, with thin lines between its rows, or around the cells of a form, and no row
    split between pages."""
    table = file.add_table(rows=rows, cols=columns)
    table.autofit = widths is None
    properties = table._tbl.tblPr
    width = properties.find(qn("w:tblW"))
    width.set(qn("w:type"), "pct")
    width.set(qn("w:w"), WHOLE_WIDTH)
    # Word insists on an order: width, lines, layout, look, caption.
    look = properties.find(qn("w:tblLook"))
    lines = parse_xml(AROUND_CELLS if is_form else BETWEEN_ROWS)
    next(properties.iterchildren(qn("w:tblLayout"), qn("w:tblLook"))).addprevious(lines)
    if not caption:
        look.set(qn("w:firstRow"), "0")
        look.set(qn("w:val"), "0480")
    else:
        told = OxmlElement("w:tblCaption")
        told.set(qn("w:val"), _printable(caption))
        properties.append(told)
    whole = PAGE_WIDTH - 2 * MARGIN
    shares = widths or [100 // columns] * columns
    for index, share in enumerate(shares):
        table.columns[index].width = Cm(whole * share / sum(shares))
        for cell in table.columns[index].cells:
            cell.width = Cm(whole * share / sum(shares))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell in row.cells:
            kept = cell.paragraphs[0].paragraph_format
            kept.space_before = kept.space_after = Pt(2.5)
    return table


def _lines(*sides: str) -> str:
    told = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"/>' for side in sides
    )
    return f"<w:tblBorders {nsdecls('w')}>{told}</w:tblBorders>"


BETWEEN_ROWS = _lines("bottom", "insideH")
AROUND_CELLS = _lines("left", "bottom", "right", "insideH", "insideV")


def _rule(cell: _Cell, side: str) -> None:
    cell._tc.get_or_add_tcPr().append(
        parse_xml(
            f"<w:tcBorders {nsdecls('w')}>"
            f'<w:{side} w:val="single" w:sz="8" w:space="0" w:color="0B0C0C"/></w:tcBorders>'
        )
    )


def _tall(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(
        parse_xml(f'<w:trHeight {nsdecls("w")} w:val="{WRITING_ROW}" w:hRule="atLeast"/>')
    )


def _space(file: WordFile) -> None:
    """A table needs something after it, or the next one grows into it."""
    after = file.add_paragraph().paragraph_format
    after.space_before = after.space_after = Pt(0)
    after.line_spacing = Pt(8)


def _write(paragraph: WordParagraph, text: str, *, bold: bool = False) -> None:
    """``add_run`` turns a line break in the text into one on the page."""
    paragraph.add_run(_printable(text)).bold = bold or None


def _printable(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(
        char for char in text if char in "\n\t" or (char >= " " and char not in "\ufffe\uffff")
    )


def _set_up(file: WordFile, document: Document) -> None:
    _describe(file, document)
    _set_style(file)
    section = file.sections[0]
    section.page_width, section.page_height = Cm(PAGE_WIDTH), Cm(PAGE_HEIGHT)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.1)
    foot = section.footer.paragraphs[0]
    for text, field in (("Page ", "PAGE"), (" of ", "NUMPAGES"), (f" · {document.title}", "")):
        foot.add_run(_printable(text))
        if field:
            _field(foot, field)
    _small(foot, GREY)
    if document.notice:
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        head.add_run(_printable(document.notice)).bold = True
        _small(head, AMBER)


def _describe(file: WordFile, document: Document) -> None:
    told = file.core_properties
    told.title = _printable(document.title)[:255]
    told.subject = _printable(document.subtitle)[:255]
    told.language = LANGUAGE
    told.author = told.last_modified_by = "Social value"
    told.comments = told.keywords = ""
    told.created = told.modified = NO_TIME.replace(tzinfo=None)
    # The blank file comes with a picture of somebody else's first page.
    package = file.part.package
    for name in [n for n, rel in package.rels.items() if rel.reltype.endswith("/thumbnail")]:
        del package.rels[name]


def _set_style(file: WordFile) -> None:
    for element in file.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), LANGUAGE)
    _typeface(file.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}"))
    normal = file.styles["Normal"]
    normal.font.size = Pt(10.5)
    _typeface(normal.element.get_or_add_rPr())
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.12
    for name, size, above, below, colour in STYLES:
        style = file.styles[name]
        style.font.size, style.font.bold, style.font.color.rgb = Pt(size), True, colour
        _typeface(style.element.get_or_add_rPr())
        style.paragraph_format.space_before = Pt(above)
        style.paragraph_format.space_after = Pt(below)
        style.paragraph_format.keep_with_next = True
    for part in file.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            told = (
                f'<w:font w:name="{TYPEFACE}"><w:altName w:val="{FALLBACKS}"/></w:font></w:fonts>'
            )
            part._blob = part.blob.replace(b"</w:fonts>", told.encode())


def _typeface(properties) -> None:  # type: ignore[no-untyped-def]  # an XML element; lxml is not typed here
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), TYPEFACE)


def _small(paragraph: WordParagraph, colour: RGBColor) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(8.5), colour


def _field(paragraph: WordParagraph, name: str) -> None:
    """The number of this page, or of all pages: Word fills it in."""
    paragraph._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr="{name}"><w:r><w:rPr>'
            f'<w:color w:val="{GREY}"/><w:sz w:val="17"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'
        )
    )


def _dated(content: bytes) -> bytes:
    """The same file without the time it was packed at."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            new.writestr(entry, old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
