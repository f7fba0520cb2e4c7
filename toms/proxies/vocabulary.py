from __future__ import annotations

from django.db.models import TextChoices


class OwnDeed(TextChoices):
    """What is done to an authority's own measures, besides starting, publishing and discarding a version."""

    MEASURE_ADDED = "own_measure_added", "Own measure added"
    MEASURE_CHANGED = "own_measure_changed", "Own measure changed"
    MEASURE_REMOVED = "own_measure_removed", "Own measure removed"
