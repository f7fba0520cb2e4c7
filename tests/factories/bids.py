"""Offers for tests, made by the services."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from procurement.bids.models import Bid
from procurement.bids.rules import AnswerInput, LineInput, OfferInput
from procurement.bids.services import SavedOffer, open_bids, start_opening, submit_bid
from procurement.tenders.queries import questions_of, requirements_of
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from tests.factories.accounts import actor_for_role
from tests.factories.tenders import DEADLINE, NOW, World, published

SOON = NOW + timedelta(days=1)
"""A moment while offers can be submitted."""


def line_of(world: World, code: str, quantity: str, **more: Any) -> LineInput:
    requirement = next(r for r in requirements_of(world.tender.pk) if r.measure.code == code)
    method = more.pop("method_statement", f"We deliver {code} with our partners.")
    return LineInput(requirement.id, Decimal(quantity), method_statement=method, **more)


def offer_for(world: World, **more: Any) -> OfferInput:
    """A complete offer: 3.5 FTE-years of GSE1, £20,000 of PLB1, answers, £150,000."""
    codes = {row.measure.code for row in requirements_of(world.tender.pk)}
    offer = OfferInput(
        price=Decimal("150000.00"),
        lines=tuple(
            line_of(world, code, quantity)
            for code, quantity in (("GSE1", "3.5"), ("PLB1", "20000"))
            if code in codes
        ),
        answers=tuple(
            AnswerInput(row.id, f"Our answer to question {row.position}.")
            for row in questions_of(world.tender.pk)
        ),
    )
    return replace(offer, **more)


def submitted(world: World, bidder: Actor | None = None, **more: Any) -> SavedOffer:
    """What this bidder (the first unless said) submitted, a day after publication."""
    with clock.at(SOON):
        return submit_bid(
            actor=bidder or world.bidder, tender_id=world.tender.pk, offer=offer_for(world, **more)
        )


def world_with_bid(**more: Any) -> tuple[World, SavedOffer]:
    world = published(**more)
    return world, submitted(world)


def opened(world: World, moment: datetime = DEADLINE, *, second: Actor | None = None) -> list[Bid]:
    """The bids of a world, opened by its officer and an approver (or ``second``) at this moment."""
    tender_id = world.tender.pk
    with clock.at(moment):
        start_opening(actor=world.officer, tender_id=tender_id)
        second = second or actor_for_role(Role.APPROVER, world.authority)
        return open_bids(actor=second, tender_id=tender_id)
