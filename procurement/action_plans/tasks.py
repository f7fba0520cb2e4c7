"""Thin doors: a job takes an id and calls one service."""

from __future__ import annotations

from procurement.action_plans import services
from socialvalue.core.actor import SYSTEM
from socialvalue.core.jobs import job


@job()
def start_plan(contract_id: int) -> None:
    """Start the action plan of a contract; doing it twice is doing it once."""
    services.start_plan(actor=SYSTEM, contract_id=contract_id)
