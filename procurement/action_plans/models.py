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
    """When the second of the two parties agreed."""
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Who agreed for the authority. Stands alone while the supplier has not agreed."""
    authority_agreed_at = models.DateTimeField(null=True, blank=True)
    supplier_agreed_at = models.DateTimeField(null=True, blank=True)
    supplier_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None for plans agreed before the supplier was asked."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", agreed_at__isnull=True)
                | Q(status="agreed", agreed_at__isnull=False),
                name="plan_agreed_when_dated",
            ),
            models.CheckConstraint(
                condition=Q(authority_agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(authority_agreed_at__isnull=False, agreed_by__isnull=False),
                name="plan_agreed_by_authority",
            ),
            models.CheckConstraint(
                condition=Q(supplier_agreed_at__isnull=True, supplier_agreed_by__isnull=True)
                | Q(supplier_agreed_at__isnull=False, supplier_agreed_by__isnull=False),
                name="plan_agreed_by_supplier",
            ),
            models.CheckConstraint(
                condition=~Q(status="agreed") | Q(authority_agreed_at__isnull=False),
                name="plan_agreed_with_authority",
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
    """Who is responsible at the supplier."""
    authority_owner = models.CharField(max_length=150, blank=True)
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


class PlanRevision(models.Model):
    """The plan as it stood at a version, with the reason of the change. Never changed."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    quarters = models.JSONField()
    """``{commitment id: {quarter (ISO date): quantity as text}}``, every commitment."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None for the job that fills in the plan."""

    class Meta:
        ordering = ["plan", "version"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "version"], name="plan_revision_once"),
        ]

    def __str__(self) -> str:
        return f"Version {self.version}"
