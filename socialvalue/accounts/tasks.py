"""Thin doors: a job calls one service."""

from __future__ import annotations

from socialvalue.accounts.services import expiring
from socialvalue.core.actor import SYSTEM
from socialvalue.core.jobs import job


@job()
def purge_expired() -> None:
    """Remove what has had its time, in every room, once a day."""
    expiring.purge_daily(actor=SYSTEM)
