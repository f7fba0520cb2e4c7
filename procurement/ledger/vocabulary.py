from __future__ import annotations

from django.db.models import TextChoices


class Basis(TextChoices):
    """What an entry says. Figures of different bases are never added together.

    Evidenced is the part of what is claimed that a file or the group that benefited shows.
    """

    COMMITTED = "committed", "Committed"
    CLAIMED = "claimed", "Claimed"
    EVIDENCED = "evidenced", "Evidenced"
    VERIFIED = "verified", "Verified"


WITHOUT = "-"
"""In a filter: the entries that have nothing there, no directorate or no district."""


class SupplierSize(TextChoices):
    """What a supplier says of itself. Every supplier is exactly one of these."""

    SME = "sme", "SME"
    VCSE = "vcse", "VCSE"
    BOTH = "both", "Both SME and VCSE"
    NEITHER = "neither", "Neither SME nor VCSE"
    NOT_STATED = "not_stated", "Not stated"
