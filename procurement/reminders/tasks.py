"""Thin doors: a job calls one service."""

from __future__ import annotations

from procurement.reminders import services
from socialvalue.core.actor import SYSTEM
from socialvalue.core.jobs import job


@job()
def send_digests() -> None:
    """Send the letters of the week; run as often as one likes, each goes once."""
    services.send_digests(actor=SYSTEM)


@job()
def tell_of_returns() -> None:
    """Tell suppliers of claims that were sent back; run as often as one likes, each is told once."""
    services.tell_of_returns(actor=SYSTEM)


@job()
def note_feed_read(feed_id: int) -> None:
    """Note that a calendar was read; late or twice, the last moment stands."""
    services.note_feed_read(feed_id=feed_id)
