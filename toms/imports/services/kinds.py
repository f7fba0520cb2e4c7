"""Which kind of spreadsheet an uploaded file is, by its content and not by its name."""

from __future__ import annotations

import io
import zipfile

from socialvalue.core.errors import RuleBroken
from socialvalue.core.files import check_file
from toms.imports.vocabulary import FileKind

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
NEITHER = "This is not a spreadsheet. Choose an XLSX, ODS or CSV file."
_BY_TYPE = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": FileKind.XLSX,
    "text/plain": FileKind.CSV,
}


def recognise(content: bytes) -> tuple[FileKind, bytes]:
    """The kind and the content to keep (CSV as UTF-8). RuleBroken (field ``file``) for anything else."""
    if _is_ods(content):
        return FileKind.ODS, content
    if b"\x00" in content[:4096] and not content.startswith(b"PK\x03\x04"):
        raise RuleBroken(NEITHER, field="file")
    found = check_file(name="file", content=content, max_bytes=MAX_BYTES)
    kind = _BY_TYPE.get(found.media_type)
    if kind is None:
        raise RuleBroken(NEITHER, field="file")
    return kind, found.content


def _is_ods(content: bytes) -> bool:
    """An OpenDocument spreadsheet within the limits. RuleBroken for one that is not."""
    if not content.startswith(b"PK\x03\x04") or len(content) > MAX_BYTES:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "mimetype" not in names or "content.xml" not in names:
                return False
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise RuleBroken(
                    "The file unpacks to more than 100 MB. Choose a smaller one.", field="file"
                )
            if archive.read("mimetype").strip() != ODS_TYPE:
                raise RuleBroken(NEITHER, field="file")
    except zipfile.BadZipFile as error:
        raise RuleBroken(NEITHER, field="file") from error
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise RuleBroken(
            "The file holds macros. Save it without macros and choose that.", field="file"
        )
    return True
