from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from procurement.action_plans.vocabulary import PlanStatus


class ActionPlan(models.Model):
    """When each commitment of a contract falls due."""

    contract = models.OneToOneField(
        "procurement.Contract", on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=10, choices=PlanStatus.choices, default=PlanStatus.DRAFT)
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", agreed_at__isnull=True)
                | Q(status="agreed", agreed_at__isnull=False),
                name="plan_agreed_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Action plan {self.pk}"


class Milestone(models.Model):
    """What of a commitment falls due in one quarter.

    For measures that add up, a commitment's milestones add up to its quantity. For rates and latest figures each
    milestone repeats the target.
    """

    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="milestones")
    commitment = models.ForeignKey(
        "procurement.Commitment", on_delete=models.PROTECT, related_name="+"
    )
    quarter = models.DateField()
    """First day of the quarter."""
    due_on = models.DateField()
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    owner = models.CharField(max_length=150, blank=True)
    evidence = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["plan", "commitment", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "quarter"], name="milestone_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0), name="milestone_quantity_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
                name="milestone_on_quarter",
            ),
        ]

    def __str__(self) -> str:
        return f"Milestone {self.pk}"
