"""Files that mean harm are refused with a sentence that helps, or kept without what could harm."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from time import process_time

import pytest
from PIL import Image, ImageFile

from socialvalue.core.errors import RuleBroken
from socialvalue.core.files import SERVED_TYPES, check_file, disposition, safe_headers, safe_name
from tests.socialvalue.core import hostile

LIMIT = 20 * 1024 * 1024


def test_there_are_at_least_sixty():
    assert len(hostile.REFUSED) + len(hostile.CLEANED) + len(hostile.NAMES) >= 60
    assert len(hostile.REFUSED) >= 60


@pytest.mark.parametrize("which", list(hostile.REFUSED))
def test_it_is_refused_with_a_sentence_that_helps(which):
    name, content, word = hostile.REFUSED[which]
    with pytest.raises(RuleBroken, match=word) as refused:
        check_file(name=name, content=content, max_bytes=LIMIT)
    ((field, sentence),) = refused.value.errors
    assert field == "file"
    assert sentence.endswith(".")
    assert "Traceback" not in sentence


@pytest.mark.parametrize(
    "which", ["jpeg cut short", "png cut short", "png that says little and unpacks much"]
)
def test_it_is_refused_as_well_where_a_pdf_was_made_before(which, monkeypatch):
    """WeasyPrint, once imported, has Pillow accept truncated pictures."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    test_it_is_refused_with_a_sentence_that_helps(which)


@pytest.mark.parametrize("which", list(hostile.CLEANED))
def test_it_is_kept_without_what_could_harm(which):
    name, content, mark = hostile.CLEANED[which]
    assert mark in _opened(content)
    found = check_file(name=name, content=content, max_bytes=LIMIT)
    assert mark not in _opened(found.content)
    assert found.media_type in SERVED_TYPES


def _opened(content: bytes) -> bytes:
    """A document with its parts, a picture with its texts unpacked."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return content + b"".join(book.read(name) for name in book.namelist())
    if content.startswith(b"\x89PNG"):
        with Image.open(io.BytesIO(content)) as picture:
            return content + str(picture.info).encode()
    return content


@pytest.mark.parametrize(
    "which",
    [
        "photo with a place",
        "photo with a place in xmp",
        "photo with a place in iptc",
        "png with texts",
        "docx with a photo with a place",
    ],
)
def test_that_it_said_where_it_was_is_told(which):
    name, content, _ = hostile.CLEANED[which]
    assert check_file(name=name, content=content, max_bytes=LIMIT).had_location


def test_a_photo_without_a_place_had_none():
    assert not check_file(name="a.jpg", content=hostile.photo(), max_bytes=LIMIT).had_location


@pytest.mark.parametrize("name", hostile.NAMES)
def test_a_name_leads_nowhere(name):
    found = check_file(name=name, content=hostile.photo(), max_bytes=LIMIT).name
    assert 0 < len(found) <= 110
    assert found.lower().endswith((".jpg", ".jpeg"))
    assert not found.startswith(".")
    assert set(found).isdisjoint('/\\\0\r\n<>"\u202e:')
    safe_headers("image/jpeg", found)["Content-Disposition"].encode("latin-1")


@pytest.mark.parametrize("name", hostile.NAMES)
@pytest.mark.parametrize("inline", [False, True])
def test_a_reference_somebody_typed_cannot_break_the_header_of_a_download(name, inline):
    told = disposition(f"bids-\r={name}\r\nSet-Cookie: a=b.xlsx", inline=inline)
    assert told.startswith("inline; filename" if inline else "attachment; filename")
    assert set(told).isdisjoint("\0\r\n")
    told.encode("latin-1")


def test_a_download_keeps_the_whole_of_a_reference_with_slashes():
    assert disposition("bids-WCC/2026/014.xlsx") == 'attachment; filename="bids-WCC-2026-014.xlsx"'


@pytest.mark.parametrize(
    ("name", "kept"), [("cafe\u0301.jpg", "café.jpg"), ("x" * 120 + ".jpeg", "x" * 95 + ".jpeg")]
)
def test_a_name_keeps_what_it_can(name, kept):
    assert safe_name(name) == kept


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(hostile.pdf(), id="plain pdf"),
        pytest.param(hostile.pdf(*hostile.catalog(""), packed=["<</A 1>>"]), id="packed pdf"),
        pytest.param(
            hostile.pdf(*hostile.catalog("/OpenAction[3 0 R/FitH null]")), id="pdf at a page"
        ),
        pytest.param(
            hostile.pdf(*hostile.catalog("/OpenAction<</S/GoTo/D[3 0 R/Fit]>>")), id="pdf turns"
        ),
        pytest.param(
            hostile.pdf(*hostile.catalog("/X<</S/URI/URI(https://example.org)>>")),
            id="pdf with a link to click",
        ),
        pytest.param(
            hostile.docx(hostile.link("hyperlink", "https://example.org")), id="docx with a link"
        ),
        pytest.param(
            hostile.docx(hostile.link("styles", "styles.xml", "")), id="docx with its parts"
        ),
        pytest.param(hostile.photo("PNG"), id="png"),
        pytest.param(b"name,change\nA,-5\nB,+3.5%\n", id="csv with numbers below nought"),
        pytest.param("role,hours\nmentor,40\n".encode("utf-16"), id="rows in utf-16"),
        pytest.param("Cost: £40, 3 < 4 and 5 > 2".encode("cp1252"), id="words from Windows"),
    ],
)
def test_what_means_no_harm_comes_in(content):
    check_file(name="a", content=content, max_bytes=LIMIT)


def test_numbers_below_nought_stay_numbers():
    rows = b"name,change\nA,-5\nB,+3.5%\n"
    assert check_file(name="a.csv", content=rows, max_bytes=LIMIT).content == rows


def test_a_formula_becomes_words():
    found = check_file(name="a.csv", content=b"a,b\n=1+1,@x\n", max_bytes=LIMIT)
    assert found.content == b"a,b\r\n'=1+1,'@x\r\n"


def test_a_large_photo_is_kept_smaller_and_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    found = check_file(
        name="a.jpg", content=hostile.photo(size=(9000, 600), exif=exif), max_bytes=LIMIT
    )
    with Image.open(io.BytesIO(found.content)) as kept:
        assert kept.height > kept.width
        assert max(kept.size) <= 4096


def test_a_phones_photo_of_two_pictures_is_one(tmp_path):
    """Phones put a second picture behind the first (MPO)."""
    out = io.BytesIO()
    first, second = Image.new("RGB", (64, 48), "red"), Image.new("RGB", (64, 48), "blue")
    first.save(out, "MPO", save_all=True, append_images=[second])
    found = check_file(name="a.jpg", content=out.getvalue(), max_bytes=LIMIT)
    assert (found.media_type, found.name) == ("image/jpeg", "a.jpg")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"%PDF-1.7\n" + b"stream\n" * 400_000 + b"endstream\n%%EOF", id="streams"),
        pytest.param(b"%PDF-1.7\n" + b"/Filter[" * 400_000 + b"\n%%EOF", id="filters"),
        pytest.param(b"%PDF-1.7\n" + b"/OpenAction " * 300_000 + b"\n%%EOF", id="actions"),
        pytest.param(b"<" + b" " * 3_000_000, id="spaces"),
        pytest.param(b"<" * 3_000_000, id="brackets"),
        pytest.param(hostile.docx(document="<w:instrText " * 300_000), id="fields"),
    ],
)
def test_nothing_keeps_the_service_busy(content):
    """A search that looks to the end of the file from every place would take hours."""
    begun = process_time()
    with suppress(RuleBroken):
        check_file(name="a", content=content, max_bytes=LIMIT)
    assert process_time() - begun < 10


def test_a_link_to_click_may_say_import(tmp_path):
    words = '<w:instrText> HYPERLINK "https://example.org/import/link" </w:instrText>'
    check_file(name="a", content=hostile.docx(document=words), max_bytes=LIMIT)


def test_what_the_service_makes_itself_comes_in():
    """A document that Word or our own press wrote is not taken for a hostile one."""
    import docx
    import xlsxwriter

    letter, book = io.BytesIO(), io.BytesIO()
    made = docx.Document()
    made.add_paragraph("Forty hours of mentoring.")
    made.add_picture(io.BytesIO(hostile.photo()))
    made.save(letter)
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_formula("A1", "=SUM(B1:B9)")
        sheet.write_url("A2", "https://example.org")
    for content, suffix in ((letter.getvalue(), ".docx"), (book.getvalue(), ".xlsx")):
        assert check_file(name="a", content=content, max_bytes=LIMIT).name == f"a{suffix}"


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "application/javascript", ""])
def test_no_other_type_is_ever_served(media_type):
    headers = safe_headers(media_type, "a.html")
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment")
