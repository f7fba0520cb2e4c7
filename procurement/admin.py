"""Gathers the rooms' admin pages, because Django looks here."""

from procurement.action_plans import admin as action_plans
from procurement.awards import admin as awards
from procurement.deliveries.admin import ClaimAdmin, EvidenceAdmin
from procurement.downloads.admin import LongFileAdmin
from procurement.duties import admin as duties
from procurement.evaluations import admin as evaluations
from procurement.ledger.admin import LedgerEntryAdmin
from procurement.policies import admin as policies
from procurement.procurements import admin as procurements
from procurement.remedies import admin as remedies
from procurement.reminders import admin as reminders
from procurement.tenders import admin as tenders
from procurement.verifications.admin import VerificationAdmin

__all__ = [
    "ClaimAdmin",
    "EvidenceAdmin",
    "LedgerEntryAdmin",
    "LongFileAdmin",
    "VerificationAdmin",
    "action_plans",
    "awards",
    "duties",
    "evaluations",
    "policies",
    "procurements",
    "remedies",
    "reminders",
    "tenders",
]
