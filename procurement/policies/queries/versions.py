"""Which policy binds an authority on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from procurement.policies.models import PolicyBand, PolicyVersion
from procurement.policies.queries.thresholds import open_on
from procurement.policies.rules import (
    Band,
    PolicyInForce,
)
from procurement.policies.vocabulary import PolicyStatus
from socialvalue.accounts import queries as accounts
from socialvalue.core.errors import RuleBroken
from socialvalue.core.periods import uk_date


def policy_in_force(authority_id: int | None, on: date) -> PolicyInForce:
    """The version an authority is bound by on this day, with its bands. RuleBroken when there is none.

    Its own policy comes first; then the default of its region on that day; then, for an authority outside every region,
    the only regional default there is.
    """
    own = (
        versions_on(on).filter(policy__organisation_id=authority_id).first()
        if authority_id
        else None
    )
    if own is not None:
        return in_force(own, on, is_default=False)
    default = _default_for(authority_id, on)
    if default is None:
        raise RuleBroken(
            f"No social value policy was in force on {uk_date(on)}. "
            "Check the date on which the procurement commenced.",
            field="commenced_on",
        )
    return in_force(default, on, is_default=True)


def versions_on(day: date) -> QuerySet[PolicyVersion]:
    return (
        PolicyVersion.objects.filter(status=PolicyStatus.ADOPTED, valid_from__lte=day)
        .filter(open_on(day, "valid_to"))
        .select_related("policy__organisation", "inherits")
        .prefetch_related("bands")
        .order_by("-valid_from", "-number", "-pk")
    )


def _default_for(authority_id: int | None, on: date) -> PolicyVersion | None:
    defaults = list(versions_on(on).filter(policy__is_regional_default=True))
    region = accounts.region_of(authority_id, on) if authority_id else None
    if region is not None:
        for version in defaults:
            if version.policy.organisation_id == region.lead_id:
                return version
    policies = {version.policy_id for version in defaults}
    return defaults[0] if len(policies) == 1 else None


def in_force(version: PolicyVersion, on: date, *, is_default: bool) -> PolicyInForce:
    bands: Iterable[PolicyBand] = version.bands.all()
    bands_from = ""
    if not bands and version.inherits_id:
        inherited = versions_on(on).filter(policy_id=version.inherits_id).first()
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
