"""A policy version as a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.policies import rules
from procurement.policies.models import Policy, PolicyVersion
from procurement.policies.queries.thresholds import council_thresholds_on
from procurement.policies.queries.versions import in_force, policy_in_force, versions_on
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
    return _page(in_force(version, on, is_default=False), on)


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
    have_own = set(versions_on(on).values_list("policy__organisation_id", flat=True))
    members = accounts.members_of(region.pk, on, on)
    return names + [m.name for m in members if not m.is_lead and m.organisation_id not in have_own]
