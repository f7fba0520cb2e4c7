"""Contracts and their commitments, for the authority that made them and the supplier."""

from procurement.awards.queries.awarding import AwardOptions, award_options
from procurement.awards.queries.commitments import (
    Amount,
    CommitmentInfo,
    CommitmentProgress,
    commitment_info,
    commitment_infos,
    commitments_of,
    commitments_of_contracts,
    progress_of,
)
from procurement.awards.queries.contracts import (
    SORTS,
    ZERO,
    ContractBrief,
    ContractFilters,
    ContractView,
    contract_brief,
    contract_briefs,
    contract_for,
    contract_ids_for,
    contract_of_procurement,
    contract_page,
    contracts_for,
    contracts_table,
    value_by_contract,
)
from procurement.awards.queries.dates import ContractDates, contract_dates

__all__ = [
    "SORTS",
    "ZERO",
    "Amount",
    "AwardOptions",
    "CommitmentInfo",
    "CommitmentProgress",
    "ContractBrief",
    "ContractDates",
    "ContractFilters",
    "ContractView",
    "award_options",
    "commitment_info",
    "commitment_infos",
    "commitments_of",
    "commitments_of_contracts",
    "contract_brief",
    "contract_briefs",
    "contract_dates",
    "contract_for",
    "contract_ids_for",
    "contract_of_procurement",
    "contract_page",
    "contracts_for",
    "contracts_table",
    "progress_of",
    "value_by_contract",
]
