"""Who is to do something about a shortfall or a remedy, and who is to hear what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from procurement.awards import queries as awards
from procurement.remedies.models import (
    ChangeRequest,
    RectificationPlan,
    RemedyDecision,
    Shortfall,
)
from procurement.remedies.permissions import can_ask, why_not_decide
from procurement.remedies.queries.changes import request_sentence
from procurement.remedies.queries.shortfalls import visible
from procurement.remedies.queries.standing import remedy_in_words
from procurement.remedies.vocabulary import DecisionStatus, RequestStatus, ShortfallStatus
from socialvalue.accounts.permissions import allowed, is_buyer, is_supplier
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell, since when it is so. ``subject`` names it for ever."""

    subject: str
    at: datetime
    sentence: str
    contract_id: int


def waiting_for(actor: Actor) -> list[Told]:
    """Shortfalls without a plan for the supplier, plans to agree for the manager, remedies for who decides them."""
    found: list[Told] = []
    if is_supplier(actor):
        found += _without_plan(actor)
    if is_buyer(actor) and allowed(actor, Deed.MANAGE_CONTRACT):
        found += _plans_to_agree(actor)
    if is_buyer(actor):
        found += _to_decide(actor)
    return found


def news_for(actor: Actor, since: datetime) -> list[Told]:
    """What others did since: plans agreed, remedies decided, changes answered.

    The supplier is told what stands; the contract managers also what was turned down.
    """
    if is_supplier(actor):
        return [*_plans_agreed(actor, since), *_remedies(actor, since), *_answers(actor, since)]
    if is_buyer(actor) and allowed(actor, Deed.MANAGE_CONTRACT):
        return [*_remedies(actor, since), *_answers(actor, since)]
    return []


def _without_plan(actor: Actor) -> Iterator[Told]:
    rows = visible(actor).filter(status=ShortfallStatus.OPEN, rectification__isnull=True)
    for row in rows.select_related("authority"):
        yield Told(
            f"shortfall:{row.pk}",
            row.raised_at,
            f"{row.authority.name} raised a shortfall of {_about(row)}. Say how you will catch up.",
            row.contract_id,
        )


def _plans_to_agree(actor: Actor) -> Iterator[Told]:
    for plan in _plans(actor).filter(
        agreed_at__isnull=True, shortfall__status=ShortfallStatus.OPEN
    ):
        yield Told(
            f"shortfall:{plan.shortfall_id}:plan:{plan.version}",
            plan.proposed_at,
            f"{plan.shortfall.supplier.name} proposed how it will catch up: {_about(plan.shortfall)}. "
            "Agree the plan, or write what is missing.",
            plan.shortfall.contract_id,
        )


def _to_decide(actor: Actor) -> Iterator[Told]:
    for row in _decisions(actor).filter(status=DecisionStatus.PROPOSED):
        if not why_not_decide(actor, row.shortfall, row.proposed_by_id):
            yield Told(
                f"remedy:{row.pk}",
                row.proposed_at,
                f"{row.proposed_by} proposes {remedy_in_words(row)} for {_about(row.shortfall)}. "
                "It waits for your decision.",
                row.shortfall.contract_id,
            )


def _plans_agreed(actor: Actor, since: datetime) -> Iterator[Told]:
    for plan in _plans(actor).filter(agreed_at__gte=since):
        if plan.agreed_at:
            yield Told(
                f"shortfall:{plan.shortfall_id}:plan:{plan.version}",
                plan.agreed_at,
                f"Your plan to catch up is agreed: {_about(plan.shortfall)}. Tick each step when it is done.",
                plan.shortfall.contract_id,
            )


def _remedies(actor: Actor, since: datetime) -> Iterator[Told]:
    rows = _decisions(actor).filter(status__in=[DecisionStatus.APPROVED, DecisionStatus.REFUSED])
    if is_supplier(actor):
        rows = rows.filter(status=DecisionStatus.APPROVED)
    for row in rows.filter(decided_at__gte=since):
        if row.decided_at:
            yield Told(
                f"remedy:{row.pk}",
                row.decided_at,
                f"{row.get_status_display()}: {remedy_in_words(row)} for {_about(row.shortfall)}.",
                row.shortfall.contract_id,
            )


def _answers(actor: Actor, since: datetime) -> Iterator[Told]:
    """Of what one's own side asked, told to whoever may ask for it."""
    rows = ChangeRequest.objects.filter(
        asking_id__in=actor.organisation_ids,
        status__in=[RequestStatus.AGREED, RequestStatus.REFUSED],
        decided_at__gte=since,
    ).select_related("contract", "deciding", "change")
    for row in rows.order_by("decided_at", "id"):
        if row.decided_at and row.deciding and can_ask(actor, row):
            yield Told(
                f"change:{row.pk}",
                row.decided_at,
                f"{row.deciding.name} {row.get_status_display().lower()} the change you asked for. "
                f"{request_sentence(row)}",
                row.contract_id,
            )


def _plans(actor: Actor) -> QuerySet[RectificationPlan]:
    return (
        RectificationPlan.objects.filter(shortfall__in=visible(actor))
        .select_related("shortfall__supplier")
        .order_by("proposed_at", "id")
    )


def _decisions(actor: Actor) -> QuerySet[RemedyDecision]:
    side = actor.organisation_ids
    return (
        RemedyDecision.objects.filter(
            Q(shortfall__authority_id__in=side) | Q(shortfall__supplier_id__in=side)
        )
        .select_related("shortfall", "proposed_by")
        .order_by("proposed_at", "id")
    )


def _about(row: Shortfall) -> str:
    return awards.commitment_info(row.commitment_id).measure.label
