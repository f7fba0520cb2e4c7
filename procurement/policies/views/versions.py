"""The policy in force and its versions."""

from __future__ import annotations

from typing import Any

from procurement.policies import queries, renderers
from procurement.policies.permissions import who_sees_policy
from socialvalue.accounts.permissions import BUYER
from socialvalue.core import clock
from socialvalue.core.errors import RuleBroken
from socialvalue.core.views import Page


def _shown(page: queries.PolicyPage) -> dict[str, Any]:
    return {
        "page": page,
        "policy": page.policy,
        "who": who_sees_policy((0, page.policy.organisation_name), is_adopted=True),
        "threshold_table": renderers.thresholds_in_force(page.thresholds),
    }


class CurrentPolicy(Page):
    """What binds the actor's authority today."""

    access = BUYER
    template_name = "procurement/policies/policy.html"

    def get_page(self) -> dict[str, Any]:
        try:
            page = queries.current_policy_page(self.actor.organisation_id, clock.today())
        except RuleBroken:
            return {"page": None}
        return _shown(page) | {"is_current": True}


class PolicyVersionPage(Page):
    access = BUYER
    template_name = "procurement/policies/policy.html"

    def get_page(self) -> dict[str, Any]:
        page = queries.policy_version_page(
            self.kwargs["policy_slug"], self.kwargs["number"], clock.today()
        )
        return _shown(page) | {"is_current": False}
