"""Gathers the rooms' jobs, because Celery looks here."""

from procurement.action_plans.tasks import start_plan
from procurement.deliveries.tasks import clear_loose_evidence

__all__ = ["clear_loose_evidence", "start_plan"]
