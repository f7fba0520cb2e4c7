"""Policies and thresholds. Everyone on the buyer side may read them, so most questions need no actor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from procurement.policies import rules
from procurement.policies.models import Policy, PolicyBand, PolicyVersion, Threshold
from procurement.policies.rules import (
    Band,
    Estimate,
    PolicyInForce,
    RouteResult,
    ThresholdHistory,
    ThresholdLine,
    ThresholdRow,
)
from procurement.policies.vocabulary import AuthorityType, Category, PolicyStatus, VatBasis
from socialvalue.accounts import queries as accounts
from socialvalue.core.errors import NotVisible, RuleBroken
from socialvalue.core.money import pounds
from socialvalue.core.periods import uk_date


def decide(
    *,
    authority_id: int | None,
    category: str,
    amount: Decimal,
    basis: str,
    vat_rate_percent: Decimal | None,
    commenced_on: date,
) -> RouteResult:
    """The route of such a procurement, with all it rests on. RuleBroken names the field to mend.

    The same for page, command and import: tables read here, the rule itself in ``rules.route_for``.
    """
    estimate = Estimate(amount, basis, vat_rate_percent)
    rules.check_estimate(estimate)
    rows = thresholds_on(commenced_on)
    # Asked first: a date outside the table of law is the plainer thing to mend.
    rules.threshold_for(rows, category=category, commenced_on=commenced_on)
    return rules.route_for(
        category=category,
        estimate=estimate,
        commenced_on=commenced_on,
        policy=policy_in_force(authority_id, commenced_on),
        thresholds=rows,
    )


def thresholds_on(day: date) -> list[ThresholdRow]:
    """Every row that holds on this day, of every regime."""
    rows = Threshold.objects.filter(effective_from__lte=day).filter(_open_on(day, "effective_to"))
    return [_threshold_row(row) for row in rows]


def _open_on(day: date, field: str) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": day})


def _threshold_row(row: Threshold) -> ThresholdRow:
    return ThresholdRow(
        row.pk, row.regime, row.category, row.authority_type, row.vat_basis, row.amount,
        row.effective_from, row.effective_to, row.source, row.certainty,
    )  # fmt: skip


def policy_in_force(authority_id: int | None, on: date) -> PolicyInForce:
    """The version an authority is bound by on this day, with its bands. RuleBroken when there is none.

    Its own policy comes first; then the default of its region on that day; then, for an authority outside every region,
    the only regional default there is.
    """
    own = (
        _versions_on(on).filter(policy__organisation_id=authority_id).first()
        if authority_id
        else None
    )
    if own is not None:
        return _in_force(own, on, is_default=False)
    default = _default_for(authority_id, on)
    if default is None:
        raise RuleBroken(
            f"No social value policy was in force on {uk_date(on)}. "
            "Check the date on which the procurement commenced.",
            field="commenced_on",
        )
    return _in_force(default, on, is_default=True)


def _versions_on(day: date) -> QuerySet[PolicyVersion]:
    return (
        PolicyVersion.objects.filter(status=PolicyStatus.ADOPTED, valid_from__lte=day)
        .filter(_open_on(day, "valid_to"))
        .select_related("policy__organisation", "inherits")
        .prefetch_related("bands")
        .order_by("-valid_from", "-number", "-pk")
    )


def _default_for(authority_id: int | None, on: date) -> PolicyVersion | None:
    defaults = list(_versions_on(on).filter(policy__is_regional_default=True))
    region = accounts.region_of(authority_id, on) if authority_id else None
    if region is not None:
        for version in defaults:
            if version.policy.organisation_id == region.lead_id:
                return version
    policies = {version.policy_id for version in defaults}
    return defaults[0] if len(policies) == 1 else None


def _in_force(version: PolicyVersion, on: date, *, is_default: bool) -> PolicyInForce:
    bands: Iterable[PolicyBand] = version.bands.all()
    bands_from = ""
    if not bands and version.inherits_id:
        inherited = _versions_on(on).filter(policy_id=version.inherits_id).first()
        if inherited is None:
            raise RuleBroken(
                f"{version} follows {version.inherits}, which was not in force on {uk_date(on)}.",
                field="commenced_on",
            )
        bands, bands_from = inherited.bands.all(), str(inherited)
    return _as_value(version, bands, bands_from, is_default)


def _as_value(
    version: PolicyVersion, bands: Iterable[PolicyBand], bands_from: str, is_default: bool
) -> PolicyInForce:
    return PolicyInForce(
        version_id=version.pk,
        policy_slug=version.policy.slug,
        policy_title=version.policy.title,
        organisation_name=version.policy.organisation.name,
        number=version.number,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        review_on=version.review_on,
        source=version.source,
        notes=version.notes,
        vat_basis=version.vat_basis,
        weighting_min_percent=version.weighting_min_percent,
        weighting_max_percent=version.weighting_max_percent,
        pass_fail_allowed=version.pass_fail_allowed,
        bands=tuple(_band(band) for band in bands),
        bands_from=bands_from,
        is_default=is_default,
    )


def _band(row: PolicyBand) -> Band:
    return Band(
        row.pk, row.position, row.name, row.lower, row.lower_is_threshold, row.upper,
        row.upper_is_threshold, row.route, row.paragraph, row.guidance,
    )  # fmt: skip


# --- pages ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BandLine:
    """A band as the table shows it."""

    name: str
    lower: str
    upper: str
    route: str
    paragraph: str
    guidance: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    number: int
    valid_from: date
    valid_to: date | None
    slug: str


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """One version as a page: its bands, whom it binds, the law of the day beside it."""

    policy: PolicyInForce
    on: date
    bands: list[BandLine]
    applies_to: list[str]
    thresholds: list[ThresholdRow]
    versions: list[VersionLine]
    notes: list[str]


def current_policy_page(authority_id: int | None, on: date) -> PolicyPage:
    """The policy an authority is bound by on this day. RuleBroken when there is none."""
    return _page(policy_in_force(authority_id, on), on)


def policy_version_page(policy_slug: str, number: int, today: date) -> PolicyPage:
    """One adopted version, as on its last day or today. NotVisible when there is none."""
    version = (
        PolicyVersion.objects.filter(
            policy__slug=policy_slug, number=number, status=PolicyStatus.ADOPTED
        )
        .select_related("policy__organisation", "inherits")
        .prefetch_related("bands")
        .first()
    )
    if version is None:
        raise NotVisible
    on = max(version.valid_from, min(today, version.valid_to or today))
    return _page(_in_force(version, on, is_default=False), on)


def _page(policy: PolicyInForce, on: date) -> PolicyPage:
    rows = PolicyVersion.objects.filter(
        policy__slug=policy.policy_slug, status=PolicyStatus.ADOPTED
    )
    versions = [
        VersionLine(row.number, row.valid_from, row.valid_to, policy.policy_slug)
        for row in rows.order_by("-number")
    ]
    return PolicyPage(
        policy=policy,
        on=on,
        bands=[_band_line(band, policy) for band in policy.bands],
        applies_to=_applies_to(policy, on),
        thresholds=council_thresholds_on(on),
        versions=versions,
        notes=[line for line in policy.notes.split("\n") if line],
    )


def _band_line(band: Band, policy: PolicyInForce) -> BandLine:
    return BandLine(
        band.name,
        _edge(band.lower, band.lower_is_threshold, policy, nothing="£0"),
        _edge(band.upper, band.upper_is_threshold, policy, nothing="No upper limit"),
        band.route,
        band.paragraph,
        band.guidance,
    )


def _edge(
    amount: Decimal | None, is_threshold: bool, policy: PolicyInForce, *, nothing: str
) -> str:
    if is_threshold:
        return "The statutory threshold"
    if not amount:
        return nothing
    return f"{pounds(amount)} {rules.BASIS_WORDS[VatBasis(policy.vat_basis)]}"


def _applies_to(policy: PolicyInForce, on: date) -> list[str]:
    """The owner; for a regional default also every authority of the region that has no policy of its own that day."""
    owner = Policy.objects.select_related("organisation").get(slug=policy.policy_slug)
    names = [owner.organisation.name]
    region = accounts.region_of(owner.organisation_id, on) if owner.is_regional_default else None
    if region is None or region.lead_id != owner.organisation_id:
        return names
    have_own = set(_versions_on(on).values_list("policy__organisation_id", flat=True))
    members = accounts.members_of(region.pk, on, on)
    return names + [m.name for m in members if not m.is_lead and m.organisation_id not in have_own]


def council_thresholds_on(day: date) -> list[ThresholdRow]:
    """The lines that hold for a council on this day, one a category where the table has one."""
    rows = thresholds_on(day)
    found = []
    for category in (Category.SERVICES, Category.WORKS, Category.LIGHT_TOUCH, Category.CONCESSION):
        try:
            found.append(rules.threshold_for(rows, category=category, commenced_on=day))
        except RuleBroken:
            continue
    return found


def threshold_histories() -> list[ThresholdHistory]:
    """What held for councils, category by category."""
    rows = [_threshold_row(row) for row in Threshold.objects.order_by("-effective_from", "-pk")]
    labels = {
        Category.SERVICES: "Goods and services",
        Category.WORKS: "Works",
        Category.LIGHT_TOUCH: "Light-touch services",
        Category.CONCESSION: "Concessions",
    }
    return [
        ThresholdHistory(category, label, _lines(rows, category))
        for category, label in labels.items()
    ]


def _lines(rows: list[ThresholdRow], category: Category) -> list[ThresholdLine]:
    key = rules.CATEGORY_KEYS[category]
    lines = []
    for row in rows:
        if row.category != key or row.authority_type not in (AuthorityType.SUB_CENTRAL, "any"):
            continue
        ends = row.effective_to
        if row.regime != rules.NEW_REGIME:
            last_old = rules.PROCUREMENT_ACT_STARTS - timedelta(days=1)
            ends = last_old if ends is None else min(ends, last_old)
        if ends is None or ends >= row.effective_from:
            lines.append(ThresholdLine(row, row.effective_from, ends))
    return lines
