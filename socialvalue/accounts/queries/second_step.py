"""How people sign in: who has a second step, who is asked for one, whose organisation has a sign-in service."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest

from socialvalue.accounts.models import Membership, Organisation, User
from socialvalue.accounts.permissions import allowed
from socialvalue.accounts.queries.organisations import organisation_of
from socialvalue.accounts.queries.seats import Seat
from socialvalue.accounts.rules.connections import Connection, connection_for, connection_of
from socialvalue.accounts.rules.second_step import asked_by, why_not_reset
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible

STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second step. Recovery codes only stand in for one."""


def own_connection(email: str) -> Connection | None:
    """The sign-in service that answers for this address."""
    return connection_for(email, settings.OIDC_CONNECTIONS)


def has_second_step(user_id: int) -> bool:
    return Authenticator.objects.filter(user_id=user_id, type__in=STEPS).exists()


def signed_in_with_one_elsewhere(request: HttpRequest) -> bool:
    """This session came from an organisation's sign-in service that asks for a second step itself."""
    trusted = {row.organisation for row in settings.OIDC_CONNECTIONS if row.second_step}
    if not trusted:
        return False
    records = get_authentication_records(request, request.user)
    return any(
        row.get("method") == "socialaccount" and row.get("provider") in trusted for row in records
    )


def second_step_asked_by(*, is_operator: bool, seats: Iterable[Seat]) -> str:
    """The sentence that says who asks this person for a second step; empty when nobody does."""
    seats = list(seats)
    return asked_by(
        required=settings.MFA_REQUIRED,
        is_operator=is_operator,
        roles={role for seat in seats for role in seat.roles},
        asking=[seat.name for seat in seats if seat.asks_second_step],
    )


@dataclass(frozen=True, slots=True)
class WayIn:
    """How one person signs in, as their own page shows it."""

    has_password: bool
    has_app: bool
    passkeys: int
    has_codes: bool
    codes_left: int
    codes_made: int
    devices: int
    connection: Connection | None
    """The sign-in service of their address."""
    is_only_there: bool
    """They sign in there and not with a password of this site."""

    @property
    def has_second_step(self) -> bool:
        return self.has_app or self.passkeys > 0


def way_in(user: User) -> WayIn:
    """How this person signs in. Asked by themselves only."""
    found = {"app": False, "passkeys": 0, "codes": None}
    codes = None
    for row in Authenticator.objects.filter(user_id=user.pk):
        if row.type == Authenticator.Type.TOTP:
            found["app"] = True
        elif row.type == Authenticator.Type.WEBAUTHN:
            found["passkeys"] = (found["passkeys"] or 0) + 1
        else:
            codes = row.wrap()
    connection = own_connection(user.email)
    return WayIn(
        has_password=user.has_usable_password(),
        has_app=bool(found["app"]),
        passkeys=found["passkeys"] or 0,
        has_codes=codes is not None,
        codes_left=len(codes.get_unused_codes()) if codes else 0,
        codes_made=len(codes.generate_codes()) if codes else 0,
        devices=UserSession.objects.filter(user_id=user.pk).count(),
        connection=connection,
        is_only_there=connection is not None and not connection.passwords_too,
    )


@dataclass(frozen=True, slots=True)
class PersonSigningIn:
    """How somebody of an organisation signs in, as its administrator sees it."""

    user_id: int
    name: str
    email: str
    steps: tuple[str, ...]
    """Their second steps, in words; none when empty."""
    last_at: datetime | None
    has_any: bool
    """One of them is of this site, so that it can be reset here."""
    why_not: str
    """Why the actor may not reset the second step; empty when they may."""


def people_signing_in(actor: Actor) -> list[PersonSigningIn]:
    """Everybody of the acting organisation, by name, and their second steps. NotAllowed for who sees no people."""
    if not allowed(actor, Deed.READ_PEOPLE):
        raise NotAllowed("Your role does not include who signs in how.")
    people = list(
        User.objects.filter(
            memberships__organisation_id=actor.organisation_id or 0,
            memberships__ended_at__isnull=True,
        )
        .distinct()
        .order_by("full_name", "pk")
    )
    ids = [person.pk for person in people]
    steps, kinds, through = _steps_of(ids), _kinds_elsewhere(ids, actor), _through(ids)
    return [
        PersonSigningIn(
            person.pk,
            str(person),
            person.email,
            steps.get(person.pk, ()) or through.get(person.pk, ()),
            person.last_login,
            person.pk in steps,
            _why_not(actor, person, kinds.get(person.pk, set())),
        )
        for person in people
    ]


def person_to_reset(actor: Actor, user_id: int) -> PersonSigningIn:
    """One of the ``people_signing_in``. NotVisible for anybody else, NotAllowed for who may not reset it."""
    if not allowed(actor, Deed.MANAGE_PEOPLE):
        raise NotAllowed("Only an administrator of the organisation resets a second step.")
    found = next((row for row in people_signing_in(actor) if row.user_id == user_id), None)
    if found is None:
        raise NotVisible
    if found.why_not:
        raise NotAllowed(found.why_not)
    return found


def _why_not(actor: Actor, person: User, kinds: Collection[str]) -> str:
    return why_not_reset(
        is_self=person.pk == actor.user_id,
        is_operator=person.is_staff,
        own_kind=actor.organisation_kind,
        other_kinds=kinds,
    )


def _steps_of(ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    rows = Authenticator.objects.filter(user_id__in=ids, type__in=STEPS).order_by("type", "pk")
    for row in rows:
        word = "Authenticator app" if row.type == Authenticator.Type.TOTP else "Passkey"
        if word not in (words := found.setdefault(row.user_id, [])):
            words.append(word)
    return {user_id: tuple(words) for user_id, words in found.items()}


def _through(ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Sign-in services that ask people for a second step themselves."""
    trusted = {row.organisation: row.name for row in settings.OIDC_CONNECTIONS if row.second_step}
    if not trusted:
        return {}
    rows = SocialAccount.objects.filter(user_id__in=ids, provider__in=trusted).order_by("pk")
    return {row.user_id: (f"At {trusted[row.provider]}",) for row in rows}


def _kinds_elsewhere(ids: Collection[int], actor: Actor) -> dict[int, set[str]]:
    rows = (
        Membership.objects.filter(user_id__in=ids, ended_at__isnull=True)
        .exclude(organisation_id=actor.organisation_id or 0)
        .values_list("user_id", "organisation__kind")
    )
    found: dict[int, set[str]] = {}
    for user_id, kind in rows:
        found.setdefault(user_id, set()).add(kind)
    return found


@dataclass(frozen=True, slots=True)
class SignInOfOrganisation:
    """What an organisation asks of its people when they sign in."""

    organisation: Organisation
    asks: bool
    """It asks for a second step."""
    is_required: bool
    """The policy of the site asks everybody with a buyer-side role, whatever the organisation chose."""
    connection: Connection | None


def sign_in_of_organisation(actor: Actor) -> SignInOfOrganisation:
    """What the acting organisation asks. NotVisible without one."""
    found = organisation_of(actor)
    return SignInOfOrganisation(
        organisation=found,
        asks=found.asks_second_step,
        is_required=settings.MFA_REQUIRED and allowed(actor, Deed.READ_AUTHORITY),
        connection=connection_of(found.slug, settings.OIDC_CONNECTIONS),
    )
