"""Thin doors: a job calls one service."""

from __future__ import annotations

from procurement.verifications import services
from socialvalue.core.actor import SYSTEM
from socialvalue.core.jobs import job


@job()
def draw_samples() -> None:
    """Draw the seeds of quarters that have none yet."""
    services.draw_samples(actor=SYSTEM)
