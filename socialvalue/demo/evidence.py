"""Small real files for the claims: a PDF, a picture, a table, a text. No personal data in any of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw


def pdf(lines: Sequence[str]) -> bytes:
    """One page of text as a well-formed PDF, with its cross-reference table."""
    shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 16 TL 60 780 Td {shown} ET".encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


@cache
def picture(caption: str) -> bytes:
    """A drawn view of a green site as PNG: no photograph, so nobody and no place is in it."""
    image = Image.new("RGB", (320, 200), "#dcebf5")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 140, 320, 200), fill="#6f9e5b")
    for x in range(30, 320, 52):
        pen.rectangle((x - 3, 110, x + 3, 150), fill="#7a5a3a")
        pen.ellipse((x - 20, 64, x + 20, 116), fill="#3f7a45")
    pen.text((10, 182), caption, fill="#ffffff")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def landscape(beds: int = 0, trees: int = 0, *, hedge: bool = False) -> bytes:
    """A drawn view for a story, wide enough for a page: beds, trees, a hedge. Nobody is in it."""
    width, ground = 1200, 480
    image = Image.new("RGB", (width, 720), "#dcebf5")
    pen = ImageDraw.Draw(image)
    pen.ellipse((900, 70, 1020, 190), fill="#f7d774")
    pen.ellipse((-200, 300, 900, 900), fill="#8fb57a")
    pen.ellipse((500, 340, 1500, 1000), fill="#7da968")
    pen.rectangle((0, ground, width, 720), fill="#6f9e5b")
    if hedge:
        pen.rounded_rectangle((60, ground - 50, width - 60, ground + 20), 24, fill="#4d7f48")
    for number in range(trees):
        x = (2 * number + 1) * width // (2 * trees)
        pen.rectangle((x - 8, ground - 80, x + 8, ground + 30), fill="#7a5a3a")
        pen.ellipse((x - 55, ground - 190, x + 55, ground - 60), fill="#3f7a45")
    for number in range(beds):
        x = (2 * number + 1) * width // (2 * beds)
        pen.rectangle((x - 110, 570, x + 110, 660), fill="#7a5a3a")
        pen.rectangle((x - 100, 580, x + 100, 650), fill="#4a3626")
        for row in (595, 615, 635):
            pen.line((x - 90, row, x + 90, row), fill="#7cc06a", width=8)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def table(header: str, rows: Sequence[str]) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def text(lines: Sequence[str]) -> bytes:
    return "\n".join([*lines, ""]).encode()
