"""Contracts as they stood at the end of a past day: by when each deed was done, not by what they are now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DateField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from procurement.awards.models import Contract, ContractChange
from procurement.awards.queries.commitments import standing_before
from procurement.awards.queries.contracts import (
    RunningContract,
    pence_of_contract,
    ran_until,
    running_of,
)
from procurement.awards.vocabulary import AwardDeed, ChangeKind, ContractStatus
from socialvalue.audit.queries import when_done
from socialvalue.core import clock
from socialvalue.core.actor import Actor


def contracts_as_at(authority_ids: Iterable[int], day: date) -> QuerySet[Any]:
    """Contracts of these authorities that were signed by the end of that day, each with ``ends_then``, the last day
    agreed by then, and ``ended_then``, the day it had ended on, None while it ran.

    Where the deed itself is not on record the day of the signature or of the end stands for it, and for a signature
    without a day the award. No actor: the caller has shown that the reader may know totals of the authorities.
    """
    until = clock.end_of(day)
    extended_later = ContractChange.objects.filter(
        contract_id=OuterRef("pk"), kind=ChangeKind.EXTENSION, agreed_at__gte=until
    ).order_by("id")
    signed_by_row = Q(signed_on__lte=day) | Q(signed_on__isnull=True, award__decided_at__lt=until)
    ended = Q(ended_at__lt=until) | Q(ended_at__isnull=True, ran_to__lte=day)
    return (
        Contract.objects.filter(authority_id__in=set(authority_ids))
        .exclude(status=ContractStatus.AWARDED)
        .alias(
            signed_at=_when(AwardDeed.SIGNED),
            ended_at=_when(AwardDeed.ENDED),
            ran_to=ran_until(),
        )
        .filter(Q(signed_at__lt=until) | Q(signed_at__isnull=True) & signed_by_row)
        .annotate(
            ends_then=Coalesce(Subquery(extended_later.values("ends_on_before")[:1]), F("ends_on")),
            ended_then=Case(
                When(ended, status=ContractStatus.ENDED, then=F("ran_to")),
                output_field=DateField(null=True),
            ),
        )
        .order_by("authority_id", "pk")
    )


def contracts_running_as_at(
    authority_ids: Iterable[int], first: date, last: date, day: date
) -> QuerySet[Any]:
    """What ``contracts_running`` gave at the end of that day, with ``committed_pence`` as it was agreed by then."""
    committed = pence_of_contract(standing_before(clock.end_of(day)))
    return _running_over(contracts_as_at(authority_ids, day), first, last).annotate(
        committed_pence=Coalesce(Subquery(committed), 0, output_field=BigIntegerField())
    )


def contracts_in_as_at(
    actor: Actor, first: date, last: date, day: date, directorate: str = ""
) -> list[RunningContract]:
    """What ``contracts_in`` gave at the end of that day, with what is known of titles, values and suppliers now. For
    an actor who acts for an authority. One query."""
    own = contracts_as_at([actor.organisation_id or 0], day)
    rows = _running_over(own, first, last).annotate(
        status_then=Case(
            When(ended_then__isnull=True, then=Value(ContractStatus.LIVE)),
            default=Value(ContractStatus.ENDED),
        )
    )
    return running_of(rows, directorate, ("ends_then", "ended_then", "status_then"))


def _running_over(rows: QuerySet[Any], first: date, last: date) -> QuerySet[Any]:
    """Those that ran on at least one of these days, as far as was known then."""
    return rows.alias(ran_until_then=Coalesce("ended_then", "ends_then")).filter(
        starts_on__lte=last, ran_until_then__gte=first
    )


def _when(deed: AwardDeed) -> Subquery:
    return Subquery(when_done(target_type=Contract._meta.model_name or "", deed=deed)[:1])
