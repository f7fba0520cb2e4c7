"""What the kinds share: the answer, the refusal, the list of what is accepted."""

from __future__ import annotations

from dataclasses import dataclass

from socialvalue.core.errors import RuleBroken

ALLOWED_KINDS = "PDF, JPG, PNG, DOCX, XLSX, CSV or TXT"
MAX_UNPACKED = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Recognised:
    """``content`` is what is kept, which may differ from what was sent. ``had_location``: a place was taken out."""

    media_type: str
    suffix: str
    content: bytes
    had_location: bool = False


def refuse(sentence: str) -> RuleBroken:
    """A refusal beside the box of the file. The sentence says what to do instead."""
    return RuleBroken(sentence, field="file")


def refuse_kind(what: str = "", mend: str = f"Choose a {ALLOWED_KINDS} file.") -> RuleBroken:
    """``what`` it is, where that is known, for example "it is a program"."""
    known = f": {what}" if what else ""
    return refuse(f"This kind of file cannot be accepted{known}. {mend}")
