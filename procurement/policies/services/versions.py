"""Loading policies from versioned files. Running twice changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db import transaction

from procurement.policies.models import Policy, PolicyBand, PolicyVersion
from procurement.policies.services.loading import DATA, only_platform
from procurement.policies.vocabulary import PolicyDeed, PolicyStatus, ShareOf
from socialvalue.accounts import queries as accounts
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible, RuleBroken
from socialvalue.core.periods import uk_date

BAND_FIELDS = (
    "position", "name", "lower", "lower_is_threshold", "upper", "upper_is_threshold", "route",
    "paragraph", "guidance",
)  # fmt: skip


@transaction.atomic
def load_policies(*, actor: Actor, folder: Path = DATA) -> list[Policy]:
    """Every policy file of the folder, regional defaults first because others may follow them."""
    files = sorted(folder.glob("*.json"))
    files.sort(key=lambda path: not json.loads(path.read_text("utf-8")).get("regional_default"))
    return [load_policy(actor=actor, source=path) for path in files]


@transaction.atomic
def load_policy(*, actor: Actor, source: Path) -> Policy:
    """A policy and its versions, adopted. RuleBroken when an adopted version would change: it gets a new number."""
    only_platform(actor)
    try:
        return _load_policy(actor, json.loads(source.read_text("utf-8")))
    except (KeyError, ValueError, TypeError, InvalidOperation) as error:
        raise RuleBroken(f"{source.name} cannot be read as a policy: {error}.") from error


def _load_policy(actor: Actor, data: Mapping[str, Any]) -> Policy:
    try:
        owner = accounts.organisation(data["organisation"])
    except NotVisible as error:
        raise RuleBroken(f"{error.message} Load the organisations first.") from error
    policy, created = Policy.objects.update_or_create(
        slug=data["slug"],
        defaults={
            "organisation_id": owner.pk,
            "title": data["title"],
            "is_regional_default": data.get("regional_default", False),
        },
    )
    if created:
        record(
            actor=actor,
            deed=PolicyDeed.POLICY_LOADED,
            sentence=f"{policy.title} was entered for {owner.name}.",
            target=policy,
        )
    for version in data["versions"]:
        _load_version(actor, policy, version)
    return policy


def _load_version(actor: Actor, policy: Policy, data: Mapping[str, Any]) -> None:
    facts = _version_facts(policy, data)
    bands = _band_facts(data)
    found = PolicyVersion.objects.filter(policy=policy, number=data["number"]).first()
    if found is not None:
        _keep_adopted(actor, found, facts, bands)
        return
    if not bands and facts["inherits"] is None:
        raise RuleBroken(f"{policy.title} has neither bands nor a policy that it follows.")
    version = PolicyVersion.objects.create(policy=policy, number=data["number"], **facts)
    PolicyBand.objects.bulk_create(PolicyBand(version=version, **band) for band in bands)
    version.status, version.adopted_at = PolicyStatus.ADOPTED, clock.now()
    version.save(update_fields=["status", "adopted_at"])
    record(
        actor=actor,
        deed=PolicyDeed.POLICY_ADOPTED,
        sentence=f"{version} applies from {uk_date(version.valid_from)}.",
        target=version,
        after={name: str(value) for name, value in facts.items()},
    )


def _keep_adopted(
    actor: Actor, version: PolicyVersion, facts: Mapping[str, Any], bands: list[dict[str, Any]]
) -> None:
    """An adopted version may be ended and annotated, never rewritten: decisions rest on it."""
    may_change = {"valid_to", "review_on", "notes", "source", "toolkit", "weighting_paragraph"}
    kept = {name: value for name, value in facts.items() if name not in may_change}
    stored = list(version.bands.order_by("position").values(*BAND_FIELDS))
    if any(getattr(version, name) != value for name, value in kept.items()) or stored != bands:
        raise RuleBroken(
            f"{version} is adopted and does not change. Enter the change as a new version with a later first day."
        )
    changed = {name: facts[name] for name in may_change if getattr(version, name) != facts[name]}
    if changed:
        before = {name: str(getattr(version, name)) for name in changed}
        PolicyVersion.objects.filter(pk=version.pk).update(**changed)
        record(
            actor=actor,
            deed=PolicyDeed.POLICY_LOADED,
            sentence=f"{version}: its notes or dates were brought up to date.",
            target=version,
            before=before,
            after={name: str(value) for name, value in changed.items()},
        )


def _version_facts(policy: Policy, data: Mapping[str, Any]) -> dict[str, Any]:
    inherits = None
    if data.get("inherits"):
        inherits = Policy.objects.filter(slug=data["inherits"]).first()
        if inherits is None:
            raise RuleBroken(
                f"{policy.title} follows {data['inherits']}, which is not loaded. Load it first."
            )
    return {
        "valid_from": date.fromisoformat(data["valid_from"]),
        "valid_to": date.fromisoformat(data["valid_to"]) if data.get("valid_to") else None,
        "review_on": date.fromisoformat(data["review_on"]) if data.get("review_on") else None,
        "inherits": inherits,
        "vat_basis": data["vat_basis"],
        "weighting_min_percent": Decimal(data["weighting_min"]),
        "weighting_max_percent": Decimal(data["weighting_max"]),
        "pass_fail_allowed": data["pass_fail_allowed"],
        "share_of": ShareOf(data.get("share_of", ShareOf.TOTAL)),
        "weighting_paragraph": data.get("weighting_paragraph", ""),
        "toolkit": "\n".join(data.get("toolkit") or []),
        "source": _source(data),
        "notes": _notes(data.get("notes") or []),
    }


def _source(data: Mapping[str, Any]) -> str:
    status = data.get("source_status")
    return f"{data['source']} ({status})" if status else str(data["source"])


def _notes(notes: Any) -> str:
    """One line a note, with how sure it is. Text is taken as it stands."""
    if isinstance(notes, str):
        return notes
    return "\n".join(f"{note['certainty'].capitalize()}: {note['text']}" for note in notes)


def _band_facts(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The version's own bands. A table that is the regional one by reference is read from there, not copied."""
    bands = data.get("bands") or []
    if data.get("inherits") and all(band.get("regional_default") for band in bands):
        return []
    return [
        {
            "position": band["order"],
            "name": band["name"],
            "lower": Decimal(band["lower"]) if band.get("lower") is not None else None,
            "lower_is_threshold": band["lower_is_threshold"],
            "upper": Decimal(band["upper"]) if band.get("upper") is not None else None,
            "upper_is_threshold": band["upper_is_threshold"],
            "route": band["route"],
            "paragraph": band["paragraph"],
            "guidance": band["guidance"],
        }
        for band in sorted(bands, key=lambda band: band["order"])
    ]
