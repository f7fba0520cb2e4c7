"""What waits about shortfalls, remedies, changes and KPIs; no panel where nothing does."""

from __future__ import annotations

from django.urls import reverse

from procurement.remedies import queries as remedies
from reporting.home.rules import Errand, Panel, panel
from socialvalue.accounts.permissions import allowed, is_supplier
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor
from socialvalue.core.money import without_sign
from socialvalue.core.periods import uk_date


def remedy_panels(actor: Actor, *, money: bool = True) -> list[Panel]:
    """One panel of what the actor is to answer or decide. ``money`` False writes quantities of money in words."""
    errands = [*_remedies(actor), *_changes(actor, money=money), *_shortfalls(actor), *_kpis(actor)]
    if not errands:
        return []
    return [
        panel(
            "Shortfalls and changes that wait for you",
            errands,
            more_url=reverse("procurement:remedies:register"),
            more_text="See all shortfalls",
        )
    ]


def _remedies(actor: Actor) -> list[Errand]:
    return [
        Errand(
            f"{what}: {contract}",
            reverse("procurement:remedies:decide", args=[decision_id]),
            "proposed",
            "A remedy waits for your decision",
        )
        for decision_id, _, what, contract in remedies.remedies_awaiting(actor)
    ]


def _changes(actor: Actor, *, money: bool) -> list[Errand]:
    return [
        Errand(
            f"Change of {row.contract_title}",
            reverse("procurement:remedies:change", args=[row.id]),
            "proposed",
            f"{row.sentence if money else without_sign(row.sentence)} Asked by {row.asking_name}, "
            f"{uk_date(row.asked_at.date())}",
        )
        for row in remedies.requests_awaiting(actor)
    ]


def _shortfalls(actor: Actor) -> list[Errand]:
    """For the supplier those without a plan, for the contract manager those with a plan to agree."""
    if not (is_supplier(actor) or allowed(actor, Deed.MANAGE_CONTRACT)):
        return []
    hint = (
        "Say how you will catch up" if is_supplier(actor) else "A rectification plan waits for you"
    )
    return [
        Errand(
            f"{row.measure_label}, {row.contract_title}",
            reverse("procurement:remedies:shortfall", args=[row.id]),
            "due",
            hint,
        )
        for row in remedies.plans_awaited(actor)
    ]


def _kpis(actor: Actor) -> list[Errand]:
    return [
        Errand(
            f"KPIs of {title}",
            reverse("procurement:remedies:kpis", args=[contract_id]),
            "overdue",
            f"{number} rating{'' if number == 1 else 's'} overdue",
        )
        for contract_id, title, number in remedies.kpis_overdue(actor)
    ]
