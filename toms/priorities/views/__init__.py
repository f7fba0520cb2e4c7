"""Pages of measures, priorities and the crosswalk."""

from __future__ import annotations

from toms.priorities.views.measure import MeasurePage

__all__ = ["MeasurePage"]
