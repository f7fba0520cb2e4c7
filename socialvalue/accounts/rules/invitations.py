"""Links that work once: what is sent is never stored, only its digest. Pure."""

from __future__ import annotations

import hashlib

INVITATION_DAYS = 7
MOST_INVITATIONS = 100
"""So many may wait for an answer in one organisation: anybody can register a supplier, and letters go to strangers."""


def digest_of(token: str) -> str:
    """SHA-256 in hexadecimal: it finds the row and opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
