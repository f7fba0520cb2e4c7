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


class TieRule(TextChoices):
    """What decides between bids with equal points. Published with the tender."""

    SHARED = "shared", "They share the place, and the award decides with a reason"
    ANSWERS = "answers", "The bid with more points for its answers comes first"
    SOCIAL_VALUE = "social_value", "The bid with more social value in £ comes first"
    LOWER_PRICE = "lower_price", "The bid with the lower price comes first"


class LinkState(TextChoices):
    """Where an invitation by e-mail stands."""

    WAITING = "waiting", "Sent at publication"
    OPEN = "open", "Sent"
    USED = "used", "Used"
    REVOKED = "revoked", "Revoked"
    EXPIRED = "expired", "Expired"
    WITHDRAWN = "withdrawn", "Procurement withdrawn"


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
    AMENDED = "tender_amended", "Tender amended"
    ASKED = "clarification_asked", "Clarification asked"
    ANSWERED = "clarification_answered", "Clarification answered"
    INVITED_BY_EMAIL = "supplier_invited_by_email", "Supplier invited by e-mail"
    LINK_REVOKED = "invitation_link_revoked", "Invitation link revoked"
    LINK_ACCEPTED = "invitation_link_accepted", "Invitation link used"
