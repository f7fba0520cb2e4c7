"""The landing page of whoever is signed in."""

from __future__ import annotations

from reporting.home.queries.buyer import buyer_landing
from reporting.home.queries.supplier import supplier_landing
from reporting.home.rules import Landing, Panel
from socialvalue.accounts.permissions import is_buyer, is_supplier
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
        panels=(
            Panel(
                "What to do",
                empty="Ask the administrator of your organisation to give you a role. What you can do then shows here.",
            ),
        ),
    )
