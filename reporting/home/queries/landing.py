"""The landing page of whoever is signed in."""

from __future__ import annotations

from django.urls import reverse

from reporting.home.queries.buyer import buyer_landing
from reporting.home.queries.supplier import supplier_landing
from reporting.home.rules import Errand, Landing, Panel
from socialvalue.accounts.permissions import is_buyer, is_supplier
from socialvalue.accounts.queries import administrators_of
from socialvalue.core.actor import Actor


def landing(actor: Actor, *, money: bool = True) -> Landing:
    """What needs this person now. Somebody without a role is told how to get one; ``money`` False leaves £ out."""
    if is_buyer(actor):
        return buyer_landing(actor, money=money)
    if is_supplier(actor):
        return supplier_landing(actor)
    return Landing(
        heading="You have no role yet",
        caption=actor.organisation_name or actor.name,
        tiles=(),
        panels=(_who_grants(actor), _own_places()),
    )


def _who_grants(actor: Actor) -> Panel:
    admins = administrators_of(actor.organisation_id) if actor.organisation_id else []
    if admins:
        who = f"Roles at {actor.organisation_name} are granted by {_listed(admins)}. Ask for the one you need."
    else:
        who = "Ask the administrator of your organisation to give you a role, or to invite you."
    return Panel("What to do", empty=f"{who} What you can do then shows here.")


def _own_places() -> Panel:
    places = (
        ("What each role may do", "accounts:roles", "So that you know which role to ask for"),
        ("Your account", "accounts:account", "How you sign in, and on which devices"),
    )
    return Panel(
        "Meanwhile",
        tuple(Errand(title, reverse(name), "", hint) for title, name, hint in places),
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
