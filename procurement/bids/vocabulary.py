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
