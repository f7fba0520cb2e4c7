"""Organisations, people, roles and region membership."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from socialvalue.accounts.models import Membership, Organisation, Region, RegionMembership, User
from socialvalue.accounts.vocabulary import AccountDeed, OrganisationKind, Role
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, RuleBroken

DATA = Path(__file__).parent / "data" / "organisations.json"


def _only_platform(actor: Actor) -> None:
    if not actor.is_system:
        raise NotAllowed("Organisations and roles are set up by the platform.")


@transaction.atomic
def load_organisations(*, actor: Actor, source: Path = DATA, demonstration: bool = False) -> int:
    """Add or update the region, its authorities and their membership dates from the data file. Returns how many.

    Running it twice changes nothing.
    """
    _only_platform(actor)
    data = json.loads(source.read_text())
    for row in data["organisations"]:
        known = {
            "kind": row["kind"],
            "name": row["name"],
            "aliases": row["aliases"],
            "brand_colour": row["brand_colour"],
            "place": row["ashe_slug"] or "",
            "tile_code": row["tile"]["code"],
            "tile_column": row["tile"]["col"],
            "tile_row": row["tile"]["row"],
        }
        Organisation.objects.update_or_create(
            slug=row["slug"],
            defaults=known,
            create_defaults={**known, "is_demonstration": demonstration},
        )
    for row in data["regions"]:
        lead = Organisation.objects.get(slug=row["lead"])
        Region.objects.update_or_create(
            slug=row["slug"], defaults={"name": row["name"], "lead": lead}
        )
    for row in data["memberships"]:
        RegionMembership.objects.update_or_create(
            region=Region.objects.get(slug=row["region"]),
            authority=Organisation.objects.get(slug=row["organisation"]),
            from_on=date.fromisoformat(row["from"]),
            defaults={
                "status": row["status"].replace("-", "_"),
                "to_on": date.fromisoformat(row["to"]) if row["to"] else None,
                "certainty": row["certainty"],
            },
        )
    return len(data["organisations"])


@transaction.atomic
def add_organisation(
    *,
    actor: Actor,
    kind: OrganisationKind,
    name: str,
    slug: str = "",
    is_sme: bool | None = None,
    is_vcse: bool | None = None,
    postcode_district: str = "",
    is_demonstration: bool = False,
) -> Organisation:
    """A new organisation. RuleBroken when the slug is taken."""
    _only_platform(actor)
    slug = slug or slugify(name)[:80]
    if Organisation.objects.filter(slug=slug).exists():
        raise RuleBroken(f"There is an organisation called {slug} already.", field="name")
    organisation = Organisation.objects.create(
        kind=kind,
        name=name,
        slug=slug,
        is_sme=is_sme,
        is_vcse=is_vcse,
        postcode_district=postcode_district,
        is_demonstration=is_demonstration,
    )
    record(
        actor=actor,
        deed=AccountDeed.ORGANISATION_ADDED,
        sentence=f"{name} was added as {organisation.get_kind_display().lower()}.",
        target=organisation,
    )
    return organisation


@transaction.atomic
def add_buyer(*, actor: Actor, name: str) -> Organisation:
    """The authority that an imported notice names as its buyer, added as a council outside every region.

    RuleBroken when its name is taken by another organisation. Named by ``settings.ADD_BUYER``.
    """
    name = " ".join(name.split())[:200]
    return add_organisation(actor=actor, kind=OrganisationKind.COUNCIL, name=name)


@transaction.atomic
def add_person(*, actor: Actor, email: str, full_name: str, password: str | None) -> User:
    """A new person, or the one who has that e-mail already (then unchanged). Without a password they cannot sign in."""
    _only_platform(actor)
    found = User.objects.filter(email__iexact=email).first()
    return found or User.objects.create_user(email, password, full_name=full_name)


@transaction.atomic
def grant_role(*, actor: Actor, user: User, organisation: Organisation, role: Role) -> Membership:
    """Give a person a role. Asking twice leaves one row."""
    _only_platform(actor)
    membership, created = Membership.objects.get_or_create(
        user=user,
        organisation=organisation,
        role=role,
        ended_at=None,
        defaults={"granted_at": clock.now(), "granted_by_id": actor.user_id},
    )
    if created:
        record(
            actor=actor,
            deed=AccountDeed.ROLE_GRANTED,
            sentence=f"{user} became {role.label.lower()} at {organisation}.",
            target=membership,
            after={"role": role.value},
        )
    return membership
