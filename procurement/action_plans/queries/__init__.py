"""Plans, milestones and progress, for both parties of a contract."""

from procurement.action_plans.queries.as_at import Planned, due_of_as_at, planned_over_as_at
from procurement.action_plans.queries.milestones import (
    Due,
    MilestoneInfo,
    PlanBrief,
    WaitingPlan,
    due_milestones,
    due_of,
    milestone_of,
    milestones_of,
    milestones_over,
    plan_brief,
    planned_of_contracts,
    planned_to_date,
    plans_awaiting,
)
from procurement.action_plans.queries.plans import (
    CommitmentEdit,
    CommitmentPlan,
    PlanView,
    QuarterView,
    commitment_to_plan,
    is_required,
    plan_of,
)
from procurement.action_plans.queries.progress import (
    CommitmentProgressView,
    forecasts_of,
    progress_of,
)
from procurement.action_plans.queries.revisions import RevisionView, revisions_of

__all__ = [
    "CommitmentEdit",
    "CommitmentPlan",
    "CommitmentProgressView",
    "Due",
    "MilestoneInfo",
    "PlanBrief",
    "PlanView",
    "Planned",
    "QuarterView",
    "RevisionView",
    "WaitingPlan",
    "commitment_to_plan",
    "due_milestones",
    "due_of",
    "due_of_as_at",
    "forecasts_of",
    "is_required",
    "milestone_of",
    "milestones_of",
    "milestones_over",
    "plan_brief",
    "plan_of",
    "planned_of_contracts",
    "planned_over_as_at",
    "planned_to_date",
    "plans_awaiting",
    "progress_of",
    "revisions_of",
]
