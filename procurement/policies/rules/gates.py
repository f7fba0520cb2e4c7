"""What a policy asks of a tender beyond its route: measures to choose, people to approve. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.policies.rules.estimates import Estimate
from procurement.policies.rules.thresholds import BASIS_WORDS
from procurement.policies.rules.versions import ApprovalRule, MeasureRule, PolicyInForce
from procurement.policies.vocabulary import MeasureRuleKind, Route, VatBasis
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.money import pounds


@dataclass(frozen=True, slots=True)
class ChosenMeasure:
    """A measure a tender asks for, as far as a policy's rules look at it."""

    code: str
    theme_slug: str


def measures_words(rule: MeasureRule, themes: Mapping[str, str]) -> str:
    """``at least 1 measure of the theme Skills, at or above £100,000``. ``themes``: slug to name."""
    noun = "measure" if rule.number == 1 else "measures"
    text = f"{MeasureRuleKind(rule.kind).label.lower()} {rule.number} {noun}"
    if rule.codes:
        text += f" out of {', '.join(rule.codes)}" if len(rule.codes) > 1 else f": {rule.codes[0]}"
    elif rule.theme_slug:
        text += f" of the theme {themes.get(rule.theme_slug, rule.theme_slug)}"
    if rule.from_value is not None:
        text += f", at or above {pounds(rule.from_value)}"
    return text


def measure_breaches(
    policy: PolicyInForce,
    chosen: Sequence[ChosenMeasure],
    estimate: Estimate,
    themes: Mapping[str, str],
) -> list[str]:
    """A sentence for every rule on measures that this choice breaks, citing the paragraph."""
    found = []
    for rule in policy.measure_rules:
        if not _holds(rule.from_value, policy.vat_basis, estimate):
            continue
        many = sum(_fits(rule, measure) for measure in chosen)
        if rule.kind == MeasureRuleKind.AT_MOST and many > rule.number:
            mend = f"{many} are chosen. Take {many - rule.number} away"
        elif rule.kind == MeasureRuleKind.AT_LEAST and many < rule.number:
            mend = (
                f"{many or 'none'} {'is' if many == 1 else 'are'} chosen. Add {rule.number - many}"
            )
        else:
            continue
        found.append(
            f"The policy asks for {measures_words(rule, themes)} ({policy.label}, paragraph {rule.paragraph}); {mend}."
        )
    return found


def _holds(from_value: Decimal | None, basis: str, estimate: Estimate) -> bool:
    return from_value is None or estimate.on(basis) >= from_value


def _fits(rule: MeasureRule, measure: ChosenMeasure) -> bool:
    if rule.codes:
        return measure.code in rule.codes
    return not rule.theme_slug or measure.theme_slug == rule.theme_slug


def approvals_needed(
    policy: PolicyInForce, *, route: str, estimate: Estimate
) -> list[ApprovalRule]:
    """Whose approval a tender of this route and estimate needs before it is published."""
    return [
        rule
        for rule in policy.approvals
        if route != Route.LIGHT_TOUCH
        and rule.route in ("", route)
        and _holds(rule.from_value, policy.vat_basis, estimate)
    ]


def approval_words(rule: ApprovalRule, basis: str) -> str:
    """``Approver, on the route TOMs mandatory, at or above £500,000 excluding VAT``."""
    text = Role(rule.role).label
    if rule.route:
        text += f", on the route {Route(rule.route).label}"
    if rule.from_value is not None:
        text += f", at or above {pounds(rule.from_value)} {BASIS_WORDS[VatBasis(basis)]}"
    return text


def whole_percent(
    percent: Decimal | None, *, is_share_of_quality: bool, quality_percent: Decimal | None
) -> Decimal | None:
    """The weighting as a share of the whole award: 20% of a quality score worth 60% is 12%."""
    if percent is None or not is_share_of_quality:
        return percent
    if quality_percent is None:
        return None
    return percent * quality_percent / 100
