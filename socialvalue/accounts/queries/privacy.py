"""The data map as people read it, and when what had had its time was last removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from socialvalue.accounts.queries.expired import last_purge
from socialvalue.accounts.rules.data_map import DATA_MAP, DataKind, how_long


@dataclass(frozen=True, slots=True)
class MapRow:
    """One kind of data, with how long it is kept as the settings say."""

    key: str
    what: str
    why: str
    basis: str
    who: str
    kept: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    rows: tuple[MapRow, ...]
    removed_at: datetime | None
    """When what had had its time was last gone through; None where that never happened."""


def data_map() -> tuple[MapRow, ...]:
    return tuple(_row(kind) for kind in DATA_MAP)


def privacy_page() -> PrivacyPage:
    """What anybody may read: no person, no number of anything."""
    run = last_purge()
    return PrivacyPage(data_map(), run.started_at if run else None)


def _row(kind: DataKind) -> MapRow:
    kept = how_long(kind, settings.RETENTION, evidence_years=settings.EVIDENCE_RETENTION_YEARS)
    return MapRow(kind.key, kind.what, kind.why, kind.basis, kind.who, kept, kind.places)
