"""What people fill in, from the proposal of an award to the signature."""

from procurement.awards.forms.award import AwardForm
from procurement.awards.forms.contracts import ContractFilterForm
from procurement.awards.forms.proposals import APPROVE, ProposalForm
from procurement.awards.forms.signing import SignForm, StandstillForm
from procurement.awards.forms.summaries import SummaryForm

__all__ = [
    "APPROVE",
    "AwardForm",
    "ContractFilterForm",
    "ProposalForm",
    "SignForm",
    "StandstillForm",
    "SummaryForm",
]
