"""What a document says, read back from its blocks, its PDF and its DOCX."""

from __future__ import annotations

import io
import re

from docx import Document as open_docx
from pypdf import PdfReader

from socialvalue.core.documents import Bullets, Document, Facts, Grid, Heading, Paragraph


def grid_of(document: Document, caption: str) -> Grid:
    """The table with this caption."""
    found = [
        block
        for block in document.blocks
        if isinstance(block, Grid) and block.caption.startswith(caption)
    ]
    assert found, f"No table {caption}. There are {captions(document)}"
    return found[0]


def captions(document: Document) -> list[str]:
    return [block.caption for block in document.blocks if isinstance(block, Grid)]


def headings(document: Document, level: int = 2) -> list[str]:
    return [
        block.text
        for block in document.blocks
        if isinstance(block, Heading) and block.level == level
    ]


def rows_by_heading(grid: Grid) -> list[dict[str, str]]:
    return [dict(zip(grid.headings, row, strict=True)) for row in grid.rows]


def texts(document: Document) -> list[str]:
    """Every text of the document, in its order."""
    found = [document.title, document.subtitle]
    found += [text for pair in document.facts for text in pair]
    for block in document.blocks:
        match block:
            case Heading(text, _) | Paragraph(text):
                found.append(text)
            case Bullets(items):
                found += items
            case Facts(pairs):
                found += [text for pair in pairs for text in pair]
            case Grid() if block.rows:
                found += [block.caption, *block.headings]
                found += [text for row in block.rows for text in row]
                found += block.total or ()
    return [text for text in found if text]


def plain(text: str) -> str:
    """Without spaces: a PDF breaks lines, and words in narrow columns, where it likes."""
    return re.sub(r"\s+", "", text)


def pdf_text(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return plain(" ".join(page.extract_text() for page in pages))


def pdf_pages(content: bytes) -> list[str]:
    return [plain(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def docx_text(content: bytes) -> str:
    file = open_docx(io.BytesIO(content))
    said = [paragraph.text for paragraph in file.paragraphs]
    said += [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return plain(" ".join(said))
