"""A policy version as a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Max

from procurement.policies import rules
from procurement.policies.models import Policy, PolicyVersion
from procurement.policies.queries.drafts import theme_names
from procurement.policies.queries.shown import (
    RuleWords,
    approval_rule_words,
    measure_rule_words,
)
from procurement.policies.queries.thresholds import council_thresholds_on
from procurement.policies.queries.versions import (
    default_for,
    in_force,
    policy_in_force,
    versions_on,
)
from procurement.policies.rules import (
    Band,
    PolicyInForce,
    ThresholdRow,
)
from procurement.policies.vocabulary import PolicyStatus, VatBasis
from socialvalue.accounts import queries as accounts
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import pounds


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
class Bound:
    """An authority that this version binds, since when, and why."""

    name: str
    since: date
    why: str
    by_reference: bool = False


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
    bound: list[Bound]
    measure_rules: list[RuleWords]
    approvals: list[RuleWords]
    thresholds: list[ThresholdRow]
    versions: list[VersionLine]
    notes: list[str]
    version_id: int
    default_version_id: int | None
    """The regional default to compare it with; None when it is that itself."""
    is_review_overdue: bool

    @property
    def applies_to(self) -> list[str]:
        """Names only; those who follow by reference have a version of their own and are left out."""
        return [row.name for row in self.bound if not row.by_reference]


def current_policy_page(authority_id: int | None, on: date) -> PolicyPage:
    """The policy an authority is bound by on this day. RuleBroken when there is none."""
    return _page(policy_in_force(authority_id, on), on, on)


def policy_version_page(policy_slug: str, number: int, today: date) -> PolicyPage:
    """One adopted version, as on its last day or today. NotVisible when there is none."""
    version = (
        PolicyVersion.objects.filter(
            policy__slug=policy_slug, number=number, status=PolicyStatus.ADOPTED
        )
        .select_related("policy__organisation", "inherits")
        .prefetch_related("bands", "measure_rules", "approvals")
        .first()
    )
    if version is None:
        raise NotVisible
    on = max(version.valid_from, min(today, version.valid_to or today))
    return _page(in_force(version, on, is_default=False), on, today)


def _owner_of(policy: PolicyInForce) -> int | None:
    found = Policy.objects.filter(slug=policy.policy_slug)
    return found.values_list("organisation_id", flat=True).first()


def _page(policy: PolicyInForce, on: date, today: date) -> PolicyPage:
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
        bound=_bound(policy, on),
        measure_rules=measure_rule_words(policy, theme_names(on, _owner_of(policy))),
        approvals=approval_rule_words(policy),
        thresholds=council_thresholds_on(on),
        versions=versions,
        notes=[line for line in policy.notes.split("\n") if line],
        version_id=policy.version_id,
        default_version_id=_default_beside(policy, on),
        is_review_overdue=policy.review_on is not None
        and policy.review_on < today
        and (policy.valid_to is None or today <= policy.valid_to),
    )


def _default_beside(policy: PolicyInForce, on: date) -> int | None:
    owner = Policy.objects.filter(slug=policy.policy_slug).values_list("organisation_id", flat=True)
    default = default_for(owner.get(), on)
    return default.pk if default is not None and default.pk != policy.version_id else None


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


def _bound(policy: PolicyInForce, on: date) -> list[Bound]:
    """The owner; for a regional default also every authority of the region without a policy of its own that day, and
    those whose own policy follows this table by reference."""
    owner = Policy.objects.select_related("organisation").get(slug=policy.policy_slug)
    found = [Bound(owner.organisation.name, policy.valid_from, "Its own policy")]
    region = accounts.region_of(owner.organisation_id, on) if owner.is_regional_default else None
    if region is not None and region.lead_id == owner.organisation_id:
        found += _members(policy, region.pk, on)
    followers = versions_on(on).filter(inherits=owner, bands__isnull=True)
    return found + [
        Bound(
            row.policy.organisation.name,
            max(row.valid_from, policy.valid_from),
            f"By reference: {row}, follows this table",
            by_reference=True,
        )
        for row in followers
    ]


def _members(policy: PolicyInForce, region_id: int, on: date) -> list[Bound]:
    have_own = set(versions_on(on).values_list("policy__organisation_id", flat=True))
    members = [
        member
        for member in accounts.members_of(region_id, on, on)
        if not member.is_lead and member.organisation_id not in have_own
    ]
    ended = dict(
        PolicyVersion.objects.filter(
            status=PolicyStatus.ADOPTED,
            policy__organisation_id__in=[member.organisation_id for member in members],
            valid_to__lt=on,
        )
        .order_by()
        .values_list("policy__organisation_id")
        .annotate(last=Max("valid_to"))
    )
    return [
        Bound(
            member.name,
            max(policy.valid_from, member.from_on, *_day_after(ended.get(member.organisation_id))),
            "A member of the region without a policy of its own",
        )
        for member in members
    ]


def _day_after(day: date | None) -> list[date]:
    return [] if day is None else [day + timedelta(days=1)]
