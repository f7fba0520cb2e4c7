"""Gathers the rooms' jobs, because Celery looks here."""

from reporting.cabinet.tasks import restart_silent_jobs, work_on_report
from reporting.rollups.tasks import drain, rebuild, reconcile

__all__ = ["drain", "rebuild", "reconcile", "restart_silent_jobs", "work_on_report"]
