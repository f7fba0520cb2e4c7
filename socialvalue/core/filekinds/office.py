"""Word and Excel documents: a ZIP of parts. Whatever could run, fetch, or hide another file is refused."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape
from xml.etree import ElementTree

from socialvalue.core.errors import RuleBroken
from socialvalue.core.filekinds.pictures import has_hidden_place, picture
from socialvalue.core.filekinds.recognised import MAX_UNPACKED, Recognised, refuse, refuse_kind

ZIP_START = b"PK\x03\x04"
_KINDS = {
    "word/document.xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".docx",
    ),
    "xl/workbook.xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".xlsx",
    ),
}
_TYPES = "[Content_Types].xml"
ARCHIVE_MEND = "Take the files out of it and choose them one by one."
_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)""", re.I)
_ENCODINGS = (b"utf-8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252")
MAX_PARTS = 5_000
_LONGEST_LINKS = 2 * 1024 * 1024
_MACROS = (
    "The file holds macros or controls. Save it without macros as DOCX or XLSX and choose that."
)
_INSIDE = "The file holds another file inside. Take it out of the document, save, and choose each by itself."
_FETCHES = (
    "The file fetches something from elsewhere when it is opened: a template, a linked picture or another workbook. "
    "Break the links or save it as a PDF, and choose that."
)
_DAMAGED = "The file is damaged or was changed by another program. Save it again and choose that."
_MACRO_PARTS = re.compile(
    r"vbaproject|vbadata|activex|macrosheets|dialogsheets|customui|ctrlprops|\.(exe|dll|js|vbs|hta|jar|scr|bat|cmd|ps1)$",
    re.I,
)
_INSIDE_PARTS = re.compile(
    r"embeddings/|oleobject|\.(zip|docx|xlsx|docm|xlsm|pdf|html?|svgz|mht)$", re.I
)
_ALLOWED_PARTS = re.compile(
    r"(\.(xml|rels|vml|png|jpe?g|gif|bmp|tiff?|emf|wmf|emz|wmz|svg|odttf|fntdata|ttf|psmdcp|wdp|jfif|webp)"
    r"|printersettings\d*\.bin|/media/[^/]+\.tmp)$",
    re.I,
)
_MACRO_TYPES = re.compile(rb"macroEnabled|vbaProject|activeX|ms-office\.vba", re.I)
_OLE_TYPES = re.compile(rb"oleObject|officedocument\.package", re.I)
_FOREIGN_STARTS = (b"MZ", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"\x7fELF", b"Rar!")
_FIELDS = re.compile(
    rb"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|MACROBUTTON|LINK|QUOTE)\b", re.I
)
_FIELD_WORDS = re.compile(
    rb"<w:instrText[^<>]{0,500}>([^<]*)</w:instrText>|\bw:instr\s{0,9}=\s{0,9}[\"']([^\"']*)"
)
_QUOTED = re.compile(rb"\"[^\"]*\"")
_FORMULAS = re.compile(
    rb"<(?:\w{1,9}:)?f[ >][^<]*\b(?:WEBSERVICE|DDE|CALL|REGISTER|EXEC)\s{0,9}\(", re.I
)
_ENTITIES = re.compile(rb"<!\s{0,9}(DOCTYPE|ENTITY)", re.I)
_HARMLESS_TARGET = re.compile(r"(https?://|mailto:|tel:|#)", re.I)


def office(content: bytes) -> Recognised:
    """A DOCX or XLSX as it was sent; only photos inside it lose the place they were taken at."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _checked(content, archive)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        struct.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        ElementTree.ParseError,
    ) as error:
        raise refuse(_DAMAGED) from error


def _checked(content: bytes, archive: zipfile.ZipFile) -> Recognised:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise refuse("The file has a password. Save it without one and choose that.")
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise refuse("The file unpacks to more than 100 MB. Choose a smaller one.")
    media_type, suffix = _kind(names)
    _check_parts(names)
    if _is_two_kinds(content, archive):
        raise refuse(_DAMAGED)
    place = False
    for name, part in _parts(archive):
        _check_part(name, part)
        place = place or has_hidden_place(part)
    return Recognised(media_type, suffix, _without_places(archive) if place else content, place)


def _kind(names: list[str]) -> tuple[str, str]:
    found = [kind for part, kind in _KINDS.items() if part in names]
    if not found or _TYPES not in names:
        if any(name.startswith(("ppt/", "content.xml", "mimetype")) for name in names):
            raise refuse(
                "This kind of document cannot be shown to everybody. Save it as a PDF and choose that."
            )
        raise refuse_kind("it is an archive", ARCHIVE_MEND)
    if len(found) > 1:
        raise refuse(_DAMAGED)
    return found[0]


def _check_parts(names: list[str]) -> None:
    if any(_MACRO_PARTS.search(name) for name in names):
        raise refuse(_MACROS)
    if any(_INSIDE_PARTS.search(name) for name in names):
        raise refuse(_INSIDE)
    if any("externallinks/" in name.lower() for name in names):
        raise refuse(_FETCHES)
    lower = [name.lower() for name in names]
    if len(set(lower)) != len(lower) or any(_is_odd(name) for name in names):
        raise refuse(_DAMAGED)
    if not all(name.endswith("/") or _ALLOWED_PARTS.search(name) for name in names):
        raise refuse(_INSIDE)


def _is_odd(name: str) -> bool:
    """A name that leads out of its folder, or hides what it is."""
    return (
        name.startswith("/")
        or "\\" in name
        or "\x00" in name
        or ":" in name
        or ".." in name.split("/")
        or len(name) > 255
    )


def _is_two_kinds(content: bytes, archive: zipfile.ZipFile) -> bool:
    """Something stands before, behind or between the parts of the archive."""
    if archive.comment or min(entry.header_offset for entry in archive.infolist()) != 0:
        return True
    end = content.rfind(b"PK\x05\x06")
    return end < 0 or len(content) - end != 22


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Every part with its bytes. No more is unpacked than was declared, and that was measured."""
    left = MAX_UNPACKED
    for entry in archive.infolist():
        with archive.open(entry) as stored:
            part = stored.read(left + 1)
        left -= len(part)
        if left < 0:
            raise refuse("The file unpacks to more than 100 MB. Choose a smaller one.")
        yield entry.filename, part


def _check_part(name: str, part: bytes) -> None:
    lower = name.lower()
    if part.startswith(_FOREIGN_STARTS):
        raise refuse(_INSIDE)
    if not lower.endswith((".xml", ".rels", ".vml", ".svg")):
        return
    if part.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in part[:200]:
        part = _from_utf16(part)
    encoding = _ENCODING.match(part)
    if encoding and encoding[1].lower() not in _ENCODINGS:
        raise refuse(_DAMAGED)
    if _ENTITIES.search(part):
        raise refuse(_DAMAGED)
    if name == _TYPES:
        _check_types(part)
    elif lower.endswith(".rels"):
        _check_links(part)
    elif lower.endswith(".svg"):
        if re.search(rb"<\s*script|javascript:|\son\w+\s*=|<\s*foreignObject", part, re.I):
            raise refuse(_MACROS)
    elif lower.startswith("word/"):
        _check_fields(part)
    elif lower.startswith("xl/worksheets/") and _FORMULAS.search(part):
        raise refuse(_FETCHES)


def _from_utf16(part: bytes) -> bytes:
    try:
        return part.decode("utf-16").encode()
    except UnicodeDecodeError as error:
        raise refuse(_DAMAGED) from error


def _check_types(part: bytes) -> None:
    if _MACRO_TYPES.search(part):
        raise refuse(_MACROS)
    if _OLE_TYPES.search(part):
        raise refuse(_INSIDE)


def _check_links(part: bytes) -> None:
    """Links that a person clicks may lead to the web. Nothing may be fetched by itself."""
    if not part.strip():
        return
    if len(part) > _LONGEST_LINKS:
        raise refuse(_DAMAGED)
    words = part.decode("utf-8-sig", "replace").split("?>", 1)[-1]
    # No entities: a part with a document type was refused already.
    for link in ElementTree.fromstring(words).iter():  # noqa: S314
        kind = link.get("Type", "").rsplit("/", 1)[-1].lower()
        target = link.get("Target", "").strip()
        if kind in ("vbaproject", "control", "activexcontrolbinary"):
            raise refuse(_MACROS)
        if kind in ("oleobject", "package", "afchunk"):
            raise refuse(_INSIDE)
        is_external = link.get("TargetMode", "").lower() == "external"
        if is_external and (kind != "hyperlink" or not _HARMLESS_TARGET.match(target)):
            raise refuse(_FETCHES)
        if kind in ("attachedtemplate", "externallink", "subdocument", "frame") and target:
            raise refuse(_FETCHES)


def _check_fields(part: bytes) -> None:
    """Fields that fetch or run. Word lets one be cut into pieces, so the pieces are put together first; what stands in
    quotation marks is an address, not a name."""
    written = b"".join(
        first or b" " + second + b" " for first, second in _FIELD_WORDS.findall(part)
    )
    if _FIELDS.search(_QUOTED.sub(b"", unescape(written.decode("utf-8", "replace")).encode())):
        raise refuse(_FETCHES)


def _without_places(archive: zipfile.ZipFile) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as clean:
        for name, part in _parts(archive):
            clean.writestr(zipfile.ZipInfo(name), _placeless(part), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _placeless(part: bytes) -> bytes:
    if not has_hidden_place(part):
        return part
    try:
        return picture(part).content
    except RuleBroken:
        # A picture that cannot be drawn shows nothing: better gone than kept with its place.
        return b""
