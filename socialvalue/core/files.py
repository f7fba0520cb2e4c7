"""Field callables and the guards for files that come from outside. Not a room: migrations may name these."""

from __future__ import annotations

import hashlib
import io
import re
import uuid
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PIL import Image, UnidentifiedImageError

from socialvalue.core.errors import RuleBroken

ZERO = Decimal(0)


def new_key() -> str:
    return uuid.uuid4().hex


def evidence_path(instance: Any, filename: str) -> str:
    """A stored name that holds nothing of the uploaded one."""
    name = uuid.uuid4().hex
    return f"evidence/{name[:2]}/{name}"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file whose content was recognised: safe name, media type, bytes (photos without metadata), SHA-256."""

    name: str
    media_type: str
    content: bytes
    sha256: str

    @property
    def size(self) -> int:
        return len(self.content)


_IMAGES = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png")}
_OFFICE = {
    "word/document.xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".docx",
    ),
    "xl/workbook.xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".xlsx",
    ),
}
ALLOWED_KINDS = "PDF, JPG, PNG, DOCX, XLSX, CSV or TXT"
_MAX_PIXELS = 50_000_000
_MAX_UNPACKED = 100 * 1024 * 1024


def safe_name(name: str) -> str:
    """The last part of the name, plain characters only, at most 100."""
    last = re.split(r"[\\/]", name)[-1]
    cleaned = re.sub(r"[^\w.\- ()]", "_", last).strip(" .") or "file"
    return cleaned[-100:]


def check_file(*, name: str, content: bytes, max_bytes: int) -> CheckedFile:
    """Recognise a file by its content. RuleBroken, with the limit or the allowed kinds, for anything else."""
    if not content:
        raise RuleBroken("The file is empty. Choose another file.", field="file")
    if len(content) > max_bytes:
        limit = max_bytes // (1024 * 1024)
        raise RuleBroken(f"The file is larger than {limit} MB. Choose a smaller one.", field="file")
    media_type, suffix, content = _recognise(content)
    stem = safe_name(name)
    if not stem.lower().endswith(suffix) and not (
        suffix == ".jpg" and stem.lower().endswith(".jpeg")
    ):
        stem = stem.rsplit(".", 1)[0] + suffix
    return CheckedFile(
        name=stem,
        media_type=media_type,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _recognise(content: bytes) -> tuple[str, str, bytes]:
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _image(content)
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return _text(content)


def _refuse() -> RuleBroken:
    return RuleBroken(
        f"This kind of file cannot be accepted. Choose a {ALLOWED_KINDS} file.", field="file"
    )


def _pdf(content: bytes) -> tuple[str, str, bytes]:
    if any(
        mark in content for mark in (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile")
    ):
        raise RuleBroken(
            "The PDF holds scripts or attached files. Print it to a new PDF and choose that.",
            field="file",
        )
    if b"%%EOF" not in content[-2048:]:
        raise RuleBroken(
            "The PDF is damaged: its end is missing. Save it again and choose that.", field="file"
        )
    return "application/pdf", ".pdf", content


def _image(content: bytes) -> tuple[str, str, bytes]:
    """Pixels only: saved again without EXIF, so that no location travels with a photo."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise RuleBroken(
                    "The picture has too many pixels. Save it smaller and choose that.",
                    field="file",
                )
            kind = image.format or ""
            image.load()
            clean = io.BytesIO()
            upright = _upright(image)
            if kind == "JPEG":
                upright.convert("RGB").save(clean, "JPEG", quality=88)
            else:
                upright.save(clean, "PNG")
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
    ) as error:
        raise RuleBroken(
            "The picture is damaged. Save it again and choose that.", field="file"
        ) from error
    media_type, suffix = _IMAGES[kind]
    return media_type, suffix, clean.getvalue()


def _upright(image: Image.Image) -> Image.Image:
    from PIL import ImageOps

    turned = ImageOps.exif_transpose(image)
    bare = Image.new(turned.mode, turned.size)
    if turned.mode == "P" and (palette := turned.getpalette()):
        bare.putpalette(palette)
    bare.paste(turned)
    return bare


def _office(content: bytes) -> tuple[str, str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {entry.filename for entry in archive.infolist()}
            if sum(entry.file_size for entry in archive.infolist()) > _MAX_UNPACKED:
                raise RuleBroken(
                    "The file unpacks to more than 100 MB. Choose a smaller one.", field="file"
                )
    except zipfile.BadZipFile as error:
        raise _refuse() from error
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js")) for name in names):
        raise RuleBroken(
            "The file holds macros. Save it without macros and choose that.", field="file"
        )
    for inside, (media_type, suffix) in _OFFICE.items():
        if inside in names and "[Content_Types].xml" in names:
            return media_type, suffix, content
    raise _refuse()


def _text(content: bytes) -> tuple[str, str, bytes]:
    """Plain text is kept as UTF-8; anything that a browser could run as a page is refused."""
    if b"\x00" in content:
        raise _refuse()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _refuse()
    if re.search(
        r"<\s*(!doctype|html|script|svg|iframe|body|\?xml|\?php)", text[:100_000], re.I
    ) or text.startswith("#!"):
        raise _refuse()
    return "text/plain", ".csv" if _looks_like_csv(text) else ".txt", text.encode()


def _looks_like_csv(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()][:5]
    return len(lines) > 1 and all("," in line for line in lines)
