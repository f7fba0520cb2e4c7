from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from procurement.ledger.vocabulary import Basis


class LedgerEntry(models.Model):
    """One posting. Append-only by trigger: a correction is a new entry that names the old one.

    Everything a total is cut by stands flat on the row. The sources are above this room: foreign keys by name, the
    one upward exception.
    """

    basis = models.CharField(max_length=10, choices=Basis.choices)
    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    edition = models.ForeignKey("toms.Edition", on_delete=models.PROTECT, related_name="+")
    theme = models.ForeignKey("toms.Theme", on_delete=models.PROTECT, related_name="+")
    measure = models.ForeignKey("toms.Measure", on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey("procurement.Contract", on_delete=models.PROTECT, related_name="+")
    commitment = models.ForeignKey(
        "procurement.Commitment", on_delete=models.PROTECT, related_name="+"
    )
    claim = models.ForeignKey(
        "procurement.Claim", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verification = models.ForeignKey(
        "procurement.Verification",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    period = models.DateField()
    """First of the month the outcome belongs to."""
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    """May be negative: a reversal."""
    denominator = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    """For rates only: what the quantity is a part of."""
    value_pence = models.BigIntegerField()
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True)
    posting_key = models.CharField(max_length=80, unique=True)
    """Says what was posted, so that posting the same thing twice is refused by the database."""
    posted_at = models.DateTimeField(db_index=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["authority", "measure", "period"], name="ledger_cell"),
            models.Index(fields=["commitment", "basis"], name="ledger_commitment"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(basis="committed", claim__isnull=True, verification__isnull=True)
                | Q(
                    basis__in=("claimed", "evidenced"),
                    claim__isnull=False,
                    verification__isnull=True,
                )
                | Q(basis="verified", claim__isnull=False, verification__isnull=False),
                name="ledger_entry_names_its_source",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""),
                name="ledger_correction_with_reason",
            ),
            models.CheckConstraint(condition=Q(period__day=1), name="ledger_period_is_month"),
        ]

    def __str__(self) -> str:
        return f"Entry {self.pk}"


class PendingPosting(models.Model):
    """Ledger ids not yet rolled up: at most 1,000 a row, written with them, removed by the drain that applies them."""

    entry_ids = models.JSONField()
    posted_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{len(self.entry_ids)} entries waiting"
