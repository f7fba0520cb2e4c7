"""Which policy binds an authority on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from procurement.policies.models import (
    PolicyApproval,
    PolicyBand,
    PolicyMeasureRule,
    PolicyVersion,
)
from procurement.policies.queries.thresholds import open_on
from procurement.policies.rules import (
    ApprovalRule,
    Band,
    MeasureRule,
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
    default = default_for(authority_id, on)
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
        .prefetch_related("bands", "measure_rules", "approvals")
        .order_by("-valid_from", "-number", "-pk")
    )


def default_for(authority_id: int | None, on: date) -> PolicyVersion | None:
    """The regional default for this authority on that day."""
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
    bands_from, toolkit = "", version.toolkit
    if not bands and version.inherits_id:
        inherited = versions_on(on).filter(policy_id=version.inherits_id).first()
        if inherited is None:
            raise RuleBroken(
                f"{version} follows {version.inherits}, which was not in force on {uk_date(on)}.",
                field="commenced_on",
            )
        bands, bands_from = inherited.bands.all(), str(inherited)
        toolkit = toolkit or inherited.toolkit
    return as_value(version, bands, bands_from=bands_from, is_default=is_default, toolkit=toolkit)


def version_for_tenders(version_id: int) -> PolicyInForce:
    """What the version a decision rests on asks of a tender. Its bands have had their say. Three queries."""
    version = (
        PolicyVersion.objects.select_related("policy__organisation")
        .prefetch_related("measure_rules", "approvals")
        .get(pk=version_id)
    )
    return as_value(version, (), bands_from="", is_default=False, toolkit=version.toolkit)


def versions_with_approvals(organisation_ids: Iterable[int]) -> frozenset[int]:
    """Adopted versions of these organisations' policies and of the regional defaults that ask for an approval."""
    rows = PolicyVersion.objects.filter(
        Q(policy__organisation_id__in=organisation_ids) | Q(policy__is_regional_default=True),
        status=PolicyStatus.ADOPTED,
        approvals__isnull=False,
    )
    return frozenset(rows.values_list("pk", flat=True))


def draft_value(version: PolicyVersion, on: date) -> PolicyInForce:
    """Any version as it reads, whatever its days: bands that are followed are those of ``on``; none when none are."""
    bands: Iterable[PolicyBand] = version.bands.all()
    bands_from, toolkit = "", version.toolkit
    if not bands and version.inherits_id:
        followed = (
            versions_on(max(on, version.valid_from)).filter(policy_id=version.inherits_id).first()
        )
        if followed is not None:
            bands, bands_from = followed.bands.all(), str(followed)
            toolkit = toolkit or followed.toolkit
    return as_value(version, bands, bands_from=bands_from, is_default=False, toolkit=toolkit)


def as_value(
    version: PolicyVersion,
    bands: Iterable[PolicyBand],
    *,
    bands_from: str,
    is_default: bool,
    toolkit: str,
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
        share_of=version.share_of,
        weighting_paragraph=version.weighting_paragraph,
        toolkit=tuple(line.strip() for line in toolkit.splitlines() if line.strip()),
        measure_rules=tuple(_measure_rule(row) for row in version.measure_rules.all()),
        approvals=tuple(_approval(row) for row in version.approvals.all()),
    )


def _measure_rule(row: PolicyMeasureRule) -> MeasureRule:
    return MeasureRule(
        id=row.pk,
        kind=row.kind,
        number=row.number,
        paragraph=row.paragraph,
        theme_slug=row.theme_slug,
        codes=tuple(code for code in row.measure_codes.replace(" ", "").split(",") if code),
        from_value=row.from_value,
    )


def _approval(row: PolicyApproval) -> ApprovalRule:
    return ApprovalRule(
        id=row.pk,
        role=row.role,
        paragraph=row.paragraph,
        route=row.route,
        from_value=row.from_value,
    )


def _band(row: PolicyBand) -> Band:
    return Band(
        row.pk, row.position, row.name, row.lower, row.lower_is_threshold, row.upper,
        row.upper_is_threshold, row.route, row.paragraph, row.guidance,
    )  # fmt: skip
