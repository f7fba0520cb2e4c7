"""The routing rule: which band of which policy a procurement falls in, held against the law of its day.

Pure: every fact is an argument. Money is pounds, rounded to the penny (half up) before it is compared, so that what
is shown is what was compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from procurement.policies.rules.estimates import Estimate, check_estimate
from procurement.policies.rules.thresholds import (
    BASIS_WORDS,
    BY_MAIN_SUBJECT,
    CATEGORY_WORDS,
    ThresholdRow,
    main_category,
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


VAT_SENTENCES = {
    "known": "",
    "unknown": " The VAT rate is not known, so 20% is used.",
    "exempt": " It is exempt from VAT, so both figures are the same.",
    "mixed": " Several VAT rates apply, so both figures are as entered.",
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
        return self.estimate.vat_kind == "unknown"

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


def as_json(result: RouteResult) -> dict[str, Any]:
    """The answer for programs. Money and percentages as text, so that nothing is lost on the way."""
    threshold = result.threshold
    return {
        "route": result.route,
        "band": result.band_name,
        "threshold": {
            "regime": threshold.regime,
            "amount": str(threshold.amount),
            "vat_basis": threshold.vat_basis,
            "effective_from": threshold.effective_from.isoformat(),
        },
        "compared_amount": str(result.compared_amount),
        "compared_basis": result.compared_basis,
        "net": str(result.net),
        "gross": str(result.gross),
        "weighting": {
            "min": str(result.weighting_min_percent),
            "max": str(result.weighting_max_percent),
            "pass_fail": result.pass_fail_allowed,
        },
        "policy": result.policy.label,
        "explanation": result.explanation,
    }


def route_for(
    *,
    category: str,
    estimate: Estimate,
    commenced_on: date,
    policy: PolicyInForce,
    thresholds: Sequence[ThresholdRow],
    authority_type: str = AuthorityType.SUB_CENTRAL,
    parts: Mapping[str, Decimal] | None = None,
) -> RouteResult:
    """Exactly one route for a valid estimate. RuleBroken, with the field to mend, for anything else.

    The band is the last one whose lower edge is reached (a band's lower edge is inclusive, its upper exclusive). An
    amount is compared on the policy's VAT basis, the statutory threshold on its own. ``parts``: what a mixed contract
    is made up of; its category must be that of its main subject.
    """
    check_estimate(estimate)
    threshold = threshold_for(
        thresholds, category=category, commenced_on=commenced_on, authority_type=authority_type
    )
    mixed = _mixed_sentence(category, parts) if parts else ""
    if not policy.bands:
        raise RuleBroken(f"{policy.label} has no bands, so no route can be decided.")
    ordered = sorted(policy.bands, key=lambda band: band.position)
    reached = [band for band in ordered[1:] if _reaches(band, estimate, policy, threshold)]
    band = reached[-1] if reached else ordered[0]
    utilities = " bought for a utility" if authority_type == AuthorityType.UTILITY else ""
    what = f"{CATEGORY_WORDS[Category(category)]}{utilities}"
    return RouteResult(
        route=band.route,
        band=band,
        policy=policy,
        threshold=threshold,
        category=category,
        commenced_on=commenced_on,
        estimate=estimate,
        compared_amount=estimate.on(threshold.vat_basis),
        explanation=_explain(band, what, estimate, commenced_on, policy, threshold) + mixed,
    )


def _reaches(
    band: Band, estimate: Estimate, policy: PolicyInForce, threshold: ThresholdRow
) -> bool:
    if band.lower_is_threshold:
        return estimate.on(threshold.vat_basis) >= threshold.amount
    return estimate.on(policy.vat_basis) >= (band.lower or Decimal(0))


def _explain(
    band: Band,
    what: str,
    estimate: Estimate,
    commenced_on: date,
    policy: PolicyInForce,
    threshold: ThresholdRow,
) -> str:
    """What a councillor reads: the figures, the line of law, the line of the policy, the consequence, the paragraph."""
    side = "at or above" if estimate.on(threshold.vat_basis) >= threshold.amount else "below"
    law = (
        f"At {_figures(estimate, threshold.vat_basis)} this procurement is {side} the "
        f"{pounds(threshold.amount)} threshold for {what} "
        f"({threshold.regime_name}, row from {uk_date(threshold.effective_from)}, "
        f"because it commenced on {uk_date(commenced_on)})"
    )
    line = _policy_line(band, policy)
    paragraph = f"{policy.bands_label}, paragraph {band.paragraph}"
    text = f"{law}{line}, so {ROUTE_WORDS[Route(band.route)]}: {paragraph}."
    if policy.bands_from:
        text += f" {policy.label}, follows that table as the regional default."
    elif policy.is_default:
        text += " It applies as the regional default."
    return text + VAT_SENTENCES[estimate.vat_kind]


def _figures(estimate: Estimate, basis: str) -> str:
    """Both figures, the one that is compared with the law first; exempt from VAT there is only one."""
    if estimate.vat_kind == "exempt":
        return pounds(estimate.net)
    other = VatBasis.EXCL if basis == VatBasis.INCL else VatBasis.INCL
    return (
        f"{pounds(estimate.on(basis))} {BASIS_WORDS[VatBasis(basis)]} "
        f"({pounds(estimate.on(other))} {BASIS_WORDS[other]})"
    )


def _policy_line(band: Band, policy: PolicyInForce) -> str:
    """The comparison with the policy's own amount, where the band has one."""
    if band.upper is not None:
        edge, side = band.upper, "below"
    elif band.lower is not None and not band.lower_is_threshold and band.lower > 0:
        edge, side = band.lower, "at or above"
    else:
        return ""
    return (
        f" and {side} the policy's line of {pounds(edge)} {BASIS_WORDS[VatBasis(policy.vat_basis)]}"
    )


def _mixed_sentence(category: str, parts: Mapping[str, Decimal]) -> str:
    """Why a mixed contract is held against this line. RuleBroken when its main subject is another."""
    main = main_category(parts)
    words = CATEGORY_WORDS[Category(main)]
    if main != category:
        raise RuleBroken(
            f"The largest part of this contract is {words}, so choose that as its category.",
            field="category",
        )
    named = sorted(parts.items(), key=lambda part: (part[0] != main, -part[1], part[0]))
    amounts = " and ".join(f"{pounds(n)} of {CATEGORY_WORDS[Category(part)]}" for part, n in named)
    return (
        f" The contract is mixed ({amounts}) and the whole counts as {words}, its main subject by value "
        f"({BY_MAIN_SUBJECT})."
    )
