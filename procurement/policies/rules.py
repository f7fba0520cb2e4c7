"""The routing rule: which band of which policy a procurement falls in, held against the law of its day.

Pure: every fact is an argument. Money is pounds, rounded to the penny (half up) before it is compared, so that what
is shown is what was compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.policies.vocabulary import AuthorityType, Category, Route, VatBasis
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import MAX_POUNDS, pounds, quantity_text, round_pounds
from socialvalue.core.periods import uk_date

PROCUREMENT_ACT_STARTS = date(2025, 2, 24)
"""Procurement Act 2023: procurements that commenced before this day stay under the earlier regulations."""
ASSUMED_VAT_PERCENT = Decimal(20)
"""Used when the VAT rate is not known."""
NEW_REGIME = "PA2023"
OLD_REGIMES = ("CCR2016", "PCR2015", "PCR2006")
"""In this order: the concession regulations speak first where they have a row."""
REGIME_NAMES = {
    "PCR2006": "Public Contracts Regulations 2006",
    "PCR2015": "Public Contracts Regulations 2015",
    "CCR2016": "Concession Contracts Regulations 2016",
    "PA2023": "Procurement Act 2023",
}
CATEGORY_KEYS = {
    Category.GOODS: "goods_services",
    Category.SERVICES: "goods_services",
    Category.WORKS: "works",
    Category.LIGHT_TOUCH: "light_touch",
    Category.CONCESSION: "concession",
}
"""How the table of thresholds names a category."""
CATEGORY_WORDS = {
    Category.GOODS: "goods",
    Category.SERVICES: "services",
    Category.WORKS: "works",
    Category.LIGHT_TOUCH: "light-touch services",
    Category.CONCESSION: "concessions",
}
BASIS_WORDS = {VatBasis.EXCL: "excluding VAT", VatBasis.INCL: "including VAT"}
ROUTE_WORDS = {
    Route.LIGHT_TOUCH: "the light-touch route applies",
    Route.TOMS_ADVISED: "measures are advised",
    Route.TOMS_MANDATORY: "measures are mandatory",
}


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """One dated line of law, both days counted. ``effective_to`` None: until further notice."""

    id: int
    regime: str
    category: str
    authority_type: str
    vat_basis: str
    amount: Decimal
    effective_from: date
    effective_to: date | None
    source: str = ""
    certainty: str = ""

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )

    @property
    def regime_name(self) -> str:
        return REGIME_NAMES.get(self.regime, self.regime)


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """A stretch of days on which one row held for councils. ``effective_to`` is cut where a newer law took over."""

    row: ThresholdRow
    effective_from: date
    effective_to: date | None


@dataclass(frozen=True, slots=True)
class ThresholdHistory:
    """The line of one category through time, newest first."""

    category: str
    label: str
    lines: list[ThresholdLine]

    def on_basis(self, basis: str) -> list[ThresholdLine]:
        """Oldest first, of one VAT basis: amounts with and without VAT are never drawn as one line."""
        return [line for line in reversed(self.lines) if line.row.vat_basis == basis]


@dataclass(frozen=True, slots=True)
class Band:
    """From a lower edge (inclusive) to the next band's. An edge is an amount or the statutory threshold."""

    id: int
    position: int
    name: str
    lower: Decimal | None
    lower_is_threshold: bool
    upper: Decimal | None
    upper_is_threshold: bool
    route: str
    paragraph: str
    guidance: str


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """A policy version with the bands that apply under it on the day that was asked for."""

    version_id: int
    policy_slug: str
    policy_title: str
    organisation_name: str
    number: int
    valid_from: date
    valid_to: date | None
    review_on: date | None
    source: str
    notes: str
    vat_basis: str
    weighting_min_percent: Decimal
    weighting_max_percent: Decimal
    pass_fail_allowed: bool
    bands: tuple[Band, ...]
    bands_from: str = ""
    """Title and version of the policy that the bands come from, when they are another's."""
    is_default: bool = False
    """True when the authority has no policy of its own in force and follows the regional default."""

    @property
    def label(self) -> str:
        return f"{self.policy_title}, version {self.number}"

    @property
    def bands_label(self) -> str:
        return self.bands_from or self.label


@dataclass(frozen=True, slots=True)
class Estimate:
    """Whole-life value in pounds. ``vat_rate_percent`` None: not known, so 20 is used; 0: exempt."""

    amount: Decimal
    basis: str
    vat_rate_percent: Decimal | None = None

    @property
    def rate(self) -> Decimal:
        return ASSUMED_VAT_PERCENT if self.vat_rate_percent is None else self.vat_rate_percent

    @property
    def net(self) -> Decimal:
        """Excluding VAT, to the penny."""
        if self.basis == VatBasis.EXCL:
            return round_pounds(self.amount)
        return round_pounds(self.amount * 100 / (100 + self.rate))

    @property
    def gross(self) -> Decimal:
        """Including VAT, to the penny."""
        if self.basis == VatBasis.INCL:
            return round_pounds(self.amount)
        return round_pounds(self.amount * (100 + self.rate) / 100)

    def on(self, basis: str) -> Decimal:
        return self.net if basis == VatBasis.EXCL else self.gross


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


def check_estimate(estimate: Estimate) -> None:
    """RuleBroken unless the estimate can be routed: more than nothing, not absurd, a VAT rate of 0 to 100."""
    if not estimate.amount.is_finite() or estimate.amount <= 0:
        raise RuleBroken("The estimate must be more than £0.", field="estimate")
    if estimate.amount > MAX_POUNDS:
        raise RuleBroken(f"The estimate must be {pounds(MAX_POUNDS)} or less.", field="estimate")
    if estimate.basis not in VatBasis.values:
        raise RuleBroken("Say whether the estimate includes VAT.", field="estimate_basis")
    rate = estimate.vat_rate_percent
    if rate is not None and not (rate.is_finite() and 0 <= rate <= 100):
        raise RuleBroken("The VAT rate must be from 0% to 100%.", field="vat_rate_percent")


def regimes_on(commenced_on: date) -> tuple[str, ...]:
    """The bodies of law that may hold for a procurement that commenced on this day, the most special first."""
    return (NEW_REGIME,) if commenced_on >= PROCUREMENT_ACT_STARTS else OLD_REGIMES


def threshold_for(
    rows: Iterable[ThresholdRow],
    *,
    category: str,
    commenced_on: date,
    authority_type: str = AuthorityType.SUB_CENTRAL,
) -> ThresholdRow:
    """The one row that holds for this category and kind of authority on the day the procurement commenced.

    RuleBroken (field ``commenced_on``) when the table has none: a date outside it is never guessed.
    """
    if category not in CATEGORY_KEYS:
        raise RuleBroken(
            "Choose goods, services, works, light-touch services or a concession.", field="category"
        )
    key = CATEGORY_KEYS[Category(category)]
    fitting = [
        row
        for row in rows
        if row.category == key
        and row.authority_type in (authority_type, "any")
        and row.holds_on(commenced_on)
    ]
    for regime in regimes_on(commenced_on):
        for wanted in (authority_type, "any"):
            for row in fitting:
                if row.regime == regime and row.authority_type == wanted:
                    return row
    raise RuleBroken(
        f"There is no statutory threshold for {CATEGORY_WORDS[Category(category)]} on {uk_date(commenced_on)} "
        "in the table. Check the date on which the procurement commenced.",
        field="commenced_on",
    )


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
