"""What would change if a draft were in force: fixed examples here, real procurements for the room that has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.policies import rules
from procurement.policies.models import Threshold
from procurement.policies.queries.drafts import version_row
from procurement.policies.queries.thresholds import threshold_row
from procurement.policies.queries.versions import draft_value, policy_in_force
from procurement.policies.rules import Estimate, PolicyInForce, RouteResult, ThresholdRow
from procurement.policies.vocabulary import AuthorityType, Category
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken

PENNY = Decimal("0.01")
EXAMPLE_CATEGORIES = (Category.SERVICES, Category.WORKS)


@dataclass(frozen=True, slots=True)
class Case:
    """One estimate to route twice."""

    category: str
    estimate: Estimate
    commenced_on: date
    is_utilities: bool = False
    parts: Mapping[str, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class BothWays:
    """The same estimate under what binds today and under the draft. None: no policy, or no line of law."""

    case: Case
    now: RouteResult | None
    then: RouteResult | None

    @property
    def differs(self) -> bool:
        return (self.now and self.now.route) != (self.then and self.then.route)


class Rerouter:
    """Routes estimates under the draft and under what binds its authority. Four queries however many there are."""

    def __init__(self, actor: Actor, version_id: int, today: date) -> None:
        row = version_row(actor, version_id)
        self.draft: PolicyInForce = draft_value(row, today)
        self.authority_id = row.policy.organisation_id
        self.today = today
        self.rows: list[ThresholdRow] = [threshold_row(line) for line in Threshold.objects.all()]
        try:
            self.current: PolicyInForce | None = policy_in_force(self.authority_id, today)
        except RuleBroken:
            self.current = None

    def both(self, case: Case) -> BothWays:
        return BothWays(case, self._route(case, self.current), self._route(case, self.draft))

    def _route(self, case: Case, policy: PolicyInForce | None) -> RouteResult | None:
        if policy is None:
            return None
        kind = AuthorityType.UTILITY if case.is_utilities else AuthorityType.SUB_CENTRAL
        try:
            return rules.route_for(
                category=case.category,
                estimate=case.estimate,
                commenced_on=case.commenced_on,
                policy=policy,
                thresholds=self.rows,
                authority_type=kind,
                parts=case.parts,
            )
        except RuleBroken:
            return None


@dataclass(frozen=True, slots=True)
class Examples:
    draft: PolicyInForce
    current: PolicyInForce | None
    lines: list[BothWays]

    @property
    def changed(self) -> int:
        return sum(line.differs for line in self.lines)


def example_changes(rerouter: Rerouter) -> Examples:
    """A penny under and exactly on every edge of both policies and of the law of today, for services and for works."""
    lines = [
        rerouter.both(Case(category, estimate, rerouter.today))
        for category in EXAMPLE_CATEGORIES
        for estimate in _edges(rerouter, category)
    ]
    return Examples(rerouter.draft, rerouter.current, lines)


def _edges(rerouter: Rerouter, category: str) -> Iterable[Estimate]:
    """Estimates beside every edge, lowest first; each on the VAT basis its edge is compared on."""
    edges: set[tuple[Decimal, str]] = set()
    policies = [rerouter.draft, *([rerouter.current] if rerouter.current else [])]
    for policy in policies:
        edges |= {
            (band.lower, policy.vat_basis)
            for band in policy.bands
            if band.lower is not None and band.lower > 0
        }
    try:
        line = rules.threshold_for(rerouter.rows, category=category, commenced_on=rerouter.today)
        edges.add((line.amount, line.vat_basis))
    except RuleBroken:
        pass
    for amount, basis in sorted(edges, key=lambda edge: (Estimate(*edge).net, edge[1])):
        yield Estimate(amount - PENNY, basis)
        yield Estimate(amount, basis)
