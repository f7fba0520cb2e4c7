"""Pieces of a document bound into one tagged PDF. A piece is written out as soon as it is there, and then forgotten."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

import pydyf

from socialvalue.core.press.tags import mend, number_of, structure

if TYPE_CHECKING:
    from weasyprint import Document

POINTS = 0.75
"""Of a CSS pixel."""
AT_ONCE = 400
"""Small objects are packed together by so many."""
# What refers to another object, or to a page's place among the tags; words in brackets are stepped over.
_REFERS = re.compile(
    rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]*>|(/StructParents? )(\d+)|(\d+) 0 R", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Bookmark:
    level: int
    label: str
    page: int
    x: float
    y: float


@dataclass
class Bound:
    """One piece as it stands in the file. ``anchors`` are page of the piece, x and y."""

    pages: list[int] = field(default_factory=list)
    feet: list[int] = field(default_factory=list)
    """Reserved for what is drawn on each page at the end."""
    kids: list[bytes] = field(default_factory=list)
    anchors: dict[str, tuple[int, float, float]] = field(default_factory=dict)
    bookmarks: list[Bookmark] = field(default_factory=list)


class Binder:
    """Writes a PDF object by object. The order of pages is the order of ``pieces`` at the end, not of writing."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._position = 0
        # Where each object is: nowhere, at an offset, or as the n-th of a pack.
        self._places: list[tuple[int, int, int]] = [(0, 0, 65535)]
        self._waiting: list[tuple[int, bytes]] = []
        self._keys = 0
        self._key_nodes: list[tuple[int, int, int]] = []
        self._front: dict[str, Any] = {}
        self._info = b""
        self._line(b"%PDF-1.7\n%\xf0\x9f\x96\xa4")
        self.tree, self.document, self.page_tree = (self.reserve() for _ in range(3))
        self.fonts, self.foot = self.reserve(), self.reserve()
        self._stream(self.foot, b"<<", b"/Artifact <</Type /Pagination>> BDC q /Foot Do Q EMC")

    # --- objects ------------------------------------------------------------------------------

    def reserve(self) -> int:
        self._places.append((0, 0, 0))
        return len(self._places) - 1

    def _line(self, content: bytes) -> None:
        self._out.write(content + b"\n")
        self._position += len(content) + 1

    def write(self, number: int, data: bytes) -> None:
        self._waiting.append((number, data))
        if len(self._waiting) >= AT_ONCE:
            self._pack()

    def _pack(self) -> None:
        if not self._waiting:
            return
        pack, heads, bodies, position = self.reserve(), [], [], 0
        for at, (number, data) in enumerate(self._waiting):
            self._places[number] = (2, pack, at)
            heads.append(f"{number} {position}".encode())
            bodies.append(data)
            position += len(data) + 1
        head = b" ".join(heads) + b"\n"
        extra = f"<</Type /ObjStm/N {len(heads)}/First {len(head)}".encode()
        self._stream(pack, extra, head + b"\n".join(bodies))
        self._waiting = []

    def _stream(self, number: int, head: bytes, body: bytes, *, is_packed: bool = True) -> None:
        """``head`` is a dictionary without its end."""
        if is_packed:
            body = zlib.compress(body, 9)
            head += b"/Filter /FlateDecode"
        self._places[number] = (1, self._position, 0)
        head += f"/Length {len(body)}>>".encode()
        self._line(b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj" % (number, head, body))

    # --- pieces -------------------------------------------------------------------------------

    def add(self, document: Document, *, is_front: bool = False) -> Bound:
        """Write the pages of one piece with everything they need, but for their feet and the fonts."""
        bound = Bound(feet=[self.reserve() for _ in document.pages])
        _remember(document, bound)
        foreign = _foreign(document)
        document.pages[0].anchors.update(dict.fromkeys(foreign, (0, 0, 0, 0)))
        _pressed(document, lambda pdf: self._take(pdf, bound, is_front=is_front))
        return bound

    def _take(self, pdf: pydyf.PDF, bound: Bound, *, is_front: bool) -> None:
        mend(pdf)
        root, inside, tree = structure(pdf)
        resources = pdf.objects[number_of(pdf.objects[pdf.pages["Kids"][0]]["Resources"])]
        moved = {1: self.page_tree, inside.number: self.document}
        moved[number_of(resources["Font"])] = self.fonts
        left_out = {0, 1, pdf.catalog.number, root.number, inside.number, tree.number}
        left_out.add(number_of(resources["Font"]))
        if is_front:
            self._front = dict(pdf.catalog)
            self._info = pdf.info.data
        else:
            left_out.add(number_of(pdf.catalog["Metadata"]))
        base = self._base(pdf, moved)
        for page, foot in zip(pdf.pages["Kids"][::3], bound.feet, strict=True):
            self._with_foot(pdf.objects[page], resources, foot, moved, len(pdf.objects) + page)
        moved[0] = self.foot
        refers = self._referring(base, moved)
        self._write_all(pdf, left_out, base, refers)
        if is_front:
            self._front["Metadata"] = refers(pdf.catalog["Metadata"])
        bound.pages = [base + page for page in pdf.pages["Kids"][::3]]
        bound.kids = [refers(kid) for kid in inside["K"]]
        self._take_keys(tree["Nums"], refers)

    def _base(self, pdf: pydyf.PDF, moved: dict[int, int]) -> int:
        base = len(self._places)
        self._places += [(0, 0, 0)] * len(pdf.objects)
        return base

    @staticmethod
    def _with_foot(
        page: Any, resources: Any, foot: int, moved: dict[int, int], stand_in: int
    ) -> None:
        """The foot is drawn before the page, whose own drawing begins by turning everything upside down."""
        moved[stand_in] = foot
        own = pydyf.Dictionary(resources)
        own["XObject"] = pydyf.Dictionary({**resources["XObject"], "Foot": b"%d 0 R" % stand_in})
        page["Resources"] = own
        page["Contents"] = pydyf.Array([b"0 0 R", page["Contents"]])

    def _referring(self, base: int, moved: dict[int, int]) -> Any:
        keys = self._keys

        def put(found: re.Match[bytes]) -> bytes:
            if found[3]:
                number = int(found[3])
                return b"%d 0 R" % moved.get(number, base + number)
            return b"%b%d" % (found[1], keys + int(found[2])) if found[1] else found[0]

        return lambda data: _REFERS.sub(put, data)

    def _write_all(self, pdf: pydyf.PDF, left_out: set[int], base: int, refers: Any) -> None:
        for number, found in enumerate(pdf.objects):
            if number in left_out:
                continue
            data = found.data
            if isinstance(found, pydyf.Stream):
                head, body = data.split(b"\nstream\n", 1)
                self._raw(base + number, refers(head), body.removesuffix(b"\nendstream"))
            else:
                self.write(base + number, refers(data))

    def _raw(self, number: int, head: bytes, body: bytes) -> None:
        """A stream that is packed already and says its length."""
        self._places[number] = (1, self._position, 0)
        self._line(b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj" % (number, head, body))

    def _take_keys(self, nums: Sequence[Any], refers: Any) -> None:
        node, first = self.reserve(), self._keys
        pairs = []
        for at in range(0, len(nums), 2):
            value = nums[at + 1]
            data = value if isinstance(value, bytes) else value.data
            pairs.append(b"%d %b" % (self._keys, refers(data)))
            self._keys += 1
        self._key_nodes.append((node, first, self._keys - 1))
        limits = b"/Limits [%d %d]" % (first, self._keys - 1)
        self.write(node, b"<<%b/Nums [%b]>>" % (limits, b" ".join(pairs)))

    # --- the end ------------------------------------------------------------------------------

    def add_feet(self, document: Document, pieces: Sequence[Bound]) -> None:
        """Draw what repeats on every page, and write the fonts of the whole document."""
        feet = [number for piece in pieces for number in piece.feet]
        _pressed(document, lambda pdf: self._take_feet(pdf, feet), is_tagged=False)

    def _take_feet(self, pdf: pydyf.PDF, feet: Sequence[int]) -> None:
        pages = pdf.pages["Kids"][::3]
        resources = number_of(pdf.objects[pages[0]]["Resources"])
        fonts = number_of(pdf.objects[resources]["Font"])
        left_out = {0, 1, pdf.catalog.number, *pages}
        base = self._base(pdf, {})
        refers = self._referring(base, {fonts: self.fonts})
        self.write(self.fonts, refers(pdf.objects[fonts].data))
        left_out.add(fonts)
        for page, foot in zip(pages, feet, strict=True):
            drawn = number_of(pdf.objects[page]["Contents"])
            left_out.add(drawn)
            stream, box = pdf.objects[drawn], pdf.objects[page]["MediaBox"]
            stream.extra = {
                "Type": "/XObject",
                "Subtype": "/Form",
                "BBox": box,
                "Resources": b"%d 0 R" % resources,
            }
            head, body = stream.data.split(b"\nstream\n", 1)
            self._raw(foot, refers(head), body.removesuffix(b"\nendstream"))
        self._write_all(pdf, left_out, base, refers)

    def close(self, pieces: Sequence[Bound], identifier: bytes) -> int:
        """Write what leads to everything else. The number of pages."""
        pages = [page for piece in pieces for page in piece.pages]
        kids = b" ".join(b"%d 0 R" % page for page in pages)
        self.write(self.page_tree, b"<</Type /Pages/Count %d/Kids [%b]>>" % (len(pages), kids))
        self._write_tags(pieces)
        catalog, info = self.reserve(), self.reserve()
        front = self._front
        entries = {
            "Type": "/Catalog",
            "Pages": b"%d 0 R" % self.page_tree,
            "StructTreeRoot": b"%d 0 R" % self.tree,
            "Names": b"<</Dests %b>>" % _destinations(pieces),
        }
        for name in ("Lang", "ViewerPreferences", "MarkInfo", "Metadata"):
            entries[name] = front[name]
        if (outlines := self._write_outlines(pieces, pages)) is not None:
            entries["Outlines"] = b"%d 0 R" % outlines
        self.write(catalog, pydyf.Dictionary(entries).data)
        self.write(info, self._info)
        self._pack()
        self._write_places(catalog, info, identifier)
        return len(pages)

    def _write_tags(self, pieces: Sequence[Bound]) -> None:
        keys = self.reserve()
        kids = b" ".join(kid for piece in pieces for kid in piece.kids)
        above = b"<</Type /StructElem/S /Document/P %d 0 R/K [%b]>>"
        self.write(self.document, above % (self.tree, kids))
        nodes = b" ".join(b"%d 0 R" % node for node, _, _ in self._key_nodes)
        self.write(keys, b"<</Kids [%b]>>" % nodes)
        root = b"<</Type /StructTreeRoot/K [%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey %d>>"
        self.write(self.tree, root % (self.document, keys, self._keys))

    def _write_outlines(self, pieces: Sequence[Bound], pages: Sequence[int]) -> int | None:
        rows = []
        start = 0
        for piece in pieces:
            rows += [(start + row.page, row) for row in piece.bookmarks]
            start += len(piece.pages)
        if not rows:
            return None
        top = self.reserve()
        numbers = [self.reserve() for _ in rows]
        above = _parents([row.level for _, row in rows])
        for at, (page, row) in enumerate(rows):
            entries: dict[str, Any] = {
                "Title": pydyf.String(row.label),
                "Dest": b"[%d 0 R /XYZ %b %b 0]" % (pages[page], _n(row.x), _n(row.y)),
                "Parent": b"%d 0 R" % (top if above[at] is None else numbers[above[at]]),  # type: ignore[index]
            }
            entries |= _neighbours(at, above, numbers)
            self.write(numbers[at], pydyf.Dictionary(entries).data)
        self.write(top, pydyf.Dictionary(_children(None, above, numbers)).data)
        return top

    def _write_places(self, catalog: int, info: int, identifier: bytes) -> None:
        number = self.reserve()
        self._places[number] = (1, self._position, 0)
        table = b"".join(
            kind.to_bytes(1, "big") + first.to_bytes(4, "big") + second.to_bytes(2, "big")
            for kind, first, second in self._places
        )
        start = self._position
        head = (
            f"<</Type /XRef/Size {len(self._places)}/W [1 4 2]/Root {catalog} 0 R/Info {info} 0 R"
            f"/ID [({identifier.decode()}) ({identifier.decode()})]"
        )
        self._stream(number, head.encode(), table)
        self._line(b"startxref\n%d\n%%%%EOF" % start)


class _Pressed(Exception):
    """Everything is taken: there is nothing left to write."""


def _pressed(document: Document, take: Any, *, is_tagged: bool = True) -> None:
    """Give the objects of a document to ``take``."""

    def finish(_: Document, pdf: pydyf.PDF) -> None:
        take(pdf)
        raise _Pressed

    try:
        document.write_pdf(finisher=finish, pdf_variant="pdf/ua-1" if is_tagged else None)
    except _Pressed:
        return


def _remember(document: Document, bound: Bound) -> None:
    """Take bookmarks and anchors, which are written at the end for all pieces together."""
    for number, page in enumerate(document.pages):
        for level, label, (x, y), _ in page.bookmarks:
            bound.bookmarks.append(
                Bookmark(level, label, number, x * POINTS, (page.height - y) * POINTS)
            )
        page.bookmarks = []
        for name, (x, y, *_) in page.anchors.items():
            bound.anchors.setdefault(name, (number, x * POINTS, (page.height - y) * POINTS))


def _foreign(document: Document) -> list[str]:
    """Where links of this piece lead to in another: WeasyPrint would leave them out."""
    own = {name for page in document.pages for name in page.anchors}
    targets = [
        target
        for page in document.pages
        for kind, target, _, _ in page.links
        if kind == "internal" and target not in own
    ]
    return list(dict.fromkeys(targets))


def _n(number: float) -> bytes:
    return f"{number:.3f}".rstrip("0").rstrip(".").encode()


def _destinations(pieces: Sequence[Bound]) -> bytes:
    found: dict[str, bytes] = {}
    for piece in pieces:
        for name, (page, x, y) in piece.anchors.items():
            if not name.startswith("press-row-"):
                place = b"[%d 0 R /XYZ %b %b 0]" % (piece.pages[page], _n(x), _n(y))
                found.setdefault(name, place)
    rows = sorted((pydyf.String(name).data, place) for name, place in found.items())
    return b"<</Names [%b]>>" % b" ".join(name + b" " + place for name, place in rows)


def _parents(levels: Sequence[int]) -> list[int | None]:
    """Under which earlier row each row of an outline stands."""
    found: list[int | None] = []
    open_rows: list[int] = []
    for at, level in enumerate(levels):
        while open_rows and levels[open_rows[-1]] >= level:
            open_rows.pop()
        found.append(open_rows[-1] if open_rows else None)
        open_rows.append(at)
    return found


def _children(
    row: int | None, above: Sequence[int | None], numbers: Sequence[int]
) -> dict[str, Any]:
    kids = [at for at, parent in enumerate(above) if parent == row]
    if not kids:
        return {}
    return {
        "First": b"%d 0 R" % numbers[kids[0]],
        "Last": b"%d 0 R" % numbers[kids[-1]],
        "Count": len(above) if row is None else len(kids),
    }


def _neighbours(at: int, above: Sequence[int | None], numbers: Sequence[int]) -> dict[str, Any]:
    same = [other for other, parent in enumerate(above) if parent == above[at]]
    place = same.index(at)
    found = _children(at, above, numbers)
    if place:
        found["Prev"] = b"%d 0 R" % numbers[same[place - 1]]
    if place + 1 < len(same):
        found["Next"] = b"%d 0 R" % numbers[same[place + 1]]
    return found
