"""Field callables and the guards for files that come from outside. Not a room: migrations may name these."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from socialvalue.core.errors import RuleBroken
from socialvalue.core.filekinds.foreign import fault_of
from socialvalue.core.filekinds.office import ZIP_START, office
from socialvalue.core.filekinds.pdfs import PDF_START, pdf
from socialvalue.core.filekinds.pictures import is_picture, picture
from socialvalue.core.filekinds.recognised import ALLOWED_KINDS, Recognised
from socialvalue.core.filekinds.texts import text

__all__ = [
    "ALLOWED_KINDS",
    "SERVED_TYPES",
    "ZERO",
    "CheckedFile",
    "check_file",
    "disposition",
    "evidence_path",
    "new_key",
    "report_path",
    "safe_headers",
    "safe_name",
    "upload_path",
]

ZERO = Decimal(0)


def new_key() -> str:
    return uuid.uuid4().hex


def evidence_path(instance: Any, filename: str) -> str:
    """A stored name that holds nothing of the uploaded one."""
    name = uuid.uuid4().hex
    return f"evidence/{name[:2]}/{name}"


def upload_path(instance: Any, filename: str) -> str:
    """Where a workbook that a job reads is kept: as private as evidence, under a name that says nothing."""
    name = uuid.uuid4().hex
    return f"uploads/{name[:2]}/{name}"


def report_path(instance: Any, filename: str) -> str:
    """Where an output of a report is kept: private, under a name that says nothing."""
    name = uuid.uuid4().hex
    return f"reports/{name[:2]}/{name}"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file whose content was recognised: safe name, media type, bytes (photos without metadata), SHA-256."""

    name: str
    media_type: str
    content: bytes
    sha256: str
    had_location: bool = False
    """It said where it was taken, and that was taken out."""

    @property
    def size(self) -> int:
        return len(self.content)


SERVED_TYPES = {
    "application/pdf": "application/pdf",
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "text/plain": "text/plain; charset=utf-8",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
}
"""The only types a kept file is ever answered with."""
ANY_BYTES = "application/octet-stream"
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.I)


def safe_headers(media_type: str, name: str) -> dict[str, str]:
    """The headers a kept file is answered with: it can be saved, never run or shown as a page of ours."""
    return {
        "Content-Type": SERVED_TYPES.get(media_type, ANY_BYTES),
        "Content-Disposition": disposition(name),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


def disposition(name: str, *, inline: bool = False) -> str:
    """The header that names a file: what somebody typed into the name cannot break it. A slash becomes a hyphen."""
    from django.utils.http import content_disposition_header

    named = safe_name(re.sub(r"[\\/]", "-", name))
    return content_disposition_header(as_attachment=not inline, filename=named) or "attachment"


def safe_name(name: str) -> str:
    """The last part of the name, plain characters only, at most 100."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    cleaned = re.sub(r"[^\w.\- ()]", "_", last).strip(" .") or "file"
    if len(cleaned) > 100:
        stem, dot, ending = cleaned.rpartition(".")
        ending = f"{dot}{ending}" if 0 < len(ending) <= 5 and stem else ""
        cleaned = cleaned[: 100 - len(ending)] + ending
    return f"file-{cleaned}"[:100] if _RESERVED.match(cleaned) else cleaned


def check_file(*, name: str, content: bytes, max_bytes: int) -> CheckedFile:
    """Recognise a file by its content. RuleBroken, with the limit or how to mend it, for anything else."""
    if not content:
        raise RuleBroken("The file is empty. Choose another file.", field="file")
    if len(content) > max_bytes:
        limit = max_bytes // (1024 * 1024)
        raise RuleBroken(f"The file is larger than {limit} MB. Choose a smaller one.", field="file")
    found = _recognise(content)
    stem = safe_name(name)
    suffix = found.suffix
    if not stem.lower().endswith(suffix) and not (
        suffix == ".jpg" and stem.lower().endswith(".jpeg")
    ):
        stem = (stem.rsplit(".", 1)[0] or "file") + suffix
    return CheckedFile(
        name=stem,
        media_type=found.media_type,
        content=found.content,
        sha256=hashlib.sha256(found.content).hexdigest(),
        had_location=found.had_location,
    )


def _recognise(content: bytes) -> Recognised:
    if content.startswith(PDF_START):
        return pdf(content)
    if is_picture(content):
        return picture(content)
    if content.startswith(ZIP_START):
        return office(content)
    fault = fault_of(content)
    if fault is not None:
        raise fault
    return text(content)
