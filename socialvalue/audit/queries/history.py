"""The history of one thing: what was done, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, OuterRef, QuerySet

from socialvalue.audit.models import AuditRecord


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a history: when, who, for whom, what."""

    at: datetime
    who: str
    organisation: str
    sentence: str


@dataclass(frozen=True, slots=True)
class NewestDeed:
    id: int
    at: datetime


def newest_deed() -> NewestDeed | None:
    """The last row written, whatever it is about: while it is the same, nobody has done anything. None before any."""
    row = AuditRecord.objects.order_by("-id").values_list("id", "at").first()
    return None if row is None else NewestDeed(*row)


LATE_AT_MOST = 1_000


def recent_deeds() -> tuple[int, int]:
    """The highest number, and how many of the last thousand numbers are there: both the same, and nobody has done
    anything.

    Numbers are given out before a transaction ends, so the highest alone would not move when an earlier one comes late.
    """
    newest = AuditRecord.objects.aggregate(newest=Max("id"))["newest"] or 0
    return newest, AuditRecord.objects.filter(id__gt=newest - LATE_AT_MOST).count()


def history_of(
    *,
    target_type: str,
    target_id: int,
    organisation_ids: Sequence[int] | None = None,
    limit: int = 100,
) -> list[HistoryLine]:
    """The deeds on one row, newest first. ``organisation_ids`` keeps to what these organisations did."""
    rows = AuditRecord.objects.filter(target_type=target_type, target_id=target_id)
    return _lines(rows, organisation_ids, limit)


def last_person(
    *, target_type: str, target_id: int, without_deeds: Sequence[str] = ()
) -> int | None:
    """Who did the last deed on this row, ``without_deeds`` left out. None when nobody signed in has."""
    return (
        AuditRecord.objects.filter(
            target_type=target_type, target_id=target_id, user_id__isnull=False
        )
        .exclude(deed__in=without_deeds)
        .order_by("-id")
        .values_list("user_id", flat=True)
        .first()
    )


def people_of(*, target_type: str, target_ids: Sequence[int], deeds: Sequence[str]) -> set[int]:
    """Everybody signed in who did one of these deeds on one of these rows."""
    rows = AuditRecord.objects.filter(
        target_type=target_type, target_id__in=target_ids, deed__in=deeds, user_id__isnull=False
    )
    return set(rows.order_by().values_list("user_id", flat=True).distinct())


def targets_of(
    *, user_id: int, target_type: str, target_ids: Sequence[int], deeds: Sequence[str]
) -> set[int]:
    """Those of these rows on which this person did one of these deeds."""
    rows = AuditRecord.objects.filter(
        user_id=user_id, target_type=target_type, target_id__in=target_ids, deed__in=deeds
    )
    found = rows.order_by().values_list("target_id", flat=True).distinct()
    return {pk for pk in found if pk is not None}


def was_done(*, target_type: str, target_id: int, deed: str) -> bool:
    """Whether this deed was ever done on this row."""
    return AuditRecord.objects.filter(
        target_type=target_type, target_id=target_id, deed=deed
    ).exists()


def when_done(*, target_type: str, deed: str) -> QuerySet[AuditRecord, Any]:
    """The moments, in ``at``, at which this deed was done on the row of the query outside, the earliest first."""
    return (
        AuditRecord.objects.filter(target_type=target_type, target_id=OuterRef("pk"), deed=deed)
        .order_by("at", "id")
        .values("at")
    )


@dataclass(frozen=True, slots=True)
class DatedDeed:
    """A deed with what it changed, for what stood on a past day."""

    at: datetime
    deed: str
    target_id: int | None
    before: dict[str, Any]
    after: dict[str, Any]


def dated_deeds(
    *,
    target_type: str,
    deeds: Sequence[str],
    until: datetime | None = None,
    target_ids: Sequence[int] | None = None,
) -> list[DatedDeed]:
    """These deeds on rows of one kind, the earliest first: those done before ``until``, on these rows, or all."""
    rows = AuditRecord.objects.filter(target_type=target_type, deed__in=deeds)
    if until is not None:
        rows = rows.filter(at__lt=until)
    if target_ids is not None:
        rows = rows.filter(target_id__in=set(target_ids))
    values = rows.order_by("at", "id").values_list("at", "deed", "target_id", "before", "after")
    return [DatedDeed(*row) for row in values]


def history_of_procurement(
    *,
    procurement_id: int,
    organisation_ids: Sequence[int] | None = None,
    without_deeds: Sequence[str] = (),
    until_deed: str = "",
    limit: int = 200,
) -> list[HistoryLine]:
    """Every deed on a procurement and what hangs from it, newest first; ``without_deeds`` leaves these out.

    ``until_deed``: nothing that came after the first deed of this name.
    """
    rows = AuditRecord.objects.filter(procurement_id=procurement_id).exclude(deed__in=without_deeds)
    if until_deed:
        at = rows.filter(deed=until_deed).order_by("at").values_list("at", flat=True).first()
        rows = rows.filter(at__lte=at) if at else rows
    return _lines(rows, organisation_ids, limit)


def _lines(rows, organisation_ids: Sequence[int] | None, limit: int) -> list[HistoryLine]:  # type: ignore[no-untyped-def]
    if organisation_ids is not None:
        rows = rows.filter(organisation_id__in=organisation_ids)
    # What had to be kept secret is told later than it happened.
    values = rows.order_by("-at", "-id").values_list(
        "at", "actor_name", "organisation_name", "sentence"
    )
    return [HistoryLine(*row) for row in values[:limit]]
