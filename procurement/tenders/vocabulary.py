from __future__ import annotations

from django.db.models import TextChoices


class TenderStatus(TextChoices):
    DRAFT = "draft", "Being written"
    PUBLISHED = "published", "Published"
    OPENED = "opened", "Bids opened"
    AWARDED = "awarded", "Awarded"


class WeightingKind(TextChoices):
    WEIGHTED = "weighted", "Weighted score"
    PASS_FAIL = "pass_fail", "Pass or fail"


class Formula(TextChoices):
    SHARE_OF_HIGHEST = "share_of_highest", "Share of the highest social value offered"
    SHARE_OF_PRICE = "share_of_price", "Social value for the price, as a share of the highest"
    TARGET = "target", "Share of a target"


class TenderDeed(TextChoices):
    STARTED = "tender_started", "Tender started"
    MEASURES_CHOSEN = "measures_chosen", "Measures chosen"
    PLACE_SET = "tender_place_set", "Place of valuation set"
    SCORING_SET = "scoring_set", "Scoring set"
    QUESTIONS_SET = "questions_set", "Questions set"
    INVITED = "supplier_invited", "Supplier invited"
    INVITATION_REMOVED = "invitation_removed", "Invitation removed"
    PUBLISHED = "tender_published", "Tender published"
    OPENED = "bids_opened", "Bids opened"
    AWARDED = "tender_awarded", "Tender awarded"
    APPROVED = "tender_approved", "Tender approved"
    EDITION_TAKEN = "tender_edition_taken", "Edition of the tender taken"
    EXPLAINED = "no_measures_explained", "Lack of measures explained"
