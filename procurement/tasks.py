"""Gathers the rooms' jobs, because Celery looks here."""

from procurement.action_plans.tasks import start_plan

__all__ = ["start_plan"]
