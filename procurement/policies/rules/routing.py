"""The routing rule: which band of which policy a procurement falls in, held against the law of its day.

Pure: every fact is an argument. Money is pounds, rounded to the penny (half up) before it is compared, so that what
is shown is what was compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.policies.rules.estimates import Estimate, check_estimate
from procurement.policies.rules.thresholds import (
    BASIS_WORDS,
    CATEGORY_WORDS,
    ThresholdRow,
    threshold_for,
)
from procurement.policies.rules.versions import Band, PolicyInForce
from procurement.policies.vocabulary import AuthorityType, Category, Route, VatBasis
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import pounds, quantity_text
from socialvalue.core.periods import uk_date

ROUTE_WORDS = {
    Route.LIGHT_TOUCH: "the light-touch route applies",
    Route.TOMS_ADVISED: "measures are advised",
    Route.TOMS_MANDATORY: "measures are mandatory",
}


@dataclass(frozen=True, slots=True)
class RouteResult:
    """One answer with everything it rests on, enough to be kept and shown years later."""

    route: str
    band: Band
    policy: PolicyInForce
    threshold: ThresholdRow
    category: str
    commenced_on: date
    estimate: Estimate
    compared_amount: Decimal
    """The estimate on the threshold's own VAT basis."""
    explanation: str

    @property
    def compared_basis(self) -> str:
        return self.threshold.vat_basis

    @property
    def net(self) -> Decimal:
        return self.estimate.net

    @property
    def gross(self) -> Decimal:
        return self.estimate.gross

    @property
    def is_vat_assumed(self) -> bool:
        return self.estimate.vat_rate_percent is None

    @property
    def route_label(self) -> str:
        return Route(self.route).label

    @property
    def policy_version_id(self) -> int:
        return self.policy.version_id

    @property
    def band_id(self) -> int:
        return self.band.id

    @property
    def threshold_id(self) -> int:
        return self.threshold.id

    @property
    def band_name(self) -> str:
        return self.band.name

    @property
    def guidance(self) -> str:
        return self.band.guidance

    @property
    def weighting_min_percent(self) -> Decimal:
        return self.policy.weighting_min_percent

    @property
    def weighting_max_percent(self) -> Decimal:
        return self.policy.weighting_max_percent

    @property
    def pass_fail_allowed(self) -> bool:
        return self.policy.pass_fail_allowed

    @property
    def weighting_sentence(self) -> str:
        """``Weighting from 5% to 30%, or pass or fail``; what a light-touch purchase needs instead."""
        low, high = (
            quantity_text(n) for n in (self.weighting_min_percent, self.weighting_max_percent)
        )
        sentence = f"Social value weighting from {low}% to {high}%"
        return f"{sentence}, or pass or fail" if self.pass_fail_allowed else sentence


def route_for(
    *,
    category: str,
    estimate: Estimate,
    commenced_on: date,
    policy: PolicyInForce,
    thresholds: Sequence[ThresholdRow],
    authority_type: str = AuthorityType.SUB_CENTRAL,
) -> RouteResult:
    """Exactly one route for a valid estimate. RuleBroken, with the field to mend, for anything else.

    The band is the last one whose lower edge is reached (a band's lower edge is inclusive, its upper exclusive). An
    amount is compared on the policy's VAT basis, the statutory threshold on its own.
    """
    check_estimate(estimate)
    threshold = threshold_for(
        thresholds, category=category, commenced_on=commenced_on, authority_type=authority_type
    )
    if not policy.bands:
        raise RuleBroken(f"{policy.label} has no bands, so no route can be decided.")
    ordered = sorted(policy.bands, key=lambda band: band.position)
    reached = [band for band in ordered[1:] if _reaches(band, estimate, policy, threshold)]
    band = reached[-1] if reached else ordered[0]
    return RouteResult(
        route=band.route,
        band=band,
        policy=policy,
        threshold=threshold,
        category=category,
        commenced_on=commenced_on,
        estimate=estimate,
        compared_amount=estimate.on(threshold.vat_basis),
        explanation=_explain(band, category, estimate, commenced_on, policy, threshold),
    )


def _reaches(
    band: Band, estimate: Estimate, policy: PolicyInForce, threshold: ThresholdRow
) -> bool:
    if band.lower_is_threshold:
        return estimate.on(threshold.vat_basis) >= threshold.amount
    return estimate.on(policy.vat_basis) >= (band.lower or Decimal(0))


def _explain(
    band: Band,
    category: str,
    estimate: Estimate,
    commenced_on: date,
    policy: PolicyInForce,
    threshold: ThresholdRow,
) -> str:
    """What a councillor reads: the figure, the line of law, the line of the policy, the consequence, the paragraph."""
    shown = estimate.on(threshold.vat_basis)
    side = "at or above" if shown >= threshold.amount else "below"
    law = (
        f"At {pounds(shown)} {BASIS_WORDS[VatBasis(threshold.vat_basis)]} this procurement is {side} the "
        f"{pounds(threshold.amount)} threshold for {CATEGORY_WORDS[Category(category)]} "
        f"({threshold.regime_name}, row from {uk_date(threshold.effective_from)}, "
        f"because it commenced on {uk_date(commenced_on)})"
    )
    line = _policy_line(band, estimate, policy)
    paragraph = f"{policy.bands_label}, paragraph {band.paragraph}"
    text = f"{law}{line}, so {ROUTE_WORDS[Route(band.route)]}: {paragraph}."
    if policy.bands_from:
        text += f" {policy.label}, follows that table as the regional default."
    elif policy.is_default:
        text += " It applies as the regional default."
    if estimate.vat_rate_percent is None:
        text += " The VAT rate is not known, so 20% is used."
    return text


def _policy_line(band: Band, estimate: Estimate, policy: PolicyInForce) -> str:
    """The comparison with the policy's own amount, where the band has one."""
    if band.upper is not None:
        edge, side = band.upper, "below"
    elif band.lower is not None and not band.lower_is_threshold and band.lower > 0:
        edge, side = band.lower, "at or above"
    else:
        return ""
    shown = f"{pounds(estimate.on(policy.vat_basis))} {BASIS_WORDS[VatBasis(policy.vat_basis)]}"
    return f" and, at {shown}, {side} the policy's {pounds(edge)} line"
