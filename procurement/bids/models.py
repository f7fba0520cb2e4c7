from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from procurement.bids.vocabulary import BidStatus


class Bid(models.Model):
    """A supplier's offer. Until it is opened its content exists only encrypted, in ``sealed_content``."""

    tender = models.ForeignKey("procurement.Tender", on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=10, choices=BidStatus.choices, default=BidStatus.DRAFT)
    draft_content = models.TextField(blank=True)
    """What the supplier is writing, encrypted under the tender's key."""
    sealed_content = models.TextField(blank=True)
    """What was last submitted, encrypted under the tender's key."""
    content_hash = models.CharField(max_length=64, blank=True)
    receipt = models.CharField(max_length=20, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    """Whole-life price in pounds excluding VAT; written at opening."""
    opened_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["tender", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "supplier"], name="bid_once"),
            models.UniqueConstraint(
                fields=["receipt"], condition=~Q(receipt=""), name="bid_receipt_once"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", submitted_at__isnull=True, receipt="")
                | Q(status__in=["submitted", "opened"], submitted_at__isnull=False)
                & ~Q(receipt="")
                & ~Q(content_hash=""),
                name="bid_submitted_with_receipt",
            ),
            models.CheckConstraint(
                condition=Q(status="opened", opened_at__isnull=False)
                | ~Q(status="opened") & Q(opened_at__isnull=True, price__isnull=True),
                name="bid_opened_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Bid {self.pk}"


class OfferLine(models.Model):
    """What is offered under one requirement. Rows exist only once the bid is open."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="lines")
    requirement = models.ForeignKey(
        "procurement.TenderRequirement", on_delete=models.PROTECT, related_name="+"
    )
    measure = models.ForeignKey("toms.Measure", on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    attribution_percent = models.DecimalField(max_digits=5, decimal_places=2, default=100)
    negotiated_proxy = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    method_statement = models.TextField(blank=True)

    class Meta:
        ordering = ["bid", "requirement"]
        constraints = [
            models.UniqueConstraint(fields=["bid", "requirement"], name="offer_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0), name="offer_quantity_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(attribution_percent__gt=0, attribution_percent__lte=100),
                name="offer_attribution_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"Offer line {self.pk}"


class OfferAnswer(models.Model):
    """The answer to one question. Rows exist only once the bid is open."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(
        "procurement.TenderQuestion", on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["bid", "question"]
        constraints = [
            models.UniqueConstraint(fields=["bid", "question"], name="offer_answer_once"),
        ]

    def __str__(self) -> str:
        return f"Answer {self.pk}"
