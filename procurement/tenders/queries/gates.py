"""What the policy of the latest decision asks of a tender: rules on measures, approvals before publication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from procurement.policies.queries import version_for_tenders
from procurement.policies.rules import (
    ChosenMeasure,
    Estimate,
    PolicyInForce,
    approval_words,
    approvals_needed,
    measure_breaches,
    measures_words,
)
from procurement.policies.vocabulary import VatBasis
from procurement.tenders.models import Tender, TenderApproval, TenderRequirement
from procurement.tenders.queries.usable import editions_in_use, usable_breaches
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.accounts.vocabulary import Role
from toms.frameworks.queries import measure_infos, themes_of

if TYPE_CHECKING:
    from procurement.procurements.models import RouteDecision


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """One approval that this tender needs. ``given_by`` is empty while it is not given for this version."""

    rule_id: int
    role: str
    words: str
    paragraph: str
    given_by_id: int | None
    given_by: str
    given_at: datetime | None
    note: str

    @property
    def is_given(self) -> bool:
        return self.given_at is not None

    @property
    def who(self) -> str:
        """``an approver (paragraph 8)``."""
        label = Role(self.role).label.lower()
        article = "an" if label[:1] in "aeiou" else "a"
        return f"{article} {label} (paragraph {self.paragraph})"


@dataclass(frozen=True, slots=True)
class Gates:
    """``measure_rules`` in words, ``breaches`` of them by what is chosen, and the approvals."""

    measure_rules: tuple[str, ...]
    breaches: tuple[str, ...]
    approvals: tuple[ApprovalLine, ...]
    not_usable: tuple[str, ...] = ()
    """What a draft asks for that the authority does not, or no longer, lets it ask for."""

    @property
    def wanted(self) -> tuple[str, ...]:
        return tuple(line.who for line in self.approvals if not line.is_given)


def gates_of(tender: Tender, decision: RouteDecision) -> Gates:
    """No actor: the caller has shown that the tender may be seen."""
    policy = version_for_tenders(decision.policy_version_id)
    estimate = _estimate(decision)
    rules, breaches = _measures(tender, policy, estimate)
    is_draft = tender.status == TenderStatus.DRAFT
    return Gates(
        rules,
        breaches,
        _approvals(tender, policy, decision.route, estimate),
        tuple(usable_breaches(tender)) if is_draft else (),
    )


def _estimate(decision: RouteDecision) -> Estimate:
    """What was decided on, both figures as they were."""
    return Estimate(decision.net_amount, VatBasis.EXCL, None, decision.gross_amount)


def _measures(
    tender: Tender, policy: PolicyInForce, estimate: Estimate
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if not policy.measure_rules:
        return (), ()
    used = editions_in_use(tender).all
    themes = {row.slug: row.name for one in reversed(used) for row in themes_of(one.edition.id)}
    ids = TenderRequirement.objects.filter(tender=tender).values_list("measure_id", flat=True)
    chosen = [
        ChosenMeasure(info.code, info.theme_slug) for info in measure_infos(list(ids)).values()
    ]
    words = (measures_words(rule, themes) for rule in policy.measure_rules)
    return (
        tuple(f"{text[:1].upper()}{text[1:]}" for text in words),
        tuple(measure_breaches(policy, chosen, estimate, themes)),
    )


def _approvals(
    tender: Tender, policy: PolicyInForce, route: str, estimate: Estimate
) -> tuple[ApprovalLine, ...]:
    needed = approvals_needed(policy, route=route, estimate=estimate)
    if not needed:
        return ()
    rows = TenderApproval.objects.filter(tender=tender, tender_version=tender.version)
    given = {row.rule_id: row for row in rows.select_related("given_by")}
    found = []
    for rule in needed:
        row = given.get(rule.id)
        found.append(
            ApprovalLine(
                rule.id,
                rule.role,
                approval_words(rule, policy.vat_basis),
                rule.paragraph,
                row.given_by_id if row else None,
                row.given_by.full_name if row else "",
                row.given_at if row else None,
                row.note if row else "",
            )
        )
    return tuple(found)
