from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.bids.vocabulary import BidStatus, PartKind, WarningKind


class Bid(models.Model):
    """A supplier's place in a tender, and from the opening on its bid.

    Before the opening the row says nothing: every invited supplier has one, and whether anything was written or
    submitted, by whom and when, stands in ``envelope`` only, padded and encrypted under the tender's key.
    """

    tender = models.ForeignKey("procurement.Tender", on_delete=models.PROTECT, related_name="+")
    place_mark = models.CharField(max_length=64)
    """Which supplier's place this is, as only the tender's key can tell: an HMAC of the supplier under it."""
    envelope = models.TextField()
    status = models.CharField(max_length=10, choices=BidStatus.choices, default=BidStatus.SEALED)
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Written at opening, as everything below."""
    content_hash = models.CharField(max_length=64, blank=True)
    receipt = models.CharField(max_length=20, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    """Whole-life price in pounds excluding VAT."""
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["tender", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "place_mark"], name="bid_place_once"),
            models.UniqueConstraint(fields=["tender", "supplier"], name="bid_once"),
            models.UniqueConstraint(
                fields=["receipt"], condition=~Q(receipt=""), name="bid_receipt_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    status="sealed",
                    supplier__isnull=True,
                    content_hash="",
                    receipt="",
                    submitted_at__isnull=True,
                    submitted_by__isnull=True,
                    price__isnull=True,
                    opened_at__isnull=True,
                )
                | Q(
                    status="opened",
                    supplier__isnull=False,
                    submitted_at__isnull=False,
                    opened_at__isnull=False,
                )
                & ~Q(receipt="")
                & ~Q(content_hash=""),
                name="bid_says_nothing_until_opened",
            ),
        ]

    def __str__(self) -> str:
        return f"Bid {self.pk}"


class BidOpening(models.Model):
    """Two named people open the bids of a tender, after its deadline. The record is what they found."""

    tender = models.OneToOneField("procurement.Tender", on_delete=models.PROTECT, related_name="+")
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    first_at = models.DateTimeField()
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_at = models.DateTimeField(null=True, blank=True)
    record = models.JSONField(default=list)
    """One line a bid: bidder, receipt, content hash, time of submission."""
    record_hash = models.CharField(max_length=64, blank=True)
    """SHA-256 of the record as canonical JSON."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second_by__isnull=True, second_at__isnull=True, record_hash="")
                | Q(second_by__isnull=False, second_at__isnull=False) & ~Q(record_hash=""),
                name="bid_opening_by_two",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("first_by")),
                name="bid_opening_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"Opening of tender {self.tender_id}"


class BidWarning(models.Model):
    """That everybody invited to a tender was written to before a deadline; to whom it mattered is not kept."""

    tender = models.ForeignKey("procurement.Tender", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=WarningKind.choices)
    deadline_at = models.DateTimeField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["tender", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tender", "kind", "deadline_at"], name="bid_warning_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Warning {self.kind} of tender {self.tender_id}"


class OfferLine(models.Model):
    """What is offered under one requirement. Rows exist only once the bid is open."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="lines")
    requirement = models.ForeignKey(
        "procurement.TenderRequirement", on_delete=models.PROTECT, related_name="+"
    )
    measure = models.ForeignKey("toms.Measure", on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    attribution_percent = models.DecimalField(max_digits=5, decimal_places=2, default=100)
    attribution_reason = models.CharField(max_length=500, blank=True, default="")
    """Who else funds the same, where less than all of it is this contract's."""
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


class OfferLinePart(models.Model):
    """How much of an offer line somebody else delivers."""

    line = models.ForeignKey(OfferLine, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=15, choices=PartKind.choices)
    name = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        ordering = ["line", "id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "name"], name="offer_part_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="offer_part_above_zero"),
            models.CheckConstraint(condition=~Q(name=""), name="offer_part_named"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, part of line {self.line_id}"


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
