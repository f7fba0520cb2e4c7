from __future__ import annotations

from django.db.models import TextChoices


class StageState(TextChoices):
    DONE = "done", "Completed"
    CURRENT = "current", "Current stage"
    NEXT = "next", "Not started"
    SKIPPED = "skipped", "Not needed"


class StageKey(TextChoices):
    """The stages of a procurement, in the order of the thread."""

    ROUTE = "route", "Policy and route"
    NOTE = "note", "Light-touch note"
    TENDER = "tender", "Tender"
    BIDS = "bids", "Bids"
    EVALUATION = "evaluation", "Evaluation"
    AWARD = "award", "Award"
    PLAN = "plan", "Action plan"
    CLAIMS = "claims", "Deliveries"
    VERIFICATION = "verification", "Verification"
    REPORTING = "reporting", "Reporting"


class Doer(TextChoices):
    """Who does what comes next."""

    OFFICER = "procurement_officer", "a procurement officer"
    EVALUATOR = "evaluator", "an evaluator of the panel"
    MODERATOR = "moderator", "the moderator of the panel"
    OPENER = "opener", "a procurement officer or an approver"
    APPROVER = "approver", "an approver who did not propose it"
    SIGNER = "signer", "a procurement officer or a contract manager"
    MANAGER = "contract_manager", "a contract manager"
    SUPPLIER = "supplier", "the supplier"
    BIDDERS = "bidders", "the invited suppliers"


class Followed(TextChoices):
    """Whether the route of a procurement was followed."""

    FOLLOWED = "followed", "Followed"
    EXPLAINED = "explained", "Departed from, with a reason"
    NOT_FOLLOWED = "not_followed", "Not followed"
    NOT_DUE = "not_due", "Not yet due"
    NOT_KNOWN = "not_known", "Not known"
