from __future__ import annotations

from django.db.models import TextChoices


class ContractStatus(TextChoices):
    AWARDED = "awarded", "To be signed"
    LIVE = "live", "Live"
    ENDED = "ended", "Ended"


class ProposalStatus(TextChoices):
    PROPOSED = "proposed", "Waiting for approval"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ChangeKind(TextChoices):
    QUANTITY = "quantity", "Quantity of a commitment"
    ADDED = "added", "A commitment added"
    EXTENSION = "extension", "End of the contract"


class AwardDeed(TextChoices):
    PROPOSED = "award_proposed", "Award proposed"
    REFUSED = "award_refused", "Award refused"
    PROPOSAL_WITHDRAWN = "award_proposal_withdrawn", "Award proposal withdrawn"
    SUMMARY_WRITTEN = "summary_written", "Assessment summary written"
    SUMMARIES_ISSUED = "summaries_issued", "Assessment summaries issued"
    STANDSTILL_SET = "standstill_set", "Standstill set"
    SIGNED = "contract_signed", "Contract signed"
    AWARDED = "contract_awarded", "Contract awarded"
    ENDED = "contract_ended", "Contract ended"
    CHANGED = "contract_changed", "Contract changed"
