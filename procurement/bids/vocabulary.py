from __future__ import annotations

from django.db.models import TextChoices


class BidStatus(TextChoices):
    DRAFT = "draft", "Not submitted"
    SUBMITTED = "submitted", "Submitted"
    OPENED = "opened", "Opened"


class BidDeed(TextChoices):
    STARTED = "bid_started", "Bid started"
    SUBMITTED = "bid_submitted", "Bid submitted"
    REPLACED = "bid_replaced", "Bid replaced"
    OPENED = "bid_opened", "Bid opened"


class OverclaimKind(TextChoices):
    VALUE_OVER_PRICE = "value_over_price", "Social value above the price"
    WORK_OVER_PRICE = "work_over_price", "More work than the price pays for"
    SPEND_OVER_PRICE = "spend_over_price", "More spending than the price"
    HOURS_PER_HEAD = "hours_per_head", "More hours than people have"
    CARBON = "carbon", "More carbon than the price suggests"
    DOMINATING = "dominating", "One measure makes nearly all of it"
