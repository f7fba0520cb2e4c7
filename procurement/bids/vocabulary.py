from __future__ import annotations

from django.db.models import TextChoices


class BidStatus(TextChoices):
    """What the database says of a bid. Until it is opened that is nothing: every invited supplier has a sealed row."""

    SEALED = "sealed", "Sealed"
    OPENED = "opened", "Opened"


class OfferState(TextChoices):
    """Where an offer stands, for the supplier that writes it; kept inside the sealed envelope."""

    DRAFT = "draft", "Not submitted"
    SUBMITTED = "submitted", "Submitted"


class PartKind(TextChoices):
    PARTNER = "partner", "Consortium partner"
    SUBCONTRACTOR = "subcontractor", "Sub-contractor"


class WarningKind(TextChoices):
    SEVEN_DAYS = "7_days", "7 days before the deadline"
    ONE_DAY = "1_day", "24 hours before the deadline"
    ONE_HOUR = "1_hour", "1 hour before the deadline"


class BidDeed(TextChoices):
    STARTED = "bid_started", "Bid started"
    SUBMITTED = "bid_submitted", "Bid submitted"
    REPLACED = "bid_replaced", "Bid replaced"
    OPENED = "bid_opened", "Bid opened"
    WARNED = "deadline_warned", "Deadline reminder sent"
    OPENING_STARTED = "opening_started", "Opening of bids started"
    OPENING_CONFIRMED = "opening_confirmed", "Opening of bids confirmed"


class OverclaimKind(TextChoices):
    VALUE_OVER_PRICE = "value_over_price", "Social value above the price"
    WORK_OVER_PRICE = "work_over_price", "More work than the price pays for"
    SPEND_OVER_PRICE = "spend_over_price", "More spending than the price"
    HOURS_PER_HEAD = "hours_per_head", "More hours than people have"
    CARBON = "carbon", "More carbon than the price suggests"
    DOMINATING = "dominating", "One measure makes nearly all of it"
    DOUBLE_COUNTING = "double_counting", "Two measures may count the same"
