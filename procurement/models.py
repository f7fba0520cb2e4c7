"""Gathers the rooms' tables, because Django looks here."""

from procurement.action_plans.models import ActionPlan, Milestone
from procurement.awards.models import Award, Commitment, Contract
from procurement.bids.models import Bid, OfferAnswer, OfferLine
from procurement.deliveries.models import Claim, Evidence
from procurement.duties.models import DutyRecord
from procurement.evaluations.models import Evaluation, EvaluationMark, EvaluationResult
from procurement.ledger.models import LedgerEntry, PendingPosting
from procurement.policies.models import (
    Policy,
    PolicyApproval,
    PolicyBand,
    PolicyMeasureRule,
    PolicyVersion,
    Threshold,
    ThresholdImport,
)
from procurement.procurements.models import (
    ConsiderationRecord,
    LightTouchNote,
    NoticeImport,
    PlannedProcurement,
    Procurement,
    ProcurementLot,
    ProcurementPart,
    RouteDecision,
    RouteDeviation,
    RouteOverride,
    YearlySpend,
)
from procurement.tenders.models import (
    Tender,
    TenderApproval,
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
    "ConsiderationRecord",
    "Contract",
    "DutyRecord",
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
    "PlannedProcurement",
    "Policy",
    "PolicyApproval",
    "PolicyBand",
    "PolicyMeasureRule",
    "PolicyVersion",
    "Procurement",
    "ProcurementLot",
    "ProcurementPart",
    "RouteDecision",
    "RouteDeviation",
    "RouteOverride",
    "Tender",
    "TenderApproval",
    "TenderInvitation",
    "TenderKey",
    "TenderQuestion",
    "TenderRequirement",
    "Threshold",
    "ThresholdImport",
    "Verification",
    "YearlySpend",
]
