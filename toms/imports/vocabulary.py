from __future__ import annotations

from django.db.models import TextChoices


class ImportDeed(TextChoices):
    MEASURES_LOADED = "measures_loaded", "Measure set loaded"
    PRIORITIES_LOADED = "priorities_loaded", "Priorities loaded"
