from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class SharedDelivery(models.Model):
    """One real deed, for example one apprentice, that several contracts or authorities may each count a part of.

    ``allocated`` follows the allocations by trigger and can never pass ``quantity``, whoever writes at the same time.
    """

    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=200)
    """What it is, without a person's name: "Apprentice 17, started September 2026"."""
    unit = models.CharField(max_length=60)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    allocated = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    delivered_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "shared deliveries"
        ordering = ["-delivered_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="shared_delivery_quantity_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(allocated__gte=0, allocated__lte=F("quantity")),
                name="shared_delivery_allocated_at_most_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Allocation(models.Model):
    """The part of a shared delivery that one claim counts. Released when the claim no longer stands."""

    delivery = models.ForeignKey(
        SharedDelivery, on_delete=models.PROTECT, related_name="allocations"
    )
    claim = models.ForeignKey(
        "procurement.Claim", on_delete=models.PROTECT, related_name="allocations"
    )
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    """0 once released."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["delivery", "id"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "claim"], name="allocation_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0), name="allocation_quantity_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"Allocation {self.pk}"
