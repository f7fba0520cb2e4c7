"""Thin doors: a job takes an id and calls one service."""

from __future__ import annotations

from procurement.bids import services
from socialvalue.core.actor import SYSTEM
from socialvalue.core.jobs import job


@job()
def make_places(tender_id: int) -> None:
    """Give every invited supplier of a tender its sealed place; doing it twice is doing it once."""
    services.make_places(actor=SYSTEM, tender_id=tender_id)


@job()
def renew_places() -> None:
    """Write the places of every open tender anew; a run more or less changes nothing that anybody reads."""
    services.renew_places(actor=SYSTEM)


@job()
def warn_before_deadlines() -> None:
    """Remind suppliers that have not submitted everything; run as often as one likes, each reminder goes once."""
    services.warn_before_deadlines(actor=SYSTEM)
