from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.policies.vocabulary import Route, VatBasis
from procurement.procurements.models.records import Procurement
from procurement.procurements.vocabulary import DecisionStage, OverrideStatus


class RouteDecision(models.Model):
    """Why this procurement goes this way. Never changed: a later decision is another row."""

    procurement = models.ForeignKey(Procurement, on_delete=models.PROTECT, related_name="decisions")
    stage = models.CharField(max_length=12, choices=DecisionStage.choices)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    inputs = models.JSONField()
    """Estimate, basis, VAT rate, category, commencement, authority: as text, as they were."""
    policy_version = models.ForeignKey(
        "procurement.PolicyVersion", on_delete=models.PROTECT, related_name="+"
    )
    band = models.ForeignKey("procurement.PolicyBand", on_delete=models.PROTECT, related_name="+")
    threshold = models.ForeignKey(
        "procurement.Threshold", on_delete=models.PROTECT, related_name="+"
    )
    compared_amount = models.DecimalField(max_digits=14, decimal_places=2)
    compared_basis = models.CharField(max_length=4, choices=VatBasis.choices)
    net_amount = models.DecimalField(max_digits=14, decimal_places=2)
    gross_amount = models.DecimalField(max_digits=14, decimal_places=2)
    route = models.CharField(max_length=20, choices=Route.choices)
    weighting_min_percent = models.DecimalField(max_digits=5, decimal_places=2)
    weighting_max_percent = models.DecimalField(max_digits=5, decimal_places=2)
    pass_fail_allowed = models.BooleanField()
    explanation = models.TextField()
    crossed_line = models.BooleanField(default=False)
    """True when the rule's own route differs from that of the decision before it. An override crosses no line."""
    replaced_route = models.CharField(max_length=20, choices=Route.choices, blank=True, default="")
    """What the rule said, where an approved override says otherwise. Empty: ``route`` is the rule's own."""
    override = models.ForeignKey(
        "procurement.RouteOverride",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["procurement", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(explanation=""), name="route_decision_explained"),
            models.CheckConstraint(
                condition=Q(replaced_route="", override__isnull=True)
                | ~Q(replaced_route="") & Q(override__isnull=False),
                name="route_decision_replaced_by_override",
            ),
        ]

    def __str__(self) -> str:
        return self.explanation


class RouteOverride(models.Model):
    """Another route than the rule's: asked for with a reason, answered by a second person. Kept whatever the answer."""

    procurement = models.ForeignKey(Procurement, on_delete=models.PROTECT, related_name="overrides")
    from_route = models.CharField(max_length=20, choices=Route.choices)
    """The rule's own route when it was asked. An approval lapses when the rule later says something else."""
    to_route = models.CharField(max_length=20, choices=Route.choices)
    reason = models.TextField()
    status = models.CharField(
        max_length=12, choices=OverrideStatus.choices, default=OverrideStatus.ASKED
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    """Why it was approved or refused, in the second person's words."""

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_route=F("to_route")), name="route_override_changes_the_route"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="route_override_has_a_reason"),
            models.CheckConstraint(
                condition=Q(status="asked", answered_at__isnull=True, answered_by__isnull=True)
                | Q(status="taken_back", answered_at__isnull=False)
                | Q(
                    status__in=["approved", "refused"],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                )
                & ~Q(answered_by=F("asked_by")),
                name="route_override_answered_by_another",
            ),
            models.UniqueConstraint(
                fields=["procurement"],
                condition=Q(status="asked"),
                name="route_override_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_route_display()} to {self.get_to_route_display()}"


class RouteDeviation(models.Model):
    """Why the route was not followed, told afterwards. A later telling is another row."""

    procurement = models.ForeignKey(
        Procurement, on_delete=models.PROTECT, related_name="deviations"
    )
    reason = models.TextField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["procurement", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="route_deviation_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reason
