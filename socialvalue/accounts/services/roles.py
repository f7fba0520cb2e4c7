"""Who holds which role where: granting and ending. Nobody grants themselves a role, and somebody always administers."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from socialvalue.accounts.models import Membership, Organisation, User
from socialvalue.accounts.permissions import PEOPLE_MANAGER, acts_for
from socialvalue.accounts.queries import grantable_roles, organisation_of
from socialvalue.accounts.rules import admin_role, held_apart
from socialvalue.accounts.vocabulary import AccountDeed, Role
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.letters import post

NOT_ONESELF = "Nobody grants themselves a role. Ask another administrator of your organisation."
CHANGED_MEANWHILE = "Somebody else changed the roles of this person while you were deciding."
LAST_ADMIN = (
    "Somebody has to administer the organisation. Make somebody else {role} first, then try again."
)


def only_platform(actor: Actor) -> None:
    """NotAllowed for anybody but the system."""
    if not actor.is_system:
        raise NotAllowed("Organisations and roles are set up by the platform.")


@transaction.atomic
def grant_role(*, actor: Actor, user: User, organisation: Organisation, role: Role) -> Membership:
    """Give a person one more role. Asking twice leaves one row.

    NotAllowed for anybody but the platform and an administrator of the organisation, and for oneself; RuleBroken for
    roles that nobody holds at once, or that the organisation has not got.
    """
    if not actor.is_system and not (
        PEOPLE_MANAGER.allows(actor) and acts_for(actor, organisation.pk)
    ):
        raise NotAllowed(PEOPLE_MANAGER.reason)
    if actor.user_id == user.pk:
        raise NotAllowed(NOT_ONESELF)
    check_roles(organisation, [role])
    held = hold_roles(organisation, user)
    settle_roles(
        actor, organisation, user, held, {*held, role} - {Role.MEMBER}, granted_by_id=actor.user_id
    )
    return Membership.objects.get(
        user=user, organisation=organisation, role=role, ended_at__isnull=True
    )


@transaction.atomic
def change_roles(
    *, actor: Actor, person_id: int, wanted: Collection[Role], seen: Collection[str]
) -> None:
    """Give a person of the actor's organisation exactly these roles there.

    ``seen`` are the roles they held when the page was opened. NotAllowed for who administers no organisation and for
    a role more for oneself; NotVisible for somebody who does not belong here; RuleBroken for no role at all, for roles
    that nobody holds at once, and for ending the last administrator; Conflict when somebody changed them since.
    """
    organisation, user, held = _person_here(actor, person_id, seen)
    if not wanted:
        raise RuleBroken(
            "Select at least one role. To end all of them, remove the person below", field="roles"
        )
    if user.pk == actor.user_id and not set(wanted) <= set(held):
        raise NotAllowed(NOT_ONESELF)
    if set(wanted) == set(held):
        return
    check_roles(organisation, wanted)
    settle_roles(actor, organisation, user, held, wanted, granted_by_id=actor.user_id)
    _tell(actor, organisation, user, wanted)


@transaction.atomic
def remove_person(*, actor: Actor, person_id: int, seen: Collection[str]) -> None:
    """End every role a person holds in the actor's organisation: they can no longer act for it.

    What they did stays under their name. NotAllowed, NotVisible, Conflict as above; RuleBroken for the last
    administrator.
    """
    organisation, user, held = _person_here(actor, person_id, seen)
    settle_roles(actor, organisation, user, held, (), granted_by_id=None)
    _tell(actor, organisation, user, ())


def _person_here(
    actor: Actor, person_id: int, seen: Collection[str]
) -> tuple[Organisation, User, dict[str, Membership]]:
    """The actor's organisation, held, and a person of it with their roles."""
    if not PEOPLE_MANAGER.allows(actor):
        raise NotAllowed(PEOPLE_MANAGER.reason)
    organisation = organisation_of(actor)
    user = User.objects.filter(pk=person_id, memberships__organisation_id=organisation.pk).first()
    if user is None:
        raise NotVisible
    held = hold_roles(organisation, user)
    if set(held) != set(seen):
        raise Conflict(CHANGED_MEANWHILE)
    if not held:
        raise Conflict("This person holds no role here any more. Invite them again.")
    return organisation, user, held


def hold_roles(organisation: Organisation, user: User) -> dict[str, Membership]:
    """The roles a person holds there now, with the organisation held: of two who change roles at once the second sees
    what the first did, so that two administrators cannot end each other.
    """
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    rows = Membership.objects.filter(
        organisation=organisation, user=user, ended_at__isnull=True
    ).order_by("pk")
    return {row.role: row for row in rows}


def settle_roles(
    actor: Actor,
    organisation: Organisation,
    user: User,
    held: dict[str, Membership],
    wanted: Collection[str],
    *,
    granted_by_id: int | None,
) -> None:
    """End what is not wanted and grant what is new, each with its own row in the record.

    ``held`` comes from ``hold_roles``. ``granted_by_id`` is who decided it: the actor, whoever invited
    them, or nobody when the platform did.
    """
    _check(organisation, user, wanted)
    before, after = sorted(held), sorted(wanted)
    if admin_role(organisation.kind) in set(before) - set(after):
        _keep_an_admin(organisation, user)
    now = clock.now()
    for role in before:
        if role in after:
            continue
        row = held[role]
        row.ended_at, row.ended_by_id = now, actor.user_id
        row.save(update_fields=["ended_at", "ended_by"])
        record(
            actor=actor,
            deed=AccountDeed.ROLE_ENDED,
            sentence=f"{user} is no longer {Role(role).label.lower()} at {organisation}.",
            target=row,
            before={"role": role, "roles": before},
            after={"roles": after},
        )
    for role in after:
        if role in before:
            continue
        row = Membership.objects.create(
            user=user,
            organisation=organisation,
            role=role,
            granted_at=now,
            granted_by_id=granted_by_id,
        )
        record(
            actor=actor,
            deed=AccountDeed.ROLE_GRANTED,
            sentence=f"{user} became {Role(role).label.lower()} at {organisation}.",
            target=row,
            before={"roles": before},
            after={"role": role, "roles": after},
        )


def _check(organisation: Organisation, user: User, wanted: Collection[str]) -> None:
    check_roles(organisation, set(wanted) - {Role.MEMBER})
    if wanted and user.is_staff:
        raise RuleBroken(
            "This person operates the platform. An operator holds no role in an organisation.",
            field="roles",
        )


def check_roles(organisation: Organisation, wanted: Collection[str]) -> None:
    """RuleBroken for a role that this organisation has not got, and for two that nobody holds at once."""
    possible = grantable_roles(organisation)
    for role in sorted(wanted):
        if role not in possible:
            raise RuleBroken(
                f"There is no {Role(role).label.lower()} at {organisation}. Choose from the list",
                field="roles",
            )
    if pair := held_apart(wanted):
        raise RuleBroken(pair.sentence, field="roles")


def _keep_an_admin(organisation: Organisation, user: User) -> None:
    role = admin_role(organisation.kind)
    others = Membership.objects.filter(
        organisation=organisation, role=role, ended_at__isnull=True, user__is_active=True
    ).exclude(user=user)
    if not others.exists():
        raise RuleBroken(LAST_ADMIN.format(role=role.label.lower()), field="roles")


def _tell(actor: Actor, organisation: Organisation, user: User, wanted: Collection[str]) -> None:
    """A letter to the person whose roles somebody else changed."""
    if user.pk == actor.user_id or not user.is_active:
        return
    names = [Role(role).label for role in sorted(wanted)]
    context = {"organisation": organisation.name, "roles": names, "by": actor.name}
    post(user.email, "roles_changed", context)
