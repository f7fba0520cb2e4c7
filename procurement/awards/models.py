from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.awards.vocabulary import ContractStatus
from procurement.procurements.vocabulary import EstimateBasis


class Award(models.Model):
    """The decision: which bid, by whom, why. Never changed."""

    procurement = models.OneToOneField(
        "procurement.Procurement", on_delete=models.PROTECT, related_name="+"
    )
    bid = models.OneToOneField("procurement.Bid", on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="award_with_reason"),
        ]

    def __str__(self) -> str:
        return f"Award {self.pk}"


class Contract(models.Model):
    """What the award makes: the authority, the supplier, a value and two dates."""

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="contract")
    procurement = models.OneToOneField(
        "procurement.Procurement", on_delete=models.PROTECT, related_name="+"
    )
    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    value = models.DecimalField(max_digits=14, decimal_places=2)
    value_basis = models.CharField(max_length=4, choices=EstimateBasis.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    status = models.CharField(
        max_length=10, choices=ContractStatus.choices, default=ContractStatus.LIVE
    )

    class Meta:
        ordering = ["-starts_on", "-id"]
        indexes = [
            models.Index(fields=["authority", "status"], name="contract_authority"),
            models.Index(fields=["supplier", "status"], name="contract_supplier"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="contract_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="contract_value_not_negative"),
        ]

    def __str__(self) -> str:
        return self.title


class Commitment(models.Model):
    """A promise the contract holds: quantity, and the proxy it will be valued with for ever. Never changed."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="commitments")
    offer_line = models.OneToOneField(
        "procurement.OfferLine", on_delete=models.PROTECT, related_name="+"
    )
    measure = models.ForeignKey("toms.Measure", on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey("toms.Edition", on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit_value = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    """£ of one unit. NULL: this commitment is counted, not valued."""
    unit_value_source = models.CharField(max_length=500, blank=True)
    place = models.SlugField(max_length=80, blank=True)
    attribution_percent = models.DecimalField(max_digits=5, decimal_places=2)
    value_pence = models.BigIntegerField()
    """0 when there is no unit value."""
    method_statement = models.TextField(blank=True)

    class Meta:
        ordering = ["contract", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "measure"], name="commitment_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="commitment_quantity_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(unit_value__isnull=True, value_pence=0)
                | Q(unit_value__isnull=False, value_pence__gte=0),
                name="commitment_value_needs_unit_value",
            ),
            models.CheckConstraint(
                condition=Q(attribution_percent__gt=0, attribution_percent__lte=100),
                name="commitment_attribution_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"Commitment {self.pk}"
