"""Gathers the rooms' jobs, because Celery looks here."""

from procurement.action_plans.tasks import start_plan
from procurement.bids.tasks import make_places, renew_places, warn_before_deadlines
from procurement.deliveries.tasks import clear_loose_evidence

__all__ = [
    "clear_loose_evidence",
    "make_places",
    "renew_places",
    "start_plan",
    "warn_before_deadlines",
]
