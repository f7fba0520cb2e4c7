"""Saving an offer, starting the opening, confirming it, and all that an opening writes."""

from __future__ import annotations

from procurement.bids import services
from procurement.bids.models import Bid, BidOpening, OfferAnswer, OfferLine, OfferLinePart
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.tenders import DEADLINE


def save(world, offer, version=0, **more):
    return services.save_offer(
        actor=more.pop("actor", world.bidder),
        tender_id=world.tender.pk,
        offer=offer,
        expected_version=version,
        **more,
    )


def approver_of(world):
    return actor_for_role(Role.APPROVER, world.authority)


def start(world, moment=DEADLINE, actor=None):
    with clock.at(moment):
        return services.start_opening(actor=actor or world.officer, tender_id=world.tender.pk)


def confirm(world, moment=DEADLINE, actor=None):
    with clock.at(moment):
        return services.open_bids(actor=actor or approver_of(world), tender_id=world.tender.pk)


def everything():
    """All rows that an opening writes."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Bid, BidOpening, OfferLine, OfferLinePart, OfferAnswer)
    ]
