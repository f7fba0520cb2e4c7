from __future__ import annotations

from django.db.models import TextChoices


class ShortfallStatus(TextChoices):
    OPEN = "open", "In conversation"
    RECTIFYING = "rectifying", "Being put right"
    REMEDIED = "remedied", "Remedy decided"
    CLOSED = "closed", "Closed"


class RemedyKind(TextChoices):
    SUBSTITUTION = "substitution", "Substitution of equal value"
    SERVICE_CREDIT = "service_credit", "Service credit"
    COMMUNITY_FUND = "community_fund", "Payment to a community fund"
    TERMINATION = "termination", "Termination"


class DecisionStatus(TextChoices):
    PROPOSED = "proposed", "Waiting for a decision"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class RequestStatus(TextChoices):
    ASKED = "asked", "Waiting for the other party"
    AGREED = "agreed", "Agreed"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class KpiWord(TextChoices):
    """The words of the contract performance notice (Procurement Regulations 2024)."""

    GOOD = "good", "Good"
    APPROACHING = "approaching_target", "Approaching target"
    REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement"
    INADEQUATE = "inadequate", "Inadequate"
    OTHER = "other", "Other"


class RemedyDeed(TextChoices):
    TERMS_SET = "remedy_terms_set", "Remedies of the contract set"
    RAISED = "shortfall_raised", "Shortfall raised"
    SAID = "shortfall_said", "Message on a shortfall"
    PLAN_PROPOSED = "rectification_proposed", "Rectification plan proposed"
    PLAN_AGREED = "rectification_agreed", "Rectification plan agreed"
    STEP_DONE = "rectification_step_done", "Step of a rectification plan done"
    REMEDY_PROPOSED = "remedy_proposed", "Remedy proposed"
    REMEDY_APPROVED = "remedy_approved", "Remedy approved"
    REMEDY_REFUSED = "remedy_refused", "Remedy refused"
    REMEDY_WITHDRAWN = "remedy_withdrawn", "Remedy withdrawn"
    CLOSED = "shortfall_closed", "Shortfall closed"
    CHANGE_ASKED = "change_asked", "Change asked for"
    CHANGE_AGREED = "change_agreed", "Change agreed"
    CHANGE_REFUSED = "change_refused", "Change refused"
    CHANGE_WITHDRAWN = "change_withdrawn", "Request for a change withdrawn"
    KPI_SET = "kpi_set", "KPI set"
    KPI_RATED = "kpi_rated", "KPI rated"
    COST_RECORDED = "oversight_cost_recorded", "Cost of overseeing recorded"
    COST_REMOVED = "oversight_cost_removed", "Cost of overseeing removed"
