from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Delegation(models.Model):
    """One commitment passed on to a colleague or a site by a link that can touch nothing else."""

    commitment = models.ForeignKey(
        "procurement.Commitment", on_delete=models.PROTECT, related_name="+"
    )
    contract = models.ForeignKey("procurement.Contract", on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    email = models.EmailField()
    site = models.CharField(max_length=150)
    """The colleague's role or the site, for example "Walsall depot"."""
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["commitment", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "email"],
                condition=Q(ended_at__isnull=True),
                name="delegation_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="delegation_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.site


class Contribution(models.Model):
    """What one link handed in for one quarter. It becomes a claim when the supplier's own person sends it."""

    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, related_name="contributions"
    )
    quarter = models.DateField()
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    denominator = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    narrative = models.TextField(blank=True)
    handed_in_at = models.DateTimeField()
    claim = models.ForeignKey(
        "procurement.Claim", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The claim it went into; from then on it does not change."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["delegation", "quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["delegation", "quarter"],
                condition=Q(claim__isnull=True),
                name="contribution_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0), name="contribution_quantity_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
                name="contribution_on_quarter",
            ),
        ]

    def __str__(self) -> str:
        return f"Contribution {self.pk}"
