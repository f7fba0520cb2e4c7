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
    ADOPTED = "adopted", "Adopted"


class PolicyDeed(TextChoices):
    THRESHOLDS_LOADED = "thresholds_loaded", "Thresholds loaded"
    POLICY_LOADED = "policy_loaded", "Policy loaded"
    POLICY_ADOPTED = "policy_adopted", "Policy version adopted"
