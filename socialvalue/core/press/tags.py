"""What WeasyPrint leaves out of its tags: the scope of header cells, and that what repeats on every page is no text."""

from __future__ import annotations

from typing import Any

import pydyf


def number_of(reference: bytes | str) -> int:
    """``b"12 0 R"`` is 12."""
    text = reference.decode() if isinstance(reference, bytes) else reference
    return int(text.split(" ", 1)[0])


def is_reference(value: Any) -> bool:
    return isinstance(value, bytes) and value.endswith(b" 0 R")


def structure(pdf: pydyf.PDF) -> tuple[Any, Any, Any]:
    """The root of the tags, the document among them, and the tree that leads from pages to tags."""
    root = pdf.objects[number_of(pdf.catalog["StructTreeRoot"])]
    document = pdf.objects[number_of(root["K"][0])]
    return root, document, pdf.objects[number_of(root["ParentTree"])]


def mend(pdf: pydyf.PDF) -> None:
    """Every header cell says what it heads; heads and feet of pages are artifacts."""
    _, document, tree = structure(pdf)
    for found in pdf.objects:
        if isinstance(found, pydyf.Dictionary) and found.get("S") in ("/TH", "/TD"):
            _cell(pdf, found)
    inside = _reached(pdf, document)
    streams = [pdf.objects[number_of(pdf.objects[n]["Contents"])] for n in pdf.pages["Kids"][::3]]
    for page, stream in enumerate(streams):
        marks = tree["Nums"][2 * page + 1]
        outside = {at for at, mark in enumerate(marks) if number_of(mark) not in inside}
        for at in outside:
            _forget(pdf, marks[at])
            marks[at] = b"null"
        if outside:
            _artifacts(stream.stream, outside)


def _cell(pdf: pydyf.PDF, cell: pydyf.Dictionary) -> None:
    # WeasyPrint names the headers of each cell, but not where those names are found: the scope says it without.
    cell["A"].pop("Headers", None)
    cell.pop("ID", None)
    if cell["S"] == "/TH":
        row = pdf.objects[number_of(cell["P"])]
        group = pdf.objects[number_of(row["P"])]
        cell["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"


def _reached(pdf: pydyf.PDF, document: Any) -> set[int]:
    """The numbers of everything under the document."""
    found: set[int] = set()
    waiting = [document]
    while waiting:
        for kid in waiting.pop()["K"]:
            if is_reference(kid) and (number := number_of(kid)) not in found:
                found.add(number)
                if "K" in pdf.objects[number]:
                    waiting.append(pdf.objects[number])
    return found


def _forget(pdf: pydyf.PDF, mark: bytes) -> None:
    """Empty a tag that nothing leads to, and those it hangs on."""
    found = pdf.objects[number_of(mark)]
    while found.get("P") and found.get("S") != "/Document":
        above = pdf.objects[number_of(found["P"])]
        found.clear()
        found = above


def _artifacts(stream: list[Any], outside: set[int]) -> None:
    for at, item in enumerate(stream):
        if isinstance(item, pydyf.Dictionary) and item.get("MCID") in outside:
            stream[at - 1] = "/Artifact"
            stream[at] = b"<</Type /Pagination>>"
