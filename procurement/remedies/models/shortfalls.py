"""What a contract provides for a shortfall, the shortfall itself, and what answers it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round

from procurement.remedies.vocabulary import DecisionStatus, RemedyKind, ShortfallStatus


class RemedyTerms(models.Model):
    """What the contract provides for a shortfall. Each remedy is off unless the contract says otherwise."""

    contract = models.OneToOneField(
        "procurement.Contract", on_delete=models.PROTECT, related_name="+"
    )
    substitution = models.BooleanField(default=False)
    service_credit = models.BooleanField(default=False)
    service_credit_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True
    )
    """Of the value of the shortfall."""
    service_credit_cap_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True
    )
    """Of the contract's value, over its life; None for no cap."""
    community_fund = models.BooleanField(default=False)
    fund_name = models.CharField(max_length=200, blank=True)
    termination = models.BooleanField(default=False)
    clause = models.CharField(max_length=500, blank=True)
    """Where the contract says so."""
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "remedy terms"
        constraints = [
            models.CheckConstraint(
                condition=Q(service_credit=False, service_credit_percent__isnull=True)
                | Q(
                    service_credit=True,
                    service_credit_percent__gt=0,
                    service_credit_percent__lte=100,
                ),
                name="remedy_service_credit_has_percent",
            ),
            models.CheckConstraint(
                condition=Q(community_fund=False) | ~Q(fund_name=""),
                name="remedy_community_fund_named",
            ),
        ]

    def __str__(self) -> str:
        return f"Remedies of contract {self.contract_id}"


class Shortfall(models.Model):
    """Less of a commitment is verified than was planned by a day: raised, talked about, put right or remedied."""

    contract = models.ForeignKey("procurement.Contract", on_delete=models.PROTECT, related_name="+")
    commitment = models.ForeignKey(
        "procurement.Commitment", on_delete=models.PROTECT, related_name="+"
    )
    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    as_at = models.DateField()
    planned = models.DecimalField(max_digits=14, decimal_places=3)
    verified = models.DecimalField(max_digits=14, decimal_places=3)
    gap = models.DecimalField(max_digits=14, decimal_places=3)
    gap_pence = models.BigIntegerField()
    """The gap at the commitment's frozen unit value and attribution; 0 for what is counted and not valued."""
    status = models.CharField(
        max_length=10, choices=ShortfallStatus.choices, default=ShortfallStatus.OPEN
    )
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.TextField(blank=True)
    """How it ended, in a sentence."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment"],
                condition=Q(status__in=["open", "rectifying"]),
                name="shortfall_open_once",
            ),
            models.CheckConstraint(condition=Q(gap__gt=0), name="shortfall_gap_above_zero"),
            models.CheckConstraint(
                condition=Q(gap=Round(F("planned") - F("verified"), 3)),
                name="shortfall_gap_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "rectifying"], closed_at__isnull=True)
                | Q(status__in=["remedied", "closed"], closed_at__isnull=False) & ~Q(outcome=""),
                name="shortfall_closed_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"Shortfall {self.pk}"


class ShortfallMessage(models.Model):
    """One turn of the conversation. Never changed."""

    shortfall = models.ForeignKey(Shortfall, on_delete=models.PROTECT, related_name="messages")
    text = models.TextField()
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["shortfall", "id"]

    def __str__(self) -> str:
        return f"Message {self.pk}"


class RectificationPlan(models.Model):
    """What the supplier will do to catch up, and by when; agreed by the authority."""

    shortfall = models.OneToOneField(
        Shortfall, on_delete=models.PROTECT, related_name="rectification"
    )
    cause = models.TextField()
    recover_by = models.DateField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False)
                & ~Q(agreed_by=F("proposed_by")),
                name="rectification_agreed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"Rectification plan {self.pk}"


class RectificationStep(models.Model):
    """One step of a rectification plan, with who does it and when."""

    plan = models.ForeignKey(RectificationPlan, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=500)
    owner = models.CharField(max_length=150)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="rectification_step_once"),
        ]

    def __str__(self) -> str:
        return f"Step {self.number}"


class RemedyDecision(models.Model):
    """A remedy proposed by the contract manager and decided by an approver, with its arithmetic."""

    shortfall = models.ForeignKey(Shortfall, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=14, choices=RemedyKind.choices)
    amount_pence = models.BigIntegerField(null=True, blank=True)
    """For a service credit or a payment: what is due. None for the others."""
    change = models.OneToOneField(
        "procurement.ContractChange",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    """For a substitution: the change of the contract it made."""
    instead_commitment = models.ForeignKey(
        "procurement.Commitment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """For a substitution: the commitment that is raised instead."""
    instead_quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    working = models.JSONField(default=list)
    """The arithmetic as lines ``[what, figure]``, as it stood when it was proposed."""
    reason = models.TextField()
    status = models.CharField(
        max_length=10, choices=DecisionStatus.choices, default=DecisionStatus.PROPOSED
    )
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    remark = models.TextField(blank=True)

    class Meta:
        ordering = ["shortfall", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["shortfall"],
                condition=Q(status__in=["proposed", "approved"]),
                name="remedy_standing_once",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(status="proposed") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="remedy_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "withdrawn"]) | ~Q(decided_by=F("proposed_by")),
                name="remedy_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["service_credit", "community_fund"], amount_pence__isnull=False
                )
                | Q(kind__in=["substitution", "termination"], amount_pence__isnull=True),
                name="remedy_amount_where_paid",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="substitution",
                    instead_commitment__isnull=False,
                    instead_quantity__gt=0,
                )
                | ~Q(kind="substitution")
                & Q(instead_commitment__isnull=True, instead_quantity__isnull=True),
                name="remedy_substitution_says_what",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(remark=""), name="remedy_refused_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"Remedy {self.pk}"
