"""PDFs. What runs, opens something or carries a file is refused, however its name is written.

A PDF whose objects all stand in plain view is read as bytes. One that packs its objects, or does something when it is
opened, is read by a library in a child process (``pdf_reader.py``) with little memory and a few seconds.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
import zlib
from bisect import bisect_left

from socialvalue.core.filekinds import pdf_reader
from socialvalue.core.filekinds.recognised import Recognised, refuse

PDF_START = b"%PDF-"
SECONDS = 15
_AGAIN = "Print it to a new PDF and choose that."
_ACTIVE = f"The PDF holds scripts or attached files, or opens something by itself. {_AGAIN}"
_LOCKED = f"The PDF has a password or is locked. Save it without one, or: {_AGAIN[:1].lower()}{_AGAIN[1:]}"
_DAMAGED = f"The PDF is damaged: it cannot be read to its end. {_AGAIN}"
_ENDLESS = "The PDF is damaged: its end is missing. Save it again and choose that."
_TWO_KINDS = f"The PDF is another kind of file as well. {_AGAIN}"
_BOMB = "The PDF unpacks to more than 200 MB. Save it with smaller pictures and choose that."
_PACKED = re.compile(rb"/(ObjStm|XRefStm|XRef)\b")
_OPENS = re.compile(rb"/OpenAction\s*[^\s\[]|/AA\s*(<<|\d)")
_LOCK = re.compile(rb"/Encrypt\s*(<<|\d)")
_MARKUP = re.compile(rb"<\s*(!doctype|html|script|svg|iframe|body|\?php|\?xml)", re.I)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
_TWICE_PACKED = re.compile(
    # No longer than a list of filters is: a search that looks to the end each time would never end.
    rb"/Filter\s{0,20}\[[^\]]{0,200}?(?:Flate|LZW|Fl\b)[^\]]{0,200}?(?:Flate|LZW|Fl\b)"
)
_MAX_STREAM = 200 * 1024 * 1024
_MAX_STREAMS = 400 * 1024 * 1024
# Packed, a tenth of a megabyte cannot become more than 100 MB.
_SMALL_STREAM = 100 * 1024
# More that are so long do not fit into a file one after the other.
_MOST_STREAMS = 400
_PIECE = 1024 * 1024


def pdf(content: bytes) -> Recognised:
    """The PDF up to its end. RuleBroken with what to do instead."""
    content = _ended(content)
    plain = unescaped(content)
    if _MARKUP.search(content[:1024]) or _is_archive(content):
        raise refuse(_TWO_KINDS)
    if _LOCK.search(plain):
        raise refuse(_LOCKED)
    if pdf_reader.ACTIVE.search(plain) or pdf_reader.ACTIVE.search(content):
        raise refuse(_ACTIVE)
    _check_size(content, plain)
    if _PACKED.search(plain) or _OPENS.search(plain):
        _read(content)
    return Recognised("application/pdf", ".pdf", content)


def unescaped(content: bytes) -> bytes:
    """Names may hide behind their numbers: ``/J#61vaScript``."""
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)


def _ended(content: bytes) -> bytes:
    """Without the few bytes that some scanners write behind the end."""
    end = content.rfind(b"%%EOF")
    if end < 0 or end < len(content) - 2048:
        raise refuse(_ENDLESS)
    return content if not content[end + 5 :].strip(b"\r\n \x00") else content[: end + 5] + b"\n"


def _is_archive(content: bytes) -> bool:
    return b"PK\x05\x06" in content[-66_000:] and zipfile.is_zipfile(io.BytesIO(content))


def _check_size(content: bytes, plain: bytes) -> None:
    """Nobody who opens it should be handed a gigabyte out of ten megabytes."""
    if _TWICE_PACKED.search(plain):
        raise refuse(_BOMB)
    ends = [found.start() for found in re.finditer(b"endstream", content)]
    total = looked_at = 0
    for found in _STREAM.finditer(content):
        begin = found.end()
        after = bisect_left(ends, begin)
        end = ends[after] if after < len(ends) else len(content)
        if end - begin < _SMALL_STREAM or not _is_packed(content, begin):
            continue
        looked_at += 1
        size = _unpacked_size(content[begin:end])
        total += size
        if size > _MAX_STREAM or total > _MAX_STREAMS:
            raise refuse(_BOMB)
        if looked_at > _MOST_STREAMS:
            raise refuse(_DAMAGED)


def _is_packed(content: bytes, begin: int) -> bool:
    """The two bytes that zlib begins with."""
    head = content[begin : begin + 2]
    return len(head) == 2 and head[0] & 0x0F == 8 and (head[0] * 256 + head[1]) % 31 == 0


def _unpacked_size(packed: bytes) -> int:
    """Bytes, counted up to a little over the limit; 0 for what is not packed so."""
    unpacking, size = zlib.decompressobj(), 0
    try:
        while packed and size <= _MAX_STREAM:
            size += len(unpacking.decompress(packed, _PIECE))
            packed = unpacking.unconsumed_tail
    except zlib.error:
        return size
    return size


def _read(content: bytes) -> None:
    try:
        done = subprocess.run(  # noqa: S603  # our own module, no words of a user among the arguments
            [sys.executable, "-P", "-s", pdf_reader.__file__],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refuse(_DAMAGED) from error
    if done.returncode == pdf_reader.CLEAN:
        return
    raise refuse(
        {pdf_reader.FOUND_ACTIVE: _ACTIVE, pdf_reader.FOUND_LOCKED: _LOCKED}.get(
            done.returncode, _DAMAGED
        )
    )
