"""A PDF read back: its words, outline, tags, fonts and where its letters stand."""

from __future__ import annotations

import io
import re
from typing import Any

from pypdf import PdfReader


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content), strict=True)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def pages(reader: PdfReader) -> list[str]:
    return [plain(page.extract_text()) for page in reader.pages]


def outline(reader: PdfReader) -> list[tuple[int, str, int]]:
    """Level, words and page (from 1) of every bookmark in order."""
    found: list[tuple[int, str, int]] = []

    def walk(rows: list[Any], level: int) -> None:
        for row in rows:
            if isinstance(row, list):
                walk(row, level + 1)
            else:
                number = reader.get_destination_page_number(row)
                assert number is not None
                found.append((level, row.title, number + 1))

    walk(reader.outline, 1)
    return found


def structure(reader: PdfReader) -> list[tuple[str, Any]]:
    """Every structure element with its type, in the order it is read out."""
    found: list[tuple[str, Any]] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if not hasattr(node, "get"):
            return
        if "/S" in node:
            found.append((str(node["/S"]), node))
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            kid = kid.get_object()
            if hasattr(kid, "get") and kid.get("/Type") not in ("/MCR", "/OBJR"):
                walk(kid)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def unembedded_fonts(content: bytes) -> list[str]:
    """The fonts whose letters are not in the file."""
    reader = read(content)
    found = []
    for number in range(1, reader.trailer["/Size"]):
        try:
            row = reader.get_object(number)
        except Exception:  # noqa: S112  # a number without an object
            continue
        is_font = isinstance(row, dict) and row.get("/Type") == "/FontDescriptor"
        if is_font and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(row):
            found.append(str(row["/FontName"]))
    return found


def parent_keys(reader: PdfReader) -> dict[int, Any]:
    """The tree that leads from the marks on a page, and from links, to their tags."""
    found: dict[int, Any] = {}

    def walk(node: Any) -> None:
        node = node.get_object()
        nums = node.get("/Nums", [])
        for at in range(0, len(nums), 2):
            found[int(nums[at])] = nums[at + 1]
        for kid in node.get("/Kids", []):
            walk(kid)

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"])
    return found


def marks_without_tags(reader: PdfReader) -> list[tuple[int, int]]:
    """Page and number of each mark on a page that no tag of that page claims."""
    claimed: set[tuple[Any, int]] = set()
    for _, node in structure(reader):
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if isinstance(kid, int):
                claimed.add((node.raw_get("/Pg").idnum, int(kid)))
    missing = []
    for number, page in enumerate(reader.pages, start=1):
        drawn = page.get_contents()
        data = drawn.get_data() if drawn else b""
        for found in re.finditer(rb"/MCID (\d+)", data):
            if (page.indirect_reference.idnum, int(found[1])) not in claimed:
                missing.append((number, int(found[1])))
    return missing
