"""Writes of priorities and of the crosswalk."""

from __future__ import annotations

from toms.priorities.services.statements import put_priorities

__all__ = ["put_priorities"]
