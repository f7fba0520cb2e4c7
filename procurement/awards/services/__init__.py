"""From a proposal to a signed contract, and its end."""

from procurement.awards.services.approving import approve_award, refuse_award
from procurement.awards.services.changing import apply_change
from procurement.awards.services.ending import end_contract
from procurement.awards.services.proposing import propose_award, withdraw_proposal
from procurement.awards.services.signing import set_standstill, sign_contract
from procurement.awards.services.summaries import issue_summaries, write_summary

__all__ = [
    "apply_change",
    "approve_award",
    "end_contract",
    "issue_summaries",
    "propose_award",
    "refuse_award",
    "set_standstill",
    "sign_contract",
    "withdraw_proposal",
    "write_summary",
]
