"""Starting, changing, planning again and agreeing the plan of a contract. Committed entries are posted from here."""

from procurement.action_plans.services.agreeing import agree_plan
from procurement.action_plans.services.changing import change_milestones, plan_again
from procurement.action_plans.services.starting import start_plan

__all__ = ["agree_plan", "change_milestones", "plan_again", "start_plan"]
