"""A document of any length: laid out piece by piece, so that memory holds one piece and not all pages."""

from __future__ import annotations

import gc
import io
from typing import TYPE_CHECKING, Any

from socialvalue.core.press.binding import Binder, Bound
from socialvalue.core.press.pieces import ROWS, Flow, Piece, Place, flow_of, place_of

if TYPE_CHECKING:
    from weasyprint import Document

    from socialvalue.core.press.child import Layout


class Fonts(dict[int, Any]):
    """The fonts of all pieces, gathered while they are drawn and written with the last."""

    is_whole = False

    def values(self) -> Any:
        return super().values() if self.is_whole else ()


def long_pdf(html: str, layout: Layout, identifier: bytes) -> tuple[bytes, int]:
    """The PDF and the number of its pages. The same bytes for the same document."""
    gc.freeze()
    out = io.BytesIO()
    pages = _Press(flow_of(html), layout, Binder(out)).press(identifier)
    return out.getvalue(), pages


class _Press:
    def __init__(self, flow: Flow, layout: Layout, binder: Binder) -> None:
        self.flow = flow
        self.layout = layout
        self.binder = binder
        self.fonts = Fonts()

    def press(self, identifier: bytes) -> int:
        # The first piece has the contents: it is written last, when the pages of all others are known.
        document, place, rows = self._laid(Place(0, 0))
        pages, anchors = len(document.pages), _anchors(document)
        del document
        gc.collect()
        others: list[Bound] = []
        while place is not None:
            document, place, _ = self._laid(place)
            others.append(self._bound(document))
            del document
            gc.collect()
        front = self._front(rows, pages, anchors, others)
        pieces = [front, *others]
        total = sum(len(piece.pages) for piece in pieces)
        self.fonts.is_whole = True
        feet = self.layout.of(self.flow.feet(total), variant=None)
        feet.fonts = self.fonts
        self.binder.add_feet(feet, pieces)
        return self.binder.close(pieces, identifier)

    def _front(self, rows: int, pages: int, found: dict[str, int], others: list[Bound]) -> Bound:
        """The first piece with the right numbers in its contents. They need no room that was not kept for them."""
        at = pages
        for piece in others:
            found |= {name: at + page + 1 for name, (page, _, _) in piece.anchors.items()}
            at += len(piece.pages)
        document = self.layout.of(self.flow.piece(Place(0, 0), rows, found).html)
        return self._bound(document.copy(document.pages[:pages]), is_front=True)

    def _bound(self, document: Document, *, is_front: bool = False) -> Bound:
        document.fonts = self.fonts
        return self.binder.add(document, is_front=is_front)

    def _laid(self, start: Place) -> tuple[Document, Place | None, int]:
        """The pages of the next piece, where the one after it begins, and how many rows it took.

        Its last page is not full: unless the document ends with it, its rows go to the next piece.
        """
        rows = ROWS
        while True:
            piece = self.flow.piece(start, rows)
            document = self.layout.of(piece.html)
            if piece.is_end:
                return document, None, rows
            if (place := _first_row(document, piece)) is not None:
                return document.copy(document.pages[:-1]), place, rows
            del document
            gc.collect()
            rows *= 2


def _anchors(document: Document) -> dict[str, int]:
    return {
        name: number
        for number, page in reversed(list(enumerate(document.pages, start=1)))
        for name in page.anchors
    }


def _first_row(document: Document, piece: Piece) -> Place | None:
    """The row the last page begins with; None where it begins with anything else."""
    on_page = [place for name in document.pages[-1].anchors if (place := place_of(name))]
    before = {
        place for page in document.pages[:-1] for name in page.anchors if (place := place_of(name))
    }
    if not on_page:
        return None
    first = min(on_page)
    return first if Place(first.table, first.row - 1) in before else None
