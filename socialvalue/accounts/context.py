"""What every page shows around its content: who acts, for whom, where one can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from socialvalue.accounts.permissions import is_buyer, is_supplier
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import ANONYMOUS, Actor


@dataclass(frozen=True, slots=True)
class NavigationItem:
    label: str
    url: str
    is_current: bool


def _places(actor: Actor) -> list[tuple[str, str]]:
    """Label and URL name of the sections this actor works in."""
    places = [("Home", "reporting:home:landing")]
    if is_supplier(actor):
        places += [
            ("Invitations", "procurement:bids:list"),
            ("Contracts", "procurement:awards:contracts"),
            ("Deliveries", "procurement:deliveries:inbox"),
        ]
    if is_buyer(actor):
        places.append(("Procurements", "procurement:procurements:list"))
        places.append(("Contracts", "procurement:awards:contracts"))
        if actor.has(Role.CONTRACT_MANAGER):
            places.append(("Verify", "procurement:verifications:queue"))
        places.append(("Dashboard", "reporting:dashboards:council"))
        if actor.region_ids and actor.has(Role.REGIONAL_ANALYST):
            places.append(("Region", "reporting:dashboards:region"))
        places.append(("Reports", "reporting:cabinet:list"))
        places.append(("Policy", "procurement:policies:current"))
    if is_supplier(actor) or is_buyer(actor):
        places.append(("Measures", "toms:frameworks:catalogue"))
    return places


def page(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    seats = getattr(request, "seats", [])
    seat = next((s for s in seats if s.organisation_id == actor.organisation_id), None)
    items = []
    best = ""
    if actor.is_signed_in:
        placed = [(label, reverse(name)) for label, name in _places(actor)]
        # The longest address that the page lies under is where the person is.
        matching = [
            u for _, u in placed if request.path.startswith(u) and (u != "/" or request.path == u)
        ]
        best = max(matching, key=len, default="")
        items = [NavigationItem(label, url, url == best) for label, url in placed]
    return {
        "actor": actor,
        "acting_organisation": seat,
        "other_seats": [s for s in seats if s is not seat],
        "navigation": items,
        "is_demonstration": bool(seat and seat.is_demonstration),
    }
