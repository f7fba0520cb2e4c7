"""Starting a version of a policy, and taking a draft away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from procurement.policies.models import (
    Policy,
    PolicyApproval,
    PolicyBand,
    PolicyMeasureRule,
    PolicyVersion,
)
from procurement.policies.permissions import WHY_NOT_WRITE, can_write
from procurement.policies.queries import start_choices
from procurement.policies.services.holding import hold_draft, note
from procurement.policies.vocabulary import PolicyDeed
from socialvalue.accounts.queries import authorities
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, RuleBroken

COPIED = (
    "vat_basis", "weighting_min_percent", "weighting_max_percent", "pass_fail_allowed", "share_of",
    "weighting_paragraph", "toolkit", "source", "notes",
)  # fmt: skip
BAND_FIELDS = (
    "position", "name", "lower", "lower_is_threshold", "upper", "upper_is_threshold", "route",
    "paragraph", "guidance",
)  # fmt: skip


@transaction.atomic
def start_draft(*, actor: Actor, copy_from: int | None = None, title: str = "") -> PolicyVersion:
    """A draft for the actor's authority: copied from one of ``start_choices``, or empty.

    The authority's first policy needs a ``title``. RuleBroken while a draft or a proposal is open.
    """
    organisation_id = actor.organisation_id or 0
    if not can_write(actor, organisation_id):
        raise NotAllowed(WHY_NOT_WRITE)
    # The organisation's row stands for "one open draft at a time": two people who start at once take turns.
    owner = authorities().select_for_update(of=("self",)).get(pk=organisation_id)
    today = clock.today()
    choices = start_choices(actor, today)
    if choices.open_draft_id is not None:
        raise RuleBroken(
            "A version is being written or waits for approval already. Finish or take away that one first."
        )
    if copy_from is not None and copy_from not in {row.version_id for row in choices.sources}:
        raise RuleBroken("Select what to copy from the list.", field="copy_from")
    policy = Policy.objects.filter(organisation_id=organisation_id).order_by("pk").first()
    if policy is None:
        policy = _first_policy(owner.pk, owner.slug, title)
    version = _new_version(actor, policy, copy_from, today)
    origin = f"copied from {_named(copy_from)}" if copy_from else "from an empty page"
    note(actor, PolicyDeed.POLICY_DRAFTED, f"{version} was started, {origin}.", version)
    return version


def _first_policy(organisation_id: int, slug: str, title: str) -> Policy:
    if not title.strip():
        raise RuleBroken("Enter the title of the policy", field="title")
    return Policy.objects.create(
        organisation_id=organisation_id,
        slug=slugify(f"{slug}-social-value-policy")[:80],
        title=title.strip(),
    )


def _named(version_id: int) -> str:
    return str(PolicyVersion.objects.select_related("policy").get(pk=version_id))


def _new_version(actor: Actor, policy: Policy, copy_from: int | None, today: date) -> PolicyVersion:
    numbers = PolicyVersion.objects.filter(policy=policy).values_list("number", flat=True)
    facts: dict[str, Any] = {
        "policy": policy,
        "number": max(numbers, default=0) + 1,
        "valid_from": today,
        "drafted_by_id": actor.person_id,
    }
    if copy_from is None:
        return PolicyVersion.objects.create(
            **facts, weighting_min_percent=Decimal(5), weighting_max_percent=Decimal(30)
        )
    origin = PolicyVersion.objects.get(pk=copy_from)
    facts |= {name: getattr(origin, name) for name in COPIED}
    if origin.policy_id == policy.pk:
        facts["inherits_id"] = origin.inherits_id
    else:
        # Where the source and the paragraphs are another's, the council's own are asked for.
        facts |= {"source": "", "notes": ""}
    version = PolicyVersion.objects.create(**facts)
    _copy_rows(origin, version)
    return version


def _copy_rows(origin: PolicyVersion, version: PolicyVersion) -> None:
    PolicyBand.objects.bulk_create(
        PolicyBand(version=version, **row) for row in origin.bands.values(*BAND_FIELDS)
    )
    PolicyMeasureRule.objects.bulk_create(
        PolicyMeasureRule(version=version, **row)
        for row in origin.measure_rules.values(
            "position", "kind", "number", "theme_slug", "measure_codes", "from_value", "paragraph"
        )
    )
    PolicyApproval.objects.bulk_create(
        PolicyApproval(version=version, **row)
        for row in origin.approvals.values("position", "role", "route", "from_value", "paragraph")
    )


@transaction.atomic
def drop_draft(*, actor: Actor, version_id: int, expected_lock: int) -> None:
    """Take a draft away for good. Its record stays; a policy that never had a version goes with it."""
    version = hold_draft(actor, version_id, expected_lock)
    policy = version.policy
    note(actor, PolicyDeed.POLICY_CHANGED, f"The draft {version} was taken away.", version)
    for rows in (version.bands, version.measure_rules, version.approvals):
        rows.all().delete()
    version.delete()
    if not policy.versions.exists():
        policy.delete()
