"""Codes and units of measures, as they are written."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\d+")


def natural_key(code: str) -> str:
    """A text that sorts codes as people read them: GSE2 before GSE10, GSE1 before GSE1a."""
    letters = code.rstrip("0123456789")
    if letters.isalpha():
        # The usual code, GSE10: what follows its letters is its one number, or nothing.
        number = code[len(letters) :]
        return letters.upper() + (number.zfill(6) if number else "")
    return _NUMBER.sub(lambda found: found.group().zfill(6), code.upper())


def unit_parts(unit: str) -> list[dict[str, str]]:
    """``people x hours`` is people and hours; ``FTE-years`` is FTE and years."""
    parts = re.split(r"\s+[x×*]\s+|(?<=FTE)[- ](?=years?\b)", unit)
    return [{"name": part.strip()} for part in parts if part.strip()]
