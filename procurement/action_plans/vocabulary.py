from __future__ import annotations

from django.db.models import TextChoices


class PlanStatus(TextChoices):
    DRAFT = "draft", "Draft"
    AGREED = "agreed", "Agreed"


class Side(TextChoices):
    AUTHORITY = "authority", "The authority"
    SUPPLIER = "supplier", "The supplier"


class PlanDeed(TextChoices):
    STARTED = "plan_started", "Action plan started"
    CHANGED = "plan_changed", "Action plan changed"
    AGREED_BY_ONE = "plan_agreed_by_one", "Action plan agreed by one party"
    AGREED = "plan_agreed", "Action plan agreed"
    PLANNED_AGAIN = "plan_planned_again", "Future of the action plan planned again"
