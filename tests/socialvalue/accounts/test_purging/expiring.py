"""The moment at which something has had its time, and what a purge removes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings

from socialvalue.accounts.services.expiring import count_expired, purge_expired
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EDGE = timedelta(seconds=1)


def ago(kind: str) -> datetime:
    """The moment at which something of this kind has just had its time."""
    return NOW - timedelta(days=settings.RETENTION[kind])


def gone(kind: str) -> int:
    """What a purge removes of one kind, after the rehearsal said the same and removed nothing."""
    with clock.at(NOW):
        (said,) = [row.count for row in count_expired(actor=SYSTEM) if row.kind == kind]
        (again,) = [row.count for row in count_expired(actor=SYSTEM) if row.kind == kind]
        assert said == again, "The rehearsal removed something."
        rows = purge_expired(actor=SYSTEM)
    assert not [row.kind for row in rows if row.failed]
    (removed,) = [row.count for row in rows if row.kind == kind]
    assert removed == said
    return removed
