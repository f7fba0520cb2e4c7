"""Gathers the rooms' jobs, because Celery looks here."""

from reporting.rollups.tasks import drain, rebuild, reconcile

__all__ = ["drain", "rebuild", "reconcile"]
