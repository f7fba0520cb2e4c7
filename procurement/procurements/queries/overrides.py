"""Overrides of the route: the register, what waits for an answer, why the route was not followed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from procurement.policies.vocabulary import Route
from procurement.procurements.models import RouteDeviation, RouteOverride
from procurement.procurements.queries.decisions import latest_decision
from procurement.procurements.vocabulary import OverrideStatus
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.tables import Column, Table

OVERRIDE_SORTS = {
    "title": ("procurement__title",),
    "asked": ("asked_at",),
    "answered": ("answered_at",),
    "status": ("status",),
    "from": ("from_route",),
    "to": ("to_route",),
}


@dataclass(frozen=True, slots=True)
class OverrideFilter:
    """What the register is narrowed to; empty means everything. ``sort``: a key of ``OVERRIDE_SORTS``, ``-`` for down.

    Days are those on which it was asked for, in London, both counted.
    """

    q: str = ""
    status: str = ""
    from_route: str = ""
    to_route: str = ""
    first: date | None = None
    last: date | None = None
    sort: str = ""


def overrides(actor: Actor, wanted: OverrideFilter | None = None) -> QuerySet[RouteOverride]:
    """The register of the actor's own authority, newest first unless sorted. Nothing for anybody else."""
    wanted = wanted or OverrideFilter()
    rows = _visible(actor)
    if wanted.q:
        rows = rows.filter(
            Q(procurement__title__icontains=wanted.q)
            | Q(procurement__reference__icontains=wanted.q)
            | Q(reason__icontains=wanted.q)
            | Q(answer__icontains=wanted.q)
        )
    for name in ("status", "from_route", "to_route"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.first:
        rows = rows.filter(asked_at__gte=_start_of(wanted.first))
    if wanted.last:
        rows = rows.filter(asked_at__lt=_start_of(wanted.last + timedelta(days=1)))
    sign = "-" if wanted.sort.startswith("-") else ""
    fields = OVERRIDE_SORTS.get(wanted.sort.removeprefix("-"), ())
    return rows.order_by(*(sign + name for name in fields), "-id")


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.LONDON)


def _visible(actor: Actor) -> QuerySet[RouteOverride]:
    if not is_buyer(actor):
        return RouteOverride.objects.none()
    return RouteOverride.objects.filter(
        procurement__authority_id=actor.organisation_id
    ).select_related("procurement", "asked_by", "answered_by")


def overrides_waiting(actor: Actor) -> QuerySet[RouteOverride]:
    """Those that nobody has answered, oldest first, without the actor's own: nobody answers what they asked for."""
    rows = _visible(actor).filter(status=OverrideStatus.ASKED)
    return rows.exclude(asked_by_id=actor.user_id or 0).order_by("id")


def override_for(actor: Actor, override_id: int) -> RouteOverride:
    """One override of the actor's own authority. NotVisible for any other."""
    found = _visible(actor).filter(pk=override_id).first()
    if found is None:
        raise NotVisible
    return found


def overrides_of(actor: Actor, procurement_id: int) -> list[RouteOverride]:
    """Every override asked for on one procurement, newest first."""
    return list(_visible(actor).filter(procurement_id=procurement_id).order_by("-id"))


def rules_own_route(procurement_id: int) -> str:
    """What the rule said last, whatever was overridden. Takes no actor: the caller has shown that it may be seen."""
    decision = latest_decision(procurement_id)
    if decision is None:
        return ""
    return decision.replaced_route or decision.route


def override_table(actor: Actor, wanted: OverrideFilter) -> Table:
    """Every row of the filtered register, for CSV and XLSX."""
    columns = [
        Column("Reference"), Column("Title", width=50), Column("Rule said", width=20),
        Column("Asked for", width=20), Column("Status", width=26), Column("Asked by", width=24),
        Column("Asked on", "date"), Column("Reason", width=60), Column("Answered by", width=24),
        Column("Answered on", "date"), Column("Answer", width=60),
    ]  # fmt: skip
    rows = [
        (
            row.procurement.reference, row.procurement.title, Route(row.from_route).label,
            Route(row.to_route).label, row.get_status_display(), str(row.asked_by), _day(row.asked_at),
            row.reason, str(row.answered_by or ""), _day(row.answered_at), row.answer,
        )
        for row in overrides(actor, wanted)
    ]  # fmt: skip
    return Table("Register of overrides", columns, rows)


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(clock.LONDON).date() if moment else None


# --- deviations -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deviation:
    """Why the route was not followed, as it was told."""

    reason: str
    recorded_by: str
    recorded_at: datetime


def deviations_of(ids: Iterable[int]) -> dict[int, list[Deviation]]:
    """What was told about these procurements, newest first, by id; those without are left out. One query.

    Takes no actor: the caller has shown that they may be seen.
    """
    found: dict[int, list[Deviation]] = {}
    rows = RouteDeviation.objects.filter(procurement_id__in=set(ids)).select_related("recorded_by")
    for row in rows.order_by("-id"):
        told = Deviation(row.reason, str(row.recorded_by), row.recorded_at)
        found.setdefault(row.procurement_id, []).append(told)
    return found
