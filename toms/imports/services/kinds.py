"""Which kind of spreadsheet an uploaded file is, by its content and not by its name."""

from __future__ import annotations

from socialvalue.core.errors import RuleBroken
from socialvalue.core.files import check_file
from socialvalue.core.workbooks import is_ods
from toms.imports.vocabulary import FileKind

MAX_BYTES = 10 * 1024 * 1024
NEITHER = "This is not a spreadsheet. Choose an XLSX, ODS or CSV file."
_BY_TYPE = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": FileKind.XLSX,
    "text/plain": FileKind.CSV,
}


def recognise(content: bytes) -> tuple[FileKind, bytes]:
    """The kind and the content to keep (CSV as UTF-8). RuleBroken (field ``file``) for anything else."""
    if is_ods(content, max_bytes=MAX_BYTES, otherwise=NEITHER):
        return FileKind.ODS, content
    is_zip = content.startswith(b"PK\x03\x04")
    if content.startswith(b"%PDF-") or (b"\x00" in content[:4096] and not is_zip):
        raise RuleBroken(NEITHER, field="file")
    found = check_file(name="file", content=content, max_bytes=MAX_BYTES)
    kind = _BY_TYPE.get(found.media_type)
    if kind is None:
        raise RuleBroken(NEITHER, field="file")
    return kind, found.content
