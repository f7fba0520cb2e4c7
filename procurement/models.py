"""Gathers the rooms' tables, because Django looks here."""

from procurement.action_plans.models import ActionPlan, Milestone
from procurement.awards.models import Award, Commitment, Contract
from procurement.bids.models import Bid, OfferAnswer, OfferLine
from procurement.deliveries.models import Claim, Evidence
from procurement.evaluations.models import Evaluation, EvaluationMark, EvaluationResult
from procurement.ledger.models import LedgerEntry, PendingPosting
from procurement.policies.models import Policy, PolicyBand, PolicyVersion, Threshold
from procurement.procurements.models import (
    LightTouchNote,
    NoticeImport,
    Procurement,
    RouteDecision,
)
from procurement.tenders.models import (
    Tender,
    TenderInvitation,
    TenderKey,
    TenderQuestion,
    TenderRequirement,
)
from procurement.verifications.models import Verification

__all__ = [
    "ActionPlan",
    "Award",
    "Bid",
    "Claim",
    "Commitment",
    "Contract",
    "Evaluation",
    "EvaluationMark",
    "EvaluationResult",
    "Evidence",
    "LedgerEntry",
    "LightTouchNote",
    "Milestone",
    "NoticeImport",
    "OfferAnswer",
    "OfferLine",
    "PendingPosting",
    "Policy",
    "PolicyBand",
    "PolicyVersion",
    "Procurement",
    "RouteDecision",
    "Tender",
    "TenderInvitation",
    "TenderKey",
    "TenderQuestion",
    "TenderRequirement",
    "Threshold",
    "Verification",
]
