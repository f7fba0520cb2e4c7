from __future__ import annotations

from django.db.models import TextChoices


class TargetDeed(TextChoices):
    SET = "region_target_set", "Regional target set"
    CHANGED = "region_target_changed", "Regional target changed"
    ENDED = "region_target_ended", "Regional target taken away"
