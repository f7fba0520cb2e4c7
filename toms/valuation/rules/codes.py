"""Codes of measures."""

from __future__ import annotations

import re


def natural_key(code: str) -> str:
    """A text that sorts codes as people read them: GSE2 before GSE10, GSE1 before GSE1a."""
    return re.sub(r"\d+", lambda found: found.group().zfill(6), code.upper())
