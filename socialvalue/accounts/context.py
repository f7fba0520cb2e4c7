"""What every page shows around its content: who acts, for whom, where one can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from socialvalue.accounts.permissions import (
    PEOPLE_READER,
    REGION_MEMBERS_READER,
    allowed,
    is_buyer,
    is_supplier,
)
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.access import Access
from socialvalue.core.actor import ANONYMOUS, Actor
from socialvalue.core.addresses import address
from socialvalue.core.counts import counts_only
from socialvalue.core.views import view_at


@dataclass(frozen=True, slots=True)
class NavigationItem:
    label: str
    url: str
    is_current: bool


INSIDE = {
    "procurement:procurements:list": [
        ("All procurements", "procurement:procurements:list"),
        ("Pipeline", "procurement:procurements:pipeline"),
        ("Duties", "procurement:duties:list"),
        ("Compliance", "procurement:threads:compliance"),
        ("Overrides", "procurement:procurements:overrides"),
    ],
    "procurement:awards:contracts": [
        ("All contracts", "procurement:awards:contracts"),
        ("Shortfalls", "procurement:remedies:register"),
        ("Cost of overseeing", "procurement:remedies:costs"),
        ("Reminders", "procurement:reminders:mine"),
    ],
    "procurement:deliveries:inbox": [
        ("What is due", "procurement:deliveries:inbox"),
        ("In a spreadsheet", "procurement:deliveries:uploads"),
        ("Shared deliveries", "procurement:deliveries:shared"),
    ],
    "procurement:verifications:queue": [
        ("Waiting", "procurement:verifications:queue"),
        ("Sampling", "procurement:verifications:sampling"),
    ],
    "reporting:dashboards:region": [
        ("Figures", "reporting:dashboards:region"),
        ("Targets", "reporting:dashboards:targets"),
        ("Late updates", "reporting:dashboards:late"),
        ("Comparison", "reporting:dashboards:benchmark"),
    ],
    "reporting:cabinet:list": [
        ("Reports", "reporting:cabinet:list"),
        ("Stories", "reporting:showcase:list"),
        ("What the public sees", "reporting:open_data:choices"),
        ("What the region sees", "accounts:region_sees"),
    ],
    "procurement:policies:current": [
        ("In force", "procurement:policies:current"),
        ("All policies", "procurement:policies:list"),
        ("Compare", "procurement:policies:compare"),
        ("Thresholds", "procurement:policies:thresholds"),
    ],
    "toms:frameworks:catalogue": [
        ("All measures", "toms:frameworks:catalogue"),
        ("What we use", "toms:frameworks:adoption"),
        ("Our own", "toms:proxies:own"),
        ("Priorities", "toms:priorities:priorities"),
        ("Crosswalk", "toms:priorities:crosswalk"),
        ("Differences", "toms:proxies:differences"),
        ("Imports", "toms:imports:list"),
    ],
}
"""The pages of a section that lie beside one another. They are named on each of themselves, nowhere else."""


def _organisation_places(actor: Actor) -> list[tuple[str, str]]:
    """Label and URL name of the pages about the acting organisation itself, which no section of work holds."""
    about = "accounts:own" if is_supplier(actor) else "accounts:place"
    return [
        ("People", "accounts:people"),
        ("Signing in", "accounts:sign_in"),
        ("Where we are" if is_buyer(actor) else "About us", about),
        ("Members of the region", "accounts:region_members"),
        ("Record of deeds", "accounts:record"),
        ("Accesses", "accounts:record_accesses"),
        ("Seals", "accounts:record_seals"),
        ("What each role may do", "accounts:roles"),
    ]


def _organisation_url(actor: Actor) -> str:
    """The first page about the acting organisation that the actor may open; empty without an organisation.

    Asked of the rules and not of the addresses: it stands on every page.
    """
    if actor.organisation_id is None:
        return ""
    if PEOPLE_READER.allows(actor):
        return address("accounts:people")
    if REGION_MEMBERS_READER.allows(actor):
        return address("accounts:region_members")
    return address("accounts:roles")


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
        if allowed(actor, Deed.VERIFY_CLAIMS):
            places.append(("Verify", "procurement:verifications:queue"))
        places.append(("Dashboard", "reporting:dashboards:council"))
        if actor.region_ids and allowed(actor, Deed.READ_REGION):
            places.append(("Region", "reporting:dashboards:region"))
        elif actor.region_ids and allowed(actor, Deed.SET_TARGETS):
            places.append(("Region", "reporting:dashboards:targets"))
        places.append(("Reports", "reporting:cabinet:list"))
        places.append(("Policy", "procurement:policies:current"))
    if is_supplier(actor) or is_buyer(actor):
        places.append(("Measures", "toms:frameworks:catalogue"))
    if actor.is_operator:
        # Who looks at nothing has that page as their first one.
        own = ("Platform", "accounts:platform")
        places = [own] if actor.organisation_id is None else [*places, own]
    return places


def _may_open(actor: Actor, path: str) -> bool:
    access: Access | None = getattr(view_at(path), "access", None)
    return access is not None and access.allows(actor)


def _navigation(actor: Actor, path: str) -> tuple[list[NavigationItem], list[NavigationItem]]:
    """The sections, and the pages beside this one where it is one of a section's."""
    places = [(label, name, address(name)) for label, name in _places(actor)]
    for _, name, url in places:
        inside = [(label, address(inner)) for label, inner in INSIDE.get(name, [])]
        if path not in [inner for _, inner in inside]:
            continue
        # What stands at an address takes a while to find out: only for the section that is shown.
        inside = [(label, inner) for label, inner in inside if _may_open(actor, inner)]
        if path in [inner for _, inner in inside]:
            best = url
            beside = [NavigationItem(label, inner, inner == path) for label, inner in inside]
            break
    else:
        beside = _beside_organisation(actor, path)
        # The longest address that the page lies under is where the person is.
        under = [u for _, _, u in places if path.startswith(u) and (u != "/" or path == u)]
        best = max(under, key=len, default="")
    return [NavigationItem(label, url, url == best) for label, _, url in places], beside


def _beside_organisation(actor: Actor, path: str) -> list[NavigationItem]:
    """The pages about the organisation, on each of themselves."""
    if not path.startswith("/organisations/"):
        return []
    places = [(label, address(name)) for label, name in _organisation_places(actor)]
    if path not in [url for _, url in places]:
        return []
    return [
        NavigationItem(label, url, url == path) for label, url in places if _may_open(actor, url)
    ]


def page(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    seats = getattr(request, "seats", [])
    seat = next((s for s in seats if s.organisation_id == actor.organisation_id), None)
    items: list[NavigationItem] = []
    beside: list[NavigationItem] = []
    if actor.is_signed_in:
        items, beside = _navigation(actor, request.path)
    return {
        "actor": actor,
        "acting_organisation": seat,
        "other_seats": [s for s in seats if s is not seat],
        "navigation": items,
        "section_navigation": beside,
        "organisation_url": _organisation_url(actor),
        "counts_only": counts_only(request),
        "platform_access": getattr(request, "platform_access", None),
        "is_demonstration": seat.is_demonstration
        if seat
        else getattr(request, "only_examples", False),
    }
