"""Organisations, people, roles and region membership."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify

from socialvalue.accounts.models import Membership, Organisation, Region, RegionMembership, User
from socialvalue.accounts.permissions import (
    AUTHORITY_MANAGER,
    is_buyer,
    is_supplier,
    manages_authority,
)
from socialvalue.accounts.queries import (
    actor_for,
    council_areas,
    organisation_of,
    own_path,
    region_choice,
    registration_ends,
    registration_path,
    sign_in_path,
    user_by_email,
)
from socialvalue.accounts.rules import RegionSees, check_region_sees, in_words
from socialvalue.accounts.vocabulary import AccountDeed, OrganisationKind, Role
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.letters import post
from socialvalue.core.periods import uk_moment

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
def share_password(*, actor: Actor, people: Sequence[User], password: str) -> None:
    """Give those of them who have none one password, hashed once: for sign-ins that everybody may read."""
    _only_platform(actor)
    User.objects.filter(
        pk__in=[person.pk for person in people], password__startswith=UNUSABLE_PASSWORD_PREFIX
    ).update(password=make_password(password))


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


# --- suppliers register themselves -----------------------------------------------------------------

LETTER_EVERY_SECONDS = 10 * 60
"""One registration letter an address: a form anybody may send must not fill a stranger's mailbox."""
HAS_ACCOUNT = "This address has an account. Sign in with it."


def send_registration_link(*, email: str, next_path: str = "") -> None:
    """Write to this address how to register; to one that has an account, that it has. Nothing is told to who asked.

    The link works for three days. Within ten minutes an address gets one letter. No row is written, so none is audited.
    """
    email = email.strip().lower()
    digest = hashlib.sha256(email.encode()).hexdigest()
    if not cache.add(f"registration-letter:{digest}", True, LETTER_EVERY_SECONDS):
        return
    path = own_path(next_path)
    if user_by_email(email) is not None:
        post(email, "register_known", {"path": sign_in_path(path)})
        return
    until = f"{uk_moment(registration_ends().astimezone(clock.LONDON))}, UK time"
    post(email, "register", {"path": registration_path(email, next_path=path), "expiry": until})


@transaction.atomic
def register_supplier(*, email: str, organisation_name: str, full_name: str, password: str) -> User:
    """A new supplier with its first person, who administers it. The caller has proven the address by a signed link.

    No actor: the person becomes one here, and answers for the audit rows. RuleBroken for an address that has an
    account, an empty name, or a weak password. Names may repeat: the page has warned.
    """
    organisation_name, full_name = _one_line(organisation_name), _one_line(full_name)
    if not organisation_name:
        raise RuleBroken("Enter the name of your organisation", field="organisation_name")
    if not full_name:
        raise RuleBroken("Enter your name", field="full_name")
    user = User(email=email.strip().lower(), full_name=full_name)
    try:
        validate_password(password, user)
    except ValidationError as error:
        first, *more = error.messages
        raise RuleBroken(
            first, field="password", more=[("password", text) for text in more]
        ) from None
    if user_by_email(user.email) is not None:
        raise RuleBroken(HAS_ACCOUNT)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        # The same link was sent twice in one moment.
        raise RuleBroken(HAS_ACCOUNT) from None
    organisation = Organisation.objects.create(
        kind=OrganisationKind.SUPPLIER, name=organisation_name, slug=_free_slug(organisation_name)
    )
    membership = Membership.objects.create(
        user=user, organisation=organisation, role=Role.SUPPLIER_ADMIN, granted_at=clock.now()
    )
    actor = actor_for(user)
    record(
        actor=actor,
        deed=AccountDeed.REGISTERED,
        sentence=f"{organisation_name} registered as supplier.",
        target=organisation,
    )
    record(
        actor=actor,
        deed=AccountDeed.ROLE_GRANTED,
        sentence=f"{user} became {Role.SUPPLIER_ADMIN.label.lower()} at {organisation}.",
        target=membership,
        after={"role": Role.SUPPLIER_ADMIN.value},
    )
    return user


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _free_slug(name: str) -> str:
    """The name as an address; a few random letters behind it where another organisation has that."""
    slug = slugify(name)[:70] or "supplier"
    is_taken = Organisation.objects.filter(slug=slug).exists()
    return f"{slug}-{secrets.token_hex(4)}" if is_taken else slug


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
    if not is_supplier(actor) or not actor.has(Role.SUPPLIER_ADMIN):
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
    if not is_buyer(actor) or not actor.has(Role.ORGANISATION_ADMIN):
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


# --- what the region sees --------------------------------------------------------------------------


@transaction.atomic
def choose_region_sees(
    *, actor: Actor, region_slug: str, is_withheld: bool, in_benchmark: bool, expected_version: int
) -> None:
    """Whether a region's totals hold the acting authority's figures, and whether it is compared there.

    Holds for all the time the authority ever spent in the region. NotAllowed for who is no manager of it, NotVisible
    for a region it never belonged to, RuleBroken for both at once, Conflict when somebody chose since the page was
    read.
    """
    if not manages_authority(actor):
        raise NotAllowed(AUTHORITY_MANAGER.reason)
    wanted = RegionSees(is_withheld, in_benchmark)
    check_region_sees(wanted)
    rows = RegionMembership.objects.filter(
        region__slug=region_slug, authority_id=actor.organisation_id
    )
    # Read once the rows are held, so that of two who choose at once the second sees the first.
    held = list(rows.select_for_update(of=("self",)).order_by("from_on"))
    choice = region_choice(actor, region_slug)
    if choice is None or not held:
        raise NotVisible
    if choice.version != expected_version:
        raise Conflict("Somebody else changed what the region sees while you were deciding.")
    if choice.sees == wanted:
        return
    rows.update(
        is_withheld=is_withheld,
        in_benchmark=in_benchmark,
        choice_version=F("choice_version") + 1,
    )
    record(
        actor=actor,
        deed=AccountDeed.REGION_SEES,
        sentence=f"{actor.organisation_name} now {in_words(wanted)}: {choice.name}.",
        target=held[-1],
        before={
            "is_withheld": choice.sees.is_withheld,
            "in_benchmark": choice.sees.in_benchmark,
        },
        after={"is_withheld": is_withheld, "in_benchmark": in_benchmark},
    )
