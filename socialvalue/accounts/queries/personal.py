"""Everything that is known of one person, for that person alone: what the law calls a copy of your data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import ManyToOneRel
from django.utils.module_loading import import_string

from socialvalue.accounts.models import Invitation, Membership, User
from socialvalue.accounts.permissions import SIGNED_IN
from socialvalue.accounts.rules.erasing import HeldSeat, why_not_erase
from socialvalue.accounts.vocabulary import ADMIN_ROLES, AUTHORITY_KINDS, Role
from socialvalue.audit.queries.persons import accesses_of_person, deeds_of_person
from socialvalue.core.actor import Actor
from socialvalue.core.database import wide
from socialvalue.core.errors import NotAllowed
from socialvalue.core.tables import Column, Table

ROOM_APPS = ("toms", "procurement", "reporting")
MOST_NUMBERS = 500


def personal_data(actor: Actor) -> list[Table]:
    """What every room knows of the actor. NotAllowed for who is not signed in; nobody gets another person's."""
    if actor.user_id is None:
        raise NotAllowed(SIGNED_IN.reason)
    email = User.objects.values_list("email", flat=True).get(pk=actor.user_id)
    found: list[Table] = []
    with wide("Somebody reads what is kept about themself, at whichever organisation."):
        for path in settings.PERSONAL_DATA:
            found += import_string(path)(actor.user_id, email)
    return [table for table in found if table.rows]


def about_person(user_id: int, email: str) -> list[Table]:
    """The account, its roles and sign-ins, the record, and every other place that names the person."""
    return [
        _account(User.objects.get(pk=user_id)),
        _roles(user_id),
        _invitations(email),
        _ways_to_sign_in(user_id),
        _devices(user_id),
        deeds_of_person(user_id),
        accesses_of_person(user_id),
        _named_in(user_id),
    ]


def _account(user: User) -> Table:
    addresses = EmailAddress.objects.filter(user=user).order_by("pk")
    rows: list[tuple[str, str | datetime | None]] = [
        ("Name", user.full_name),
        ("E-mail address", user.email),
        *[
            ("E-mail address", address.email)
            for address in addresses
            if address.email != user.email
        ],
        ("Account since", user.date_joined),
        ("Last signed in", user.last_login),
        ("May sign in", "yes" if user.is_active else "no"),
        ("Runs the platform", "yes" if user.is_staff else "no"),
        ("Password", "kept as a hash" if user.has_usable_password() else "none"),
    ]
    return Table("Your account", [Column("What"), Column("Value", width=40)], rows)


def _roles(user_id: int) -> Table:
    rows = (
        Membership.objects.filter(user_id=user_id)
        .select_related("organisation")
        .order_by("granted_at", "pk")
    )
    return Table(
        "Your roles",
        [Column("Organisation", width=40), Column("Role"), Column("From"), Column("Until")],
        [
            (row.organisation.name, row.get_role_display(), row.granted_at, row.ended_at)
            for row in rows
        ],
    )


def _invitations(email: str) -> Table:
    rows = (
        Invitation.objects.filter(email__iexact=email).select_related("organisation").order_by("pk")
    )
    return Table(
        "Organisations your address was invited to",
        [
            Column("Organisation", width=40), Column("Invited"), Column("Until"), Column("Accepted"),
            Column("Revoked"),
        ],
        [
            (row.organisation.name, row.invited_at, row.expires_at, row.accepted_at, row.revoked_at)
            for row in rows
        ],
    )  # fmt: skip


def _ways_to_sign_in(user_id: int) -> Table:
    """What there is, never the secrets of it."""
    steps = Authenticator.objects.filter(user_id=user_id).order_by("pk")
    outside = SocialAccount.objects.filter(user_id=user_id).order_by("pk")
    return Table(
        "Your ways to sign in",
        [Column("What", width=40), Column("Since"), Column("Last used")],
        [
            *[(step.get_type_display(), step.created_at, step.last_used_at) for step in steps],
            *[
                (f"Sign-in service {account.provider}", account.date_joined, account.last_login)
                for account in outside
            ],
        ],
    )


def _devices(user_id: int) -> Table:
    rows = UserSession.objects.filter(user_id=user_id).order_by("pk")
    return Table(
        "Devices that are signed in",
        [
            Column("Network address"), Column("Browser", width=60), Column("Since"), Column("Last used"),
        ],
        [(row.ip, row.user_agent, row.created_at, row.last_seen_at) for row in rows],
    )  # fmt: skip


def _named_in(user_id: int) -> Table:
    """Records of every room that name the person: of which kind, as what, how many, their numbers.

    What the records say belongs to their organisation and is read there; that they name the person is the person's.
    """
    rows = []
    for relation in User._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):
            continue
        model, field = relation.related_model, relation.field
        if isinstance(model, str) or model._meta.app_label not in ROOM_APPS:
            continue
        named = model._base_manager.filter(**{field.name: user_id}).order_by("pk")
        count = named.count()
        if count:
            numbers = ", ".join(str(pk) for pk in named.values_list("pk", flat=True)[:MOST_NUMBERS])
            rows.append(
                (
                    str(model._meta.verbose_name).capitalize(),
                    str(field.verbose_name).capitalize(),
                    count,
                    numbers,
                )
            )
    return Table(
        "Records that name you",
        [
            Column("Kind of record", width=30), Column("You are named as", width=24),
            Column("How many", "number"), Column("Their numbers", width=60),
        ],
        sorted(rows),
    )  # fmt: skip


# --- may they be forgotten -------------------------------------------------------------------------


def held_seats(user_id: int) -> list[HeldSeat]:
    """Where the person belongs, and who else does."""
    own = list(
        Membership.objects.filter(user_id=user_id, ended_at__isnull=True)
        .select_related("organisation")
        .order_by("organisation__name", "organisation_id", "role")
    )
    beside = Membership.objects.filter(
        organisation_id__in={row.organisation_id for row in own},
        ended_at__isnull=True,
        user__is_active=True,
    ).exclude(user_id=user_id)
    others: dict[int, set[int]] = {}
    administrators: dict[int, set[int]] = {}
    for organisation_id, person_id, role in beside.values_list(
        "organisation_id", "user_id", "role"
    ):
        others.setdefault(organisation_id, set()).add(person_id)
        if role in ADMIN_ROLES:
            administrators.setdefault(organisation_id, set()).add(person_id)
    found: dict[int, HeldSeat] = {}
    roles: dict[int, set[str]] = {}
    for row in own:
        roles.setdefault(row.organisation_id, set()).add(row.role)
        found[row.organisation_id] = HeldSeat(
            name=row.organisation.name,
            is_authority=row.organisation.kind in AUTHORITY_KINDS,
            is_administrator=not ADMIN_ROLES.isdisjoint(
                Role(role) for role in roles[row.organisation_id]
            ),
            others=len(others.get(row.organisation_id, ())),
            other_administrators=len(administrators.get(row.organisation_id, ())),
        )
    return list(found.values())


def why_not_erase_oneself(actor: Actor) -> list[str]:
    """What the actor has to do before their data can be erased; empty when nothing."""
    user = User.objects.get(pk=actor.person_id)
    return why_not_erase(held_seats(user.pk), runs_platform=user.is_staff)


def own_address(actor: Actor) -> str:
    """The actor's own e-mail address."""
    return User.objects.values_list("email", flat=True).get(pk=actor.person_id)


def open_seats(actor: Actor) -> Sequence[HeldSeat]:
    """Where the actor belongs: what ends with the account."""
    return held_seats(actor.person_id)
