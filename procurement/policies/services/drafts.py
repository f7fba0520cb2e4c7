"""Changing a draft part by part. What is proposed or adopted is never touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model

from procurement.policies.models import (
    PolicyApproval,
    PolicyBand,
    PolicyMeasureRule,
    PolicyVersion,
)
from procurement.policies.queries import default_for, measure_codes, theme_names
from procurement.policies.rules import (
    ApprovalInput,
    BandInput,
    MeasureRuleInput,
    check_bands,
    check_dates,
    check_measure_rules,
    check_weighting,
    toolkit_lines,
)
from procurement.policies.services.holding import hold_draft, note, save
from procurement.policies.vocabulary import (
    MeasureRuleKind,
    PolicyDeed,
    PolicyStatus,
    Route,
    ShareOf,
    VatBasis,
)
from socialvalue.accounts.rules import may
from socialvalue.accounts.vocabulary import Deed, Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import pounds
from socialvalue.core.periods import uk_date

LABELS = {
    "valid_from": "First day",
    "valid_to": "Last day",
    "review_on": "Review by",
    "source": "Decided in",
    "weighting_min_percent": "Lowest weighting",
    "weighting_max_percent": "Highest weighting",
    "pass_fail_allowed": "Pass or fail",
    "share_of": "A share of",
    "weighting_paragraph": "Paragraph",
    "vat_basis": "Amounts are",
    "toolkit": "Toolkit",
}


def _changed(sent: Mapping[str, Any]) -> Callable[[PolicyVersion], dict[str, tuple[str, str]]]:
    words: dict[str, Callable[[Any], str]] = {
        "pass_fail_allowed": lambda value: "Allowed" if value else "Not allowed",
        "share_of": lambda value: ShareOf(value).label,
        "vat_basis": lambda value: VatBasis(value).label,
    }
    return lambda now: differences(
        LABELS, {name: getattr(now, name) for name in LABELS}, sent, words=words
    )


def _change(
    actor: Actor, version: PolicyVersion, what: str, sent: Mapping[str, Any]
) -> PolicyVersion:
    before = {name: str(getattr(version, name)) for name in sent}
    version = save(version, **sent)
    after = {name: str(getattr(version, name)) for name in sent}
    if before != after:
        note(
            actor,
            PolicyDeed.POLICY_CHANGED,
            f"{version}: {what} changed.",
            version,
            {name: value for name, value in before.items() if after[name] != value},
            {name: value for name, value in after.items() if before[name] != value},
        )
    return version


@dataclass(frozen=True, slots=True)
class _Rows:
    """A list that a version states whole: bands, rules on measures, approvals."""

    related: str
    what: str
    noun: str
    model: type[Model]
    words: Callable[[Any], str]

    def now(self, version: PolicyVersion) -> list[str]:
        return [self.words(row) for row in getattr(version, self.related).all()]

    def changed(self, sent: Sequence[Any]) -> Callable[[PolicyVersion], dict[str, tuple[str, str]]]:
        """What differs from what is stored, row by row, for somebody who saves over another's change."""
        mine = [self.words(row) for row in sent]

        def differing(version: PolicyVersion) -> dict[str, tuple[str, str]]:
            stored = self.now(version)
            labels = {n: f"{self.noun} {n + 1}" for n in range(max(len(stored), len(mine)))}
            typed: dict[int, str | None] = dict.fromkeys(labels) | dict(enumerate(mine))
            return differences(labels, dict(enumerate(stored)), typed)

        return differing

    def replace(
        self,
        actor: Actor,
        version: PolicyVersion,
        sent: Sequence[Any],
        rows: Iterable[Model],
        **more: Any,
    ) -> PolicyVersion:
        """State exactly these rows; ``more`` changes on the version with them. Noted when anything differs."""
        before, after = self.now(version), [self.words(row) for row in sent]
        getattr(version, self.related).all().delete()
        self.model._default_manager.bulk_create(rows)
        version = save(version, **more)
        if before != after:
            note(
                actor,
                PolicyDeed.POLICY_CHANGED,
                f"{version}: the {self.what} were changed.",
                version,
                {self.what: before},
                {self.what: after},
            )
        return version


@transaction.atomic
def set_dates(
    *,
    actor: Actor,
    version_id: int,
    expected_lock: int,
    valid_from: date,
    valid_to: date | None,
    review_on: date | None,
    source: str,
) -> PolicyVersion:
    """From when to when it is meant to apply, when it is looked at again, and where it was decided."""
    sent = {
        "valid_from": valid_from,
        "valid_to": valid_to,
        "review_on": review_on,
        "source": source.strip(),
    }
    version = hold_draft(actor, version_id, expected_lock, _changed(sent))
    check_dates(valid_from, valid_to, review_on)
    check_follows_the_last(version.policy_id, valid_from)
    return _change(actor, version, "the dates were", sent)


def check_follows_the_last(policy_id: int, valid_from: date) -> None:
    """RuleBroken unless the version starts after every adopted one: history is not written anew."""
    last = (
        PolicyVersion.objects.filter(policy_id=policy_id, status=PolicyStatus.ADOPTED)
        .order_by("-valid_from")
        .first()
    )
    if last is not None and valid_from <= last.valid_from:
        raise RuleBroken(
            f"Version {last.number} starts on {uk_date(last.valid_from)}. This one must start later.",
            field="valid_from",
        )


@transaction.atomic
def set_whose_bands(
    *, actor: Actor, version_id: int, expected_lock: int, follow: bool
) -> PolicyVersion:
    """Follow the regional table by reference, or state bands of its own. Bands that were stated go when it follows."""
    version = hold_draft(actor, version_id, expected_lock)
    if not follow:
        if version.inherits_id is None:
            return version
        return _change(actor, version, "whose bands apply was", {"inherits_id": None})
    default = default_for(version.policy.organisation_id, clock.today())
    if default is None or default.policy_id == version.policy_id:
        raise RuleBroken(
            "There is no regional table to follow. State bands of your own.", field="whose"
        )
    version.bands.all().delete()
    sent = {"inherits_id": default.policy_id, "vat_basis": default.vat_basis}
    return _change(actor, version, "whose bands apply was", sent)


@transaction.atomic
def set_vat_basis(
    *, actor: Actor, version_id: int, expected_lock: int, vat_basis: str
) -> PolicyVersion:
    """Whether the policy's own amounts include VAT. A version that follows another has the basis of that one."""
    sent = {"vat_basis": vat_basis}
    version = hold_draft(actor, version_id, expected_lock, _changed(sent))
    if vat_basis not in VatBasis.values:
        raise RuleBroken("Select whether the amounts include VAT.", field="vat_basis")
    if version.inherits_id is not None:
        raise RuleBroken("The amounts are those of the policy this version follows.")
    return _change(actor, version, "the VAT basis was", sent)


@transaction.atomic
def set_bands(
    *,
    actor: Actor,
    version_id: int,
    expected_lock: int,
    bands: Sequence[BandInput],
) -> PolicyVersion:
    """State exactly these bands, in this order. RuleBroken names every edge that leaves a gap or overlaps."""
    version = hold_draft(actor, version_id, expected_lock, _BANDS.changed(bands))
    check_bands(bands)
    if any(row.route not in Route.values for row in bands):
        raise RuleBroken("Select a route from the list.")
    return _BANDS.replace(
        actor,
        version,
        bands,
        (
            PolicyBand(
                version=version,
                position=position,
                name=row.name.strip(),
                lower=row.lower,
                lower_is_threshold=row.lower_is_threshold,
                upper=row.upper,
                upper_is_threshold=row.upper_is_threshold,
                route=row.route,
                paragraph=row.paragraph.strip(),
                guidance=row.guidance.strip(),
            )
            for position, row in enumerate(bands, start=1)
        ),
        inherits_id=None,
    )


def _band_words(row: PolicyBand | BandInput) -> str:
    lower = "the statutory threshold" if row.lower_is_threshold else pounds(row.lower or 0)
    upper = (
        "the statutory threshold"
        if row.upper_is_threshold
        else ("no upper limit" if row.upper is None else pounds(row.upper))
    )
    return f"{row.name.strip()}: {lower} to {upper}, {Route(row.route).label}, paragraph {row.paragraph.strip()}"


_BANDS = _Rows("bands", "bands", "Band", PolicyBand, _band_words)


@transaction.atomic
def set_weighting(
    *,
    actor: Actor,
    version_id: int,
    expected_lock: int,
    least: Decimal,
    most: Decimal,
    pass_fail_allowed: bool,
    share_of: str,
    paragraph: str,
) -> PolicyVersion:
    """The range a tender's weighting may lie in, what it is a share of, and whether pass or fail may replace it."""
    sent = {
        "weighting_min_percent": least,
        "weighting_max_percent": most,
        "pass_fail_allowed": pass_fail_allowed,
        "share_of": share_of,
        "weighting_paragraph": paragraph.strip(),
    }
    version = hold_draft(actor, version_id, expected_lock, _changed(sent))
    check_weighting(least, most)
    if share_of not in ShareOf.values:
        raise RuleBroken("Select what the weighting is a share of.", field="share_of")
    return _change(actor, version, "the weighting was", sent)


@transaction.atomic
def set_toolkit(
    *, actor: Actor, version_id: int, expected_lock: int, toolkit: str
) -> PolicyVersion:
    """What to ask or do on the light-touch route, one thing a line."""
    sent = {"toolkit": "\n".join(toolkit_lines(toolkit))}
    version = hold_draft(actor, version_id, expected_lock, _changed(sent))
    return _change(actor, version, "the toolkit was", sent)


@transaction.atomic
def set_measure_rules(
    *, actor: Actor, version_id: int, expected_lock: int, rows: Sequence[MeasureRuleInput]
) -> PolicyVersion:
    """Exactly these caps and must-haves. RuleBroken names the row and box to mend."""
    version = hold_draft(actor, version_id, expected_lock, _MEASURE_RULES.changed(rows))
    today = clock.today()
    whose = version.policy.organisation_id
    themes, codes = theme_names(today, whose), measure_codes(today, whose)
    for index, row in enumerate(rows):
        unknown = [code for code in row.codes if code not in codes]
        if row.kind not in MeasureRuleKind.values:
            raise RuleBroken("Select at most or at least.", field=f"{index}:kind")
        if unknown:
            raise RuleBroken(
                f"{', '.join(unknown)} is not a code of the measures in use. Look it up in the catalogue.",
                field=f"{index}:codes",
            )
        if row.theme_slug and row.theme_slug not in themes:
            raise RuleBroken("Select a theme from the list.", field=f"{index}:theme_slug")
    check_measure_rules(rows)
    return _MEASURE_RULES.replace(
        actor,
        version,
        rows,
        (
            PolicyMeasureRule(
                version=version,
                position=position,
                kind=row.kind,
                number=row.number,
                theme_slug=row.theme_slug,
                measure_codes=", ".join(row.codes),
                from_value=row.from_value,
                paragraph=row.paragraph.strip(),
            )
            for position, row in enumerate(rows, start=1)
        ),
    )


def _rule_words(row: PolicyMeasureRule | MeasureRuleInput) -> str:
    codes = row.measure_codes if isinstance(row, PolicyMeasureRule) else ", ".join(row.codes)
    of = codes or (f"theme {row.theme_slug}" if row.theme_slug else "any measure")
    start = "always" if row.from_value is None else f"from {pounds(row.from_value)}"
    kind = MeasureRuleKind(row.kind).label
    return f"{kind} {row.number} of {of}, {start}, paragraph {row.paragraph.strip()}"


_MEASURE_RULES = _Rows("measure_rules", "rules on measures", "Rule", PolicyMeasureRule, _rule_words)


@transaction.atomic
def set_approvals(
    *, actor: Actor, version_id: int, expected_lock: int, rows: Sequence[ApprovalInput]
) -> PolicyVersion:
    """Exactly these approvals before publication."""
    version = hold_draft(actor, version_id, expected_lock, _APPROVALS.changed(rows))
    for index, row in enumerate(rows):
        if not may([row.role], Deed.APPROVE_TENDER):
            raise RuleBroken("Select a role from the list.", field=f"{index}:role")
        if row.route == Route.LIGHT_TOUCH:
            raise RuleBroken(
                "The light-touch route has no tender to approve.", field=f"{index}:route"
            )
    return _APPROVALS.replace(
        actor,
        version,
        rows,
        (
            PolicyApproval(
                version=version,
                position=position,
                role=row.role,
                route=row.route,
                from_value=row.from_value,
                paragraph=row.paragraph.strip(),
            )
            for position, row in enumerate(rows, start=1)
        ),
    )


def _approval_words(row: PolicyApproval | ApprovalInput) -> str:
    route = Route(row.route).label if row.route else "every route with a tender"
    start = "always" if row.from_value is None else f"from {pounds(row.from_value)}"
    return f"{Role(row.role).label}, {route}, {start}, paragraph {row.paragraph.strip()}"


_APPROVALS = _Rows("approvals", "approvals", "Approval", PolicyApproval, _approval_words)
