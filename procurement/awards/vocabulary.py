from __future__ import annotations

from django.db.models import TextChoices


class ContractStatus(TextChoices):
    LIVE = "live", "Live"
    ENDED = "ended", "Ended"


class AwardDeed(TextChoices):
    AWARDED = "contract_awarded", "Contract awarded"
    ENDED = "contract_ended", "Contract ended"
