from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from socialvalue.core.errors import RuleBroken
from socialvalue.core.files import check_file, safe_name

LIMIT = 1024 * 1024
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def photo(kind="JPEG", **options):
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "green").save(out, kind, **options)
    return out.getvalue()


def archive(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in files.items():
            book.writestr(name, content)
    return out.getvalue()


DOCX = archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})


@pytest.mark.parametrize(
    ("name", "content", "media_type", "kept"),
    [
        ("plan.pdf", PDF, "application/pdf", "plan.pdf"),
        ("photo.JPG", photo(), "image/jpeg", "photo.JPG"),
        ("screen.png", photo("PNG"), "image/png", "screen.png"),
        ("note.txt", b"Forty hours of mentoring", "text/plain", "note.txt"),
        ("rows.csv", b"role,hours\nmentor,40\n", "text/plain", "rows.csv"),
        (
            "letter.docx",
            DOCX,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "letter.docx",
        ),
        ("report", PDF, "application/pdf", "report.pdf"),
        ("photo.exe", photo(), "image/jpeg", "photo.jpg"),
    ],
)
def test_what_may_come_in_is_known_by_its_content(name, content, media_type, kept):
    found = check_file(name=name, content=content, max_bytes=LIMIT)
    assert (found.media_type, found.name) == (media_type, kept)
    assert len(found.sha256) == 64


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.pdf", b"", "empty"),
        ("page.pdf", b"<html><script>alert(1)</script>", "kind of file"),
        ("drawing.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind of file"),
        ("tool.pdf", b"MZ\x90\x00\x03", "kind of file"),
        ("script.txt", b"#!/bin/sh\nrm -rf /", "kind of file"),
        ("files.zip", archive(**{"a.txt": "x"}), "kind of file"),
        (
            "macro.docx",
            archive(
                **{"[Content_Types].xml": "", "word/document.xml": "", "word/vbaProject.bin": "x"}
            ),
            "macros",
        ),
        (
            "bomb.docx",
            archive(**{"[Content_Types].xml": "", "word/document.xml": "0" * (101 * 1024 * 1024)}),
            "unpacks",
        ),
        ("active.pdf", PDF.replace(b"<<>>", b"<</JavaScript 1>>", 1), "scripts"),
        ("half.pdf", b"%PDF-1.7\n1 0 obj", "damaged"),
        ("half.jpg", photo()[:40], "damaged"),
        ("broken.docx", b"PK\x03\x04nothing", "damaged"),
    ],
)
def test_what_may_not_is_refused_with_a_sentence(name, content, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        check_file(name=name, content=content, max_bytes=LIMIT)


def test_the_limit_is_said():
    assert check_file(name="a.txt", content=b"a" * LIMIT, max_bytes=LIMIT).size == LIMIT
    with pytest.raises(RuleBroken, match="larger than 1 MB"):
        check_file(name="a.txt", content=b"a" * (LIMIT + 1), max_bytes=LIMIT)


def test_no_place_travels_with_a_photo():
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010E] = "taken at home"
    found = check_file(name="a.jpg", content=photo(exif=exif), max_bytes=LIMIT)
    assert b"taken at home" not in found.content
    with Image.open(io.BytesIO(found.content)) as clean:
        assert dict(clean.getexif()) == {}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\work\\plan.pdf", "plan.pdf"),
        ("a\r\nb.pdf", "a__b.pdf"),
        ("...", "file"),
        ('"; x=".pdf', "__ x__.pdf"),
    ],
)
def test_names_lose_what_could_do_harm(given, kept):
    assert safe_name(given) == kept
