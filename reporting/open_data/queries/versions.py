"""What a public body is made from: while that is the same, so is the body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.http import http_date

from reporting.figures.queries.stamps import stamp
from reporting.rollups import queries as rollups
from socialvalue.audit.queries import newest_deed


@dataclass(frozen=True, slots=True)
class Seen:
    """What a body is made from: it is the same while ``key`` is."""

    key: str
    changed_at: datetime | None


def version_seen() -> Seen:
    """The stamp of all figures, and when the cells or anything else last changed: names, choices and stories change by
    deeds."""
    key, newest = stamp(), newest_deed()
    moments = (rollups.freshness().as_at, newest.at if newest else None)
    return Seen(key, max((moment for moment in moments if moment), default=None))


def http_moment(moment: datetime) -> str:
    """As a header gives it."""
    return http_date(moment.timestamp())
