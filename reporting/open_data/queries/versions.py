"""What a public body is made from: while that is the same, so is the body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.http import http_date

from reporting.rollups import queries as rollups
from socialvalue.audit.queries import newest_deed


@dataclass(frozen=True, slots=True)
class Seen:
    """What a body is made from: it is the same while ``key`` is."""

    key: tuple[int, int, int]
    changed_at: datetime | None


def version_seen() -> Seen:
    """The cells' version, how many entries wait, and the newest deed: names, choices and stories change by deeds."""
    fresh = rollups.freshness()
    newest = newest_deed()
    moments = [moment for moment in (fresh.as_at, newest.at if newest else None) if moment]
    key = (rollups.cube_version(), fresh.pending, newest.id if newest else 0)
    return Seen(key, max(moments, default=None))


def http_moment(moment: datetime) -> str:
    """As a header gives it."""
    return http_date(moment.timestamp())
