"""What stands between a tender and its publication. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.policies.vocabulary import Route, ShareOf
from procurement.procurements.rules import MISSING as CONSIDERATION_MISSING
from procurement.tenders.rules.asking import (
    HUNDRED,
    WeightingRange,
    check_scoring,
    measure_weights_sentence,
    plain,
    weights_sentence,
)
from procurement.tenders.vocabulary import Formula, TieRule, WeightingKind
from socialvalue.core.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to do before publication, and the page that does it."""

    label: str
    url_name: str


@dataclass(frozen=True, slots=True)
class TenderFacts:
    """What the publication check looks at."""

    route: str
    measure_count: int
    weighting_kind: str
    weighting_percent: Decimal | None
    quantitative_percent: Decimal
    allowed: WeightingRange
    question_weights: tuple[Decimal, ...]
    """Of those that are marked."""
    invited_count: int
    lacks_consideration: bool = False
    """The Social Value Act asks for a record of what was considered, and there is none."""
    share_of: str = ShareOf.TOTAL
    """What the tender's own weighting is a share of."""
    quality_percent: Decimal | None = None
    no_measures_reason: str = ""
    measure_breaches: tuple[str, ...] = ()
    """The policy's rules on measures that the choice breaks, in words."""
    not_usable: tuple[str, ...] = ()
    """Measures chosen that are no longer in use, or too many of them, in words. No reason gets past these."""
    approvals_wanted: tuple[str, ...] = ()
    """Who still has to say yes to this version of the tender."""
    formula: str = Formula.SHARE_OF_HIGHEST
    target_value: Decimal | None = None
    tie_rule: str = TieRule.SHARED
    measure_weights: tuple[tuple[str, Decimal | None], ...] = ()
    """By measure, where each may be scored by itself."""


def missing_from(facts: TenderFacts) -> list[Missing]:
    """Everything that stands between this tender and its publication, in the order of the pages."""
    return [
        *_consideration_missing(facts),
        *(Missing(text, "procurement:tenders:measures") for text in facts.not_usable),
        *_measures_missing(facts),
        *_weights_missing(facts),
        *_scoring_missing(facts),
        *_rest_missing(facts),
        *_approvals_missing(facts),
    ]


def _consideration_missing(facts: TenderFacts) -> list[Missing]:
    if not facts.lacks_consideration:
        return []
    return [Missing(CONSIDERATION_MISSING, "procurement:procurements:consideration")]


def _measures_missing(facts: TenderFacts) -> list[Missing]:
    """Mandatory: measures, and the policy's rules on them. Advised: the same, or a written reason."""
    if facts.route == Route.TOMS_MANDATORY:
        if not facts.measure_count:
            why = "the route makes measures mandatory"
            return [Missing(f"Choose measures: {why}", "procurement:tenders:measures")]
        return [Missing(text, "procurement:tenders:measures") for text in facts.measure_breaches]
    if facts.no_measures_reason.strip():
        return []
    if not facts.measure_count:
        text = "Choose measures, or write down why the tender asks for none"
        return [Missing(text, "procurement:tenders:measures")]
    return [
        Missing(f"{text} Or write down why not.", "procurement:tenders:why_not")
        for text in facts.measure_breaches
    ]


def _weights_missing(facts: TenderFacts) -> list[Missing]:
    wrong = measure_weights_sentence(
        facts.measure_weights, kind=facts.weighting_kind, formula=facts.formula
    )
    return [Missing(f"Measures: {wrong}", "procurement:tenders:details")] if wrong else []


def _scoring_missing(facts: TenderFacts) -> list[Missing]:
    if not facts.weighting_kind:
        return [Missing("Set the weighting, or pass or fail", "procurement:tenders:scoring")]
    is_weighted = facts.weighting_kind == WeightingKind.WEIGHTED
    if is_weighted and facts.share_of != facts.allowed.share_of:
        text = (
            "Set the scoring again: the policy that applies now takes the weighting as a share of "
        )
        share = ShareOf(facts.allowed.share_of).label.lower()
        return [Missing(text + share, "procurement:tenders:scoring")]
    if is_weighted and _asks_for_none(facts) and facts.quantitative_percent:
        text = "Set the share for quantities to 0%: no measures are asked for"
        return [Missing(text, "procurement:tenders:scoring")]
    try:
        check_scoring(
            allowed=facts.allowed,
            kind=facts.weighting_kind,
            percent=facts.weighting_percent,
            quantitative_percent=facts.quantitative_percent,
            quality_percent=facts.quality_percent,
            formula=facts.formula,
            target_value=facts.target_value,
            tie_rule=facts.tie_rule,
        )
    except RuleBroken as error:
        return [Missing(error.message, "procurement:tenders:scoring")]
    return []


def _asks_for_none(facts: TenderFacts) -> bool:
    is_advised = facts.route != Route.TOMS_MANDATORY
    return is_advised and not facts.measure_count and bool(facts.no_measures_reason.strip())


def _rest_missing(facts: TenderFacts) -> list[Missing]:
    found = []
    is_scored_by_words = (
        facts.weighting_kind == WeightingKind.WEIGHTED and facts.quantitative_percent < HUNDRED
    )
    wrong = weights_sentence(facts.question_weights)
    if wrong:
        found.append(Missing(wrong, "procurement:tenders:questions"))
    elif not facts.question_weights and is_scored_by_words:
        share = plain(HUNDRED - facts.quantitative_percent)
        found.append(
            Missing(
                f"Write at least one question with a weight: {share}% of the social value score is "
                "for answers in words",
                "procurement:tenders:questions",
            )
        )
    if not facts.invited_count:
        found.append(Missing("Invite at least one supplier", "procurement:tenders:suppliers"))
    return found


def _approvals_missing(facts: TenderFacts) -> list[Missing]:
    return [
        Missing(f"Wait for the approval of {who}", "procurement:tenders:approve")
        for who in facts.approvals_wanted
    ]


def lacks_only_approval(missing: Sequence[Missing]) -> bool:
    """Nothing is left to write: whoever approves now approves what will be published."""
    return all(row.url_name == "procurement:tenders:approve" for row in missing)
