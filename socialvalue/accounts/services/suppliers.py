"""Suppliers register themselves."""

from __future__ import annotations

import hashlib
import secrets

from django.core.cache import cache
from django.db import transaction
from django.utils.text import slugify

from socialvalue.accounts.models import Membership, Organisation, User
from socialvalue.accounts.queries import (
    actor_for,
    own_path,
    registration_ends,
    registration_path,
    sign_in_path,
    user_by_email,
)
from socialvalue.accounts.services.people import new_person
from socialvalue.accounts.vocabulary import AccountDeed, OrganisationKind, Role
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.errors import RuleBroken
from socialvalue.core.letters import post
from socialvalue.core.periods import uk_moment

LETTER_EVERY_SECONDS = 10 * 60
"""One registration letter an address: a form anybody may send must not fill a stranger's mailbox."""


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
    organisation_name = _one_line(organisation_name)
    if not organisation_name:
        raise RuleBroken("Enter the name of your organisation", field="organisation_name")
    user = new_person(email=email, full_name=full_name, password=password)
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
