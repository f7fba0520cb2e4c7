"""Thin doors: a job calls one service. The job that writes a table is that of its room."""

from __future__ import annotations

from procurement.downloads import services
from socialvalue.core.actor import SYSTEM
from socialvalue.core.jobs import job


@job()
def restart_silent_files() -> None:
    """Start again what a killed worker or a lost message left."""
    services.restart_silent_files(actor=SYSTEM)
