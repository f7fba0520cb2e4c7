"""Organisations: set up by the platform, and what they say about themselves."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from socialvalue.accounts.models import Organisation, Region, RegionMembership
from socialvalue.accounts.permissions import OWN_AUTHORITY, OWN_SUPPLIER
from socialvalue.accounts.queries import (
    council_areas,
    organisation_of,
)
from socialvalue.accounts.services.roles import only_platform
from socialvalue.accounts.vocabulary import AccountDeed, OrganisationKind
from socialvalue.audit.queries import was_done
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, RuleBroken

DATA = Path(__file__).parents[1] / "data" / "organisations.json"


@transaction.atomic
def load_organisations(*, actor: Actor, source: Path = DATA, demonstration: bool = False) -> int:
    """Add or update the region, its authorities and their membership dates from the data file. Returns how many.

    Running it twice changes nothing. An authority whose days a regional administrator recorded keeps those.
    """
    only_platform(actor)
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
        region = Region.objects.get(slug=row["region"])
        authority = Organisation.objects.get(slug=row["organisation"])
        if _is_kept_by_people(region, authority):
            continue
        RegionMembership.objects.update_or_create(
            region=region,
            authority=authority,
            from_on=date.fromisoformat(row["from"]),
            defaults={
                "status": row["status"].replace("-", "_"),
                "to_on": date.fromisoformat(row["to"]) if row["to"] else None,
                "certainty": row["certainty"],
            },
        )
    return len(data["organisations"])


def _is_kept_by_people(region: Region, authority: Organisation) -> bool:
    return any(
        was_done(target_type="regionmembership", target_id=pk, deed=AccountDeed.MEMBERSHIP_RECORDED)
        for pk in region.memberships.filter(authority=authority).values_list("pk", flat=True)
    )


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
    only_platform(actor)
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


COMPANY_NUMBER = re.compile(r"^(\d{8}|[A-Z]{2}\d{6}|[A-Z]{2}\d{5}[A-Z])$")


DISTRICT = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]?$")


@transaction.atomic
def describe_organisation(
    *,
    actor: Actor,
    company_number: str,
    is_sme: bool | None,
    is_vcse: bool | None,
    postcode_district: str,
    place: str,
) -> Organisation:
    """Facts about the supplier the actor administers; each may stay unsaid ("" or None).

    NotAllowed for anybody but its administrator. RuleBroken for what is no company number, first half of a postcode or
    known council area, and for a number another organisation has.
    """
    if not OWN_SUPPLIER.allows(actor):
        raise NotAllowed("Only the supplier's administrator changes what is said about it.")
    number = re.sub(r"\s", "", company_number).upper()
    number = number.zfill(8) if number.isdecimal() else number
    if number and not COMPANY_NUMBER.match(number):
        raise RuleBroken(
            "The company number must be 8 digits, or 2 letters and 6 digits, like SC123456",
            field="company_number",
        )
    organisation = Organisation.objects.select_for_update(of=("self",)).get(
        pk=organisation_of(actor).pk
    )
    if number and Organisation.objects.exclude(pk=organisation.pk).filter(company_number=number):
        raise RuleBroken(
            "Another organisation is registered with this company number. "
            "Check the number, or ask its administrator for an account.",
            field="company_number",
        )
    where = _where(place, postcode_district)
    return _say(
        actor,
        organisation,
        {"company_number": number, "is_sme": is_sme, "is_vcse": is_vcse} | where,
    )


@transaction.atomic
def describe_place(*, actor: Actor, postcode_district: str, place: str) -> Organisation:
    """Where the authority is that the actor administers; either may stay unsaid. It decides which suppliers are local.

    NotAllowed for anybody but its administrator. RuleBroken for what is no first half of a postcode or known council
    area.
    """
    if not OWN_AUTHORITY.allows(actor):
        raise NotAllowed("Only the authority's organisation administrator says where it is.")
    organisation = Organisation.objects.select_for_update(of=("self",)).get(
        pk=organisation_of(actor).pk
    )
    return _say(actor, organisation, _where(place, postcode_district))


def _where(place: str, postcode_district: str) -> dict[str, str]:
    district = re.sub(r"\s", "", postcode_district).upper()
    if district and not DISTRICT.match(district):
        raise RuleBroken(
            "Enter the first half of the postcode only, like CV34", field="postcode_district"
        )
    if place and place not in dict(council_areas()):
        raise RuleBroken("Select a council area from the list", field="place")
    return {"postcode_district": district, "place": place}


def _say(actor: Actor, organisation: Organisation, after: dict[str, Any]) -> Organisation:
    """Keep what was said, if it is anything new, and record it."""
    before = {name: getattr(organisation, name) for name in after}
    if before == after:
        return organisation
    for name, value in after.items():
        setattr(organisation, name, value)
    organisation.save(update_fields=list(after))
    record(
        actor=actor,
        deed=AccountDeed.DESCRIBED,
        sentence=f"The facts about {organisation} were changed.",
        target=organisation,
        before=before,
        after=after,
    )
    return organisation
