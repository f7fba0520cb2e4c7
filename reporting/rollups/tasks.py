"""Doors to the roll-up services. Each may run twice, late, or beside itself."""

from __future__ import annotations

from django.db import OperationalError

from reporting.rollups import services
from socialvalue.core.actor import SYSTEM
from socialvalue.core.jobs import job


@job(retry_on=(OperationalError,))
def drain() -> None:
    services.drain()


@job(retry_on=(OperationalError,))
def reconcile() -> None:
    services.reconcile()


@job(retry_on=(OperationalError,))
def rebuild() -> None:
    """Makes the totals again and shows that they hold, which ends an alarm."""
    services.rebuild(actor=SYSTEM)
    services.reconcile()
