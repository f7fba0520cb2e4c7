"""Reading tenders. Buyers see those of their own authority; a supplier sees those it is invited to, once published."""

from __future__ import annotations

from procurement.tenders.queries.approving import (
    TenderToApprove,
    last_editor,
    tenders_to_approve,
    why_not_approve,
)
from procurement.tenders.queries.asked import (
    MeasureCatalogue,
    QuestionInfo,
    RequirementInfo,
    measure_catalogue,
    place_choices,
    questions_of,
    requirements_of,
    sector_choices,
)
from procurement.tenders.queries.facts import TenderFacts, tender_facts
from procurement.tenders.queries.gates import ApprovalLine, Gates, gates_of
from procurement.tenders.queries.invitations import (
    InvitationInfo,
    SupplierChoice,
    SupplierInvitation,
    TenderView,
    invitations_for,
    invited_suppliers,
    invited_to,
    suppliers_to_invite,
    tender_for_bidder,
)
from procurement.tenders.queries.overview import (
    TenderOverview,
    decision_now,
    missing_for_publication,
    tender_overview,
    weighting_range,
)
from procurement.tenders.queries.published import published_days
from procurement.tenders.queries.serving import priorities_served
from procurement.tenders.queries.tenders import (
    TenderBrief,
    draft_or_live_tenders,
    place_name,
    published_tenders,
    scoring_now,
    scoring_of,
    seal_key,
    seal_keys,
    tender_being_prepared,
    tender_brief,
    tender_for,
    tender_of_procurement,
)
from procurement.tenders.queries.usable import (
    Usable,
    check_usable,
    editions_in_use,
    newer_edition,
    usable_breaches,
    usable_in,
)

__all__ = [
    "ApprovalLine",
    "Gates",
    "InvitationInfo",
    "MeasureCatalogue",
    "QuestionInfo",
    "RequirementInfo",
    "SupplierChoice",
    "SupplierInvitation",
    "TenderBrief",
    "TenderFacts",
    "TenderOverview",
    "TenderToApprove",
    "TenderView",
    "Usable",
    "check_usable",
    "decision_now",
    "draft_or_live_tenders",
    "editions_in_use",
    "gates_of",
    "invitations_for",
    "invited_suppliers",
    "invited_to",
    "last_editor",
    "measure_catalogue",
    "missing_for_publication",
    "newer_edition",
    "place_choices",
    "place_name",
    "priorities_served",
    "published_days",
    "published_tenders",
    "questions_of",
    "requirements_of",
    "scoring_now",
    "scoring_of",
    "seal_key",
    "seal_keys",
    "sector_choices",
    "suppliers_to_invite",
    "tender_being_prepared",
    "tender_brief",
    "tender_facts",
    "tender_for",
    "tender_for_bidder",
    "tender_of_procurement",
    "tender_overview",
    "tenders_to_approve",
    "usable_breaches",
    "usable_in",
    "weighting_range",
    "why_not_approve",
]
