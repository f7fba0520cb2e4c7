from __future__ import annotations

from django.db.models import TextChoices


class Route(TextChoices):
    LIGHT_TOUCH = "light_touch", "Light touch"
    TOMS_ADVISED = "toms_advised", "TOMs advised"
    TOMS_MANDATORY = "toms_mandatory", "TOMs mandatory"


class VatBasis(TextChoices):
    EXCL = "excl", "Excluding VAT"
    INCL = "incl", "Including VAT"


class Category(TextChoices):
    GOODS = "goods", "Goods"
    SERVICES = "services", "Services"
    WORKS = "works", "Works"
    LIGHT_TOUCH = "light_touch", "Light-touch services (for example social care)"
    CONCESSION = "concession", "Concession"


class AuthorityType(TextChoices):
    CENTRAL = "central", "Central government"
    SUB_CENTRAL = "sub_central", "Sub-central"
    UTILITY = "utility", "Utility"


class PolicyStatus(TextChoices):
    DRAFT = "draft", "Draft"
    PROPOSED = "proposed", "Waiting for approval"
    ADOPTED = "adopted", "Adopted"


class ShareOf(TextChoices):
    """What a weighting is a share of."""

    TOTAL = "total", "The whole award"
    QUALITY = "quality", "The quality score"


class MeasureRuleKind(TextChoices):
    AT_MOST = "at_most", "At most"
    AT_LEAST = "at_least", "At least"


class ImportStatus(TextChoices):
    PREVIEWED = "previewed", "Previewed"
    APPLIED = "applied", "Applied"


SENT_BACK = "Sent back: "
"""How the record of that deed begins; the reason follows."""


class LineAction(TextChoices):
    """What a file does with one line of the law."""

    ADDED = "created", "New"
    CHANGED = "updated", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    REFUSED = "refused", "Refused"


class PolicyDeed(TextChoices):
    THRESHOLDS_LOADED = "thresholds_loaded", "Thresholds loaded"
    POLICY_LOADED = "policy_loaded", "Policy loaded"
    POLICY_ADOPTED = "policy_adopted", "Policy version adopted"
    POLICY_DRAFTED = "policy_drafted", "Policy version drafted"
    POLICY_CHANGED = "policy_changed", "Policy draft changed"
    POLICY_PROPOSED = "policy_proposed", "Policy version proposed"
    POLICY_SENT_BACK = "policy_sent_back", "Policy version sent back"
    THRESHOLD_ADDED = "threshold_added", "Threshold added"
    THRESHOLD_CHANGED = "threshold_changed", "Threshold changed"
    THRESHOLDS_PREVIEWED = "thresholds_previewed", "Thresholds previewed"
