"""Thin doors: a job calls one service."""

from __future__ import annotations

from procurement.deliveries import services
from socialvalue.core.actor import SYSTEM
from socialvalue.core.jobs import job


@job()
def clear_loose_evidence() -> None:
    """Remove uploaded files that never became part of a claim."""
    services.clear_loose_evidence(actor=SYSTEM)
