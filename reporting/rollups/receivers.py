"""Entries were posted: a drain follows the commit. Messages too many find nothing to do and say nothing."""

from __future__ import annotations

from typing import Any

from socialvalue.core.jobs import enqueue_on_commit


def enqueue_drain(sender: Any, **kwargs: Any) -> None:
    enqueue_on_commit("reporting.rollups.tasks.drain")
