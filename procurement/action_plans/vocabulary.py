from __future__ import annotations

from django.db.models import TextChoices


class PlanStatus(TextChoices):
    DRAFT = "draft", "Draft"
    AGREED = "agreed", "Agreed"


class PlanDeed(TextChoices):
    STARTED = "plan_started", "Action plan started"
    CHANGED = "plan_changed", "Action plan changed"
    AGREED = "plan_agreed", "Action plan agreed"
