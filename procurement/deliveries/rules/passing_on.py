"""One commitment passed on by a link: how long a link works, and how it is told."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

DAYS = (14, 30, 90, 180)
"""For how long a link may work. The longest leaves out no quarter's end."""
USUAL_DAYS = 30
MAX_SITE = 150
MOST_LINKS = 20
"""Open links of one commitment: more than any supplier has sites for, and no way to flood anybody with letters."""


def hash_of(token: str) -> str:
    """What is kept of a token: enough to know it again, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def expiry(made_at: datetime, days: int) -> datetime:
    return made_at + timedelta(days=days)


def is_open(*, ended_at: datetime | None, expires_at: datetime, now: datetime) -> bool:
    """It works before its expiry, not at it."""
    return ended_at is None and now < expires_at
