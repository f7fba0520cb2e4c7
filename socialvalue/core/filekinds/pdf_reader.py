"""The child process that reads a PDF whose objects are packed. The only place where pypdf is known.

``python pdf_reader.py`` reads a PDF on its input and answers with its exit code. It is run as a script and knows
nothing of Django or the rooms: a hostile file can use up its memory or its seconds, and nothing else.
"""

from __future__ import annotations

import io
import os
import re
import resource
import sys
from typing import Any

CLEAN, FOUND_ACTIVE, FOUND_LOCKED, UNREADABLE = 0, 3, 4, 5
MEMORY = 700 * 1024 * 1024
CPU_SECONDS = 10
MAX_OBJECTS = 300_000
ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|GoToE|SubmitForm|ImportData|XFA|Movie|GoTo3DView)\b"
)
_ACTIVE_NAMES = {
    "/JavaScript", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/Rendition", "/GoToE", "/SubmitForm",
    "/ImportData", "/XFA", "/Movie", "/GoTo3DView", "/JS", "/EF",
}  # fmt: skip
_HARMLESS_AT_OPENING = {"/GoTo", "/Named", "/Hide", "/SetOCGState"}


def reads_clean(content: bytes) -> int:
    """One of the exit codes. Whatever the library cannot read is not accepted."""
    from pypdf import PdfReader
    from pypdf.generic import (
        ArrayObject,
        DictionaryObject,
        IndirectObject,
        NameObject,
        StreamObject,
    )

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        return FOUND_LOCKED
    if not reader.pages:
        return UNREADABLE
    wanted = {number for objects in reader.xref.values() for number in objects} | set(
        reader.xref_objStm
    )
    waiting: list[Any] = [reader.trailer]
    waiting += [IndirectObject(number, 0, reader) for number in sorted(wanted) if number]
    seen: set[int] = set()
    left = MAX_OBJECTS
    while waiting:
        left -= 1
        if left < 0:
            return UNREADABLE
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if item.idnum in seen:
                continue
            seen.add(item.idnum)
            item = item.get_object()
        if isinstance(item, NameObject) and str(item) in _ACTIVE_NAMES - {"/JS", "/EF"}:
            return FOUND_ACTIVE
        if isinstance(item, ArrayObject):
            waiting.extend(item)
        if isinstance(item, DictionaryObject):
            if _ACTIVE_NAMES & set(map(str, item)) or _opens_something(item):
                return FOUND_ACTIVE
            if isinstance(item, StreamObject) and _hides_something(item):
                return FOUND_ACTIVE
            waiting.extend(dict.values(item))
    return CLEAN


def _hides_something(stream: Any) -> bool:
    """Among the objects it packs, listed or not."""
    is_packed = stream.get("/Type") == "/ObjStm"
    return is_packed and ACTIVE.search(_plain(stream.get_data())) is not None


def _opens_something(item: Any) -> bool:
    """What happens by itself may turn to a page, and nothing more."""
    for key in ("/OpenAction", "/AA"):
        if key not in item:
            continue
        action = item[key]
        steps = [action] if key == "/OpenAction" else list(action.values())
        for step in steps:
            step = step.get_object()
            if isinstance(step, dict) and step.get("/S") not in _HARMLESS_AT_OPENING:
                return True
    return False


def _plain(words: bytes) -> bytes:
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), words)


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    content = sys.stdin.buffer.read()
    try:
        return reads_clean(content)
    except Exception as error:  # a library that stumbles over a file has not read it
        sys.stderr.write(str(error)[:500])
        return UNREADABLE


if __name__ == "__main__":
    import logging

    logging.disable(logging.CRITICAL)
    os._exit(main())
