from __future__ import annotations

from django.db.models import TextChoices


class Basis(TextChoices):
    """What an entry says. Figures of different bases are never added together."""

    COMMITTED = "committed", "Committed"
    CLAIMED = "claimed", "Claimed"
    VERIFIED = "verified", "Verified"
