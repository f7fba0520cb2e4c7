"""Two policy versions side by side, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest

from procurement.policies.rules.gates import approval_words, measures_words
from procurement.policies.rules.thresholds import BASIS_WORDS
from procurement.policies.rules.versions import Band, PolicyInForce
from procurement.policies.vocabulary import Route, ShareOf, VatBasis
from socialvalue.core.money import pounds, quantity_text
from socialvalue.core.periods import uk_date

NONE_STATED = "None stated"


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One thing two versions say. ``what`` names it; a side that says nothing shows so."""

    group: str
    what: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        return self.left != self.right

    @property
    def verdict(self) -> str:
        """Said in words, because colour alone is not read by everybody."""
        if not self.differs:
            return "The same"
        if self.left == NONE_STATED:
            return "Only on the right"
        if self.right == NONE_STATED:
            return "Only on the left"
        return "Different"


def compare(
    left: PolicyInForce, right: PolicyInForce, themes: Mapping[str, str]
) -> list[ComparedLine]:
    """Every line of both, bands and rules by their position. ``themes``: slug to name of a theme of measures."""
    lines = [
        ComparedLine(group, what, one, other)
        for (group, what, one), (_, _, other) in zip(_facts(left), _facts(right), strict=True)
    ]
    for group, what, ones, others in (
        ("Bands", "Band", _bands(left), _bands(right)),
        ("Light-touch toolkit", "Line", list(left.toolkit), list(right.toolkit)),
        ("Measures", "Rule", _measures(left, themes), _measures(right, themes)),
        ("Approvals", "Approval", _approvals(left), _approvals(right)),
    ):
        lines += [
            ComparedLine(group, f"{what} {number}", one, other)
            for number, (one, other) in enumerate(
                zip_longest(ones, others, fillvalue=NONE_STATED), start=1
            )
        ]
    return lines


def _facts(policy: PolicyInForce) -> list[tuple[str, str, str]]:
    ends = "Until another takes its place" if policy.valid_to is None else uk_date(policy.valid_to)
    review = "Not set" if policy.review_on is None else uk_date(policy.review_on)
    low, high = (
        quantity_text(n) for n in (policy.weighting_min_percent, policy.weighting_max_percent)
    )
    return [
        ("Dates", "First day", uk_date(policy.valid_from)),
        ("Dates", "Last day", ends),
        ("Dates", "Review by", review),
        ("Dates", "Decided in", policy.source),
        ("Bands", "Whose bands", policy.bands_from or "Its own"),
        ("Bands", "Amounts are", _sentence(BASIS_WORDS[VatBasis(policy.vat_basis)])),
        ("Weighting", "Range", f"{low}% to {high}%"),
        ("Weighting", "A share of", ShareOf(policy.share_of).label),
        (
            "Weighting",
            "Pass or fail",
            "Allowed instead of a weighting" if policy.pass_fail_allowed else "Not allowed",
        ),
        ("Weighting", "Paragraph", policy.weighting_paragraph or NONE_STATED),
    ]


def edge_words(band: Band) -> tuple[str, str]:
    """Where a band starts and ends, as a table shows it."""
    lower = "The statutory threshold" if band.lower_is_threshold else pounds(band.lower or 0)
    if band.upper_is_threshold:
        return lower, "the statutory threshold"
    return lower, "no upper limit" if band.upper is None else pounds(band.upper)


def _bands(policy: PolicyInForce) -> list[str]:
    return [
        f"{' to '.join(edge_words(band))}: {Route(band.route).label} (paragraph {band.paragraph}). {band.guidance}"
        for band in policy.bands
    ]


def _measures(policy: PolicyInForce, themes: Mapping[str, str]) -> list[str]:
    return [
        f"{_sentence(measures_words(rule, themes))} (paragraph {rule.paragraph})"
        for rule in policy.measure_rules
    ]


def _approvals(policy: PolicyInForce) -> list[str]:
    return [
        f"{approval_words(rule, policy.vat_basis)} (paragraph {rule.paragraph})"
        for rule in policy.approvals
    ]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
