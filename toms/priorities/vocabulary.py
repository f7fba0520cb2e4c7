from __future__ import annotations

from django.db.models import TextChoices


class PriorityLevel(TextChoices):
    NATIONAL = "national", "National"
    REGIONAL = "regional", "Regional"
    COUNCIL = "council", "Council plan"


class LinkKind(TextChoices):
    MEASURE = "measure", "Measure"
    OUTCOME = "outcome", "Outcome"
