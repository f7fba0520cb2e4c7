from __future__ import annotations

from django.db.models import TextChoices


class VerificationDecision(TextChoices):
    VERIFIED = "verified", "Verified"
    RETURNED = "returned", "Returned"
    REJECTED = "rejected", "Rejected"
    CORRECTED = "corrected", "Corrected"


class Sampled(TextChoices):
    """How a claim came to be looked into before it was decided."""

    UNSAID = "", "Not recorded"
    NO_RULE = "no_rule", "No sampling rule was in force when the claim was sent"
    NO_VALUE = "no_value", "Checked in full: it has no value in pounds, and every such claim is"
    ABOVE = "above", "Checked in full: above the value at which every claim is"
    DRAWN = "drawn", "Checked in full: drawn in the sample"
    NOT_DRAWN = "not_drawn", "Not drawn: accepted on the claim and its evidence"


class SamplingDeed(TextChoices):
    RULE_SET = "sampling_rule_set", "Sampling rule set"
    DRAWN = "sample_drawn", "Sample drawn"


class SampleShown(TextChoices):
    """Which claims of a sample drawn again are looked at."""

    ALL = "", "All claims"
    DRAWN = "drawn", "Drawn"
    DIFFERING = "differing", "Not as recorded"


class EvidenceShown(TextChoices):
    """Which claims of the queue are looked at."""

    ANY = "", "With or without evidence"
    WITH = "with", "With evidence"
    WITHOUT = "without", "No evidence yet"
