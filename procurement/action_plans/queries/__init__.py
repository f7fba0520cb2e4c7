"""Plans, milestones and progress, for both parties of a contract."""

from procurement.action_plans.queries.milestones import (
    MilestoneInfo,
    PlanBrief,
    WaitingPlan,
    due_milestones,
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
from procurement.action_plans.queries.progress import CommitmentProgressView, progress_of
from procurement.action_plans.queries.revisions import RevisionView, revisions_of

__all__ = [
    "CommitmentEdit",
    "CommitmentPlan",
    "CommitmentProgressView",
    "MilestoneInfo",
    "PlanBrief",
    "PlanView",
    "QuarterView",
    "RevisionView",
    "WaitingPlan",
    "commitment_to_plan",
    "due_milestones",
    "is_required",
    "milestone_of",
    "milestones_of",
    "milestones_over",
    "plan_brief",
    "plan_of",
    "planned_of_contracts",
    "planned_to_date",
    "plans_awaiting",
    "progress_of",
    "revisions_of",
]
