"""Thin doors: a job calls one service."""

from __future__ import annotations

from django.db import OperationalError

from socialvalue.audit import services
from socialvalue.core.actor import SYSTEM
from socialvalue.core.jobs import job


@job(retry_on=(OperationalError,))
def seal_day() -> None:
    """Seal what was written since yesterday. Somebody who writes for long is waited for by trying again."""
    services.seal_day(actor=SYSTEM)
