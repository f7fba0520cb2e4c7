from __future__ import annotations

from django.db.models import TextChoices

DEFAULT_FRAMEWORK = "open"
"""The family that holds where no other has been chosen."""


class EditionStatus(TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


class MeasureKind(TextChoices):
    PROXY = "proxy", "Proxy value"
    POUND_FOR_POUND = "pound_for_pound", "£1 for £1"
    RECORD_ONLY = "record_only", "Record only"
    LOCALISED = "localised", "Localised proxy"
    NEGOTIATED = "negotiated", "Negotiated"


class Aggregation(TextChoices):
    SUM = "sum", "Added up"
    LAST = "last", "Latest figure"
    RATIO = "ratio", "Ratio of two sums"
    NONE = "none", "Not added up"


class FrameworkDeed(TextChoices):
    EDITION_LOADED = "edition_loaded", "Edition loaded"
    EDITION_PUBLISHED = "edition_published", "Edition published"
    EDITION_TAKEN_BACK = "edition_taken_back", "Edition taken back"
    ADOPTED = "edition_adopted", "Edition adopted"
    ADOPTION_CHANGED = "adoption_changed", "Adoption changed"
    ADOPTION_ENDED = "adoption_ended", "Adoption ended"
    ADOPTION_REMOVED = "adoption_removed", "Adoption removed"
    PACKS_SET = "adopted_packs_set", "Packs of an adoption set"
