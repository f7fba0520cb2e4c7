"""Platform operators: adding one, and opening and ending an access: for a reason, for a time, and those it concerns
are told."""

from __future__ import annotations

from django.db import transaction

from socialvalue.accounts.models import Membership, Organisation, PlatformAccess, User
from socialvalue.accounts.permissions import OPERATOR
from socialvalue.accounts.queries import people_with_role
from socialvalue.accounts.queries.platform import WHOLE_SERVICE
from socialvalue.accounts.rules import admin_role
from socialvalue.accounts.rules.platform import checked_reason, ends_at
from socialvalue.accounts.services.people import add_person
from socialvalue.accounts.vocabulary import AUTHORITY_KINDS, PlatformDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from socialvalue.core.letters import post
from socialvalue.core.periods import uk_moment


@transaction.atomic
def add_operator(*, actor: Actor, email: str, full_name: str) -> User:
    """A person who runs the platform, without a password; who does already is given back unchanged.

    NotAllowed for anybody but the system; RuleBroken for somebody who holds a role in an organisation.
    """
    user = add_person(actor=actor, email=email, full_name=full_name, password=None)
    if user.is_staff:
        return user
    if Membership.objects.filter(user=user, ended_at__isnull=True).exists():
        raise RuleBroken(
            f"{user} holds a role in an organisation. Whoever runs the platform holds none: end it first, or use "
            "another address."
        )
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    record(
        actor=actor,
        deed=PlatformDeed.OPERATOR_ADDED,
        sentence=f"{user} became a platform operator.",
        target=user,
        after={"is_staff": True},
    )
    return user


@transaction.atomic
def open_platform_access(
    *, actor: Actor, organisation_slug: str, reason: str, hours: int
) -> PlatformAccess:
    """Let this operator read what an auditor of the organisation reads; without a slug, the admin's tables.

    Their access before ends. That they made a second step just now has been asked. NotAllowed for anybody but an
    operator; NotVisible for what is no authority; RuleBroken for a reason too short or a time not offered.
    """
    operator = _operator(actor)
    organisation = None
    if organisation_slug:
        organisation = Organisation.objects.filter(
            slug=organisation_slug, kind__in=AUTHORITY_KINDS
        ).first()
        if organisation is None:
            raise NotVisible(f"There is no authority called {organisation_slug!r}.")
    now = clock.now()
    reason, until = checked_reason(reason), ends_at(now, hours)
    _end_all(actor, operator)
    access = PlatformAccess.objects.create(
        operator=operator, organisation=organisation, reason=reason, from_at=now, until_at=until
    )
    where = organisation.name if organisation else WHOLE_SERVICE.lower()
    moment = uk_moment(until.astimezone(clock.LONDON))
    record(
        actor=_for(actor, organisation),
        deed=PlatformDeed.OPENED,
        sentence=f"Opened a platform access to {where} until {moment}: {reason}",
        target=access,
        after={"organisation": where, "reason": reason, "until": until.isoformat()},
    )
    _tell(operator, organisation, where, reason, moment)
    return access


@transaction.atomic
def end_platform_access(*, actor: Actor) -> bool:
    """End this operator's access before its time; False when it had ended already. NotAllowed for anybody else."""
    return _end_all(actor, _operator(actor)) > 0


def _operator(actor: Actor) -> User:
    """The operator's row, held: of two accesses opened at once the second ends the first."""
    if not OPERATOR.allows(actor):
        raise NotAllowed(OPERATOR.reason)
    found = (
        User.objects.select_for_update(of=("self",))
        .filter(pk=actor.person_id, is_staff=True, is_active=True)
        .first()
    )
    if found is None:
        raise NotAllowed(OPERATOR.reason)
    return found


def _end_all(actor: Actor, operator: User) -> int:
    """How many still held. One whose time is over is closed with the time it ended by itself."""
    now, held = clock.now(), 0
    rows = PlatformAccess.objects.filter(operator=operator, ended_at__isnull=True)
    for row in rows.select_related("organisation"):
        row.ended_at = min(now, row.until_at)
        row.save(update_fields=["ended_at"])
        if row.until_at <= now:
            continue
        held += 1
        where = row.organisation.name if row.organisation else WHOLE_SERVICE.lower()
        record(
            actor=_for(actor, row.organisation),
            deed=PlatformDeed.ENDED,
            sentence=f"Ended the platform access to {where}",
            target=row,
            after={"ended_at": row.ended_at.isoformat()},
        )
    return held


def _for(actor: Actor, organisation: Organisation | None) -> Actor:
    """The deed stands in the record of the organisation that is looked at."""
    return Actor(
        user_id=actor.user_id,
        name=actor.name.removesuffix(" (platform operator)") + " (platform operator)",
        organisation_id=organisation.pk if organisation else None,
        organisation_name=organisation.name if organisation else "",
        request_id=actor.request_id,
        is_operator=True,
    )


def _tell(
    operator: User, organisation: Organisation | None, where: str, reason: str, until: str
) -> None:
    """The organisation's administrators are written to; about the whole service, every other operator."""
    if organisation:
        people = list(people_with_role(organisation.pk, admin_role(organisation.kind)))
    else:
        people = list(
            User.objects.filter(is_staff=True, is_active=True)
            .exclude(pk=operator.pk)
            .order_by("pk")
        )
    for person in people:
        post(
            person.email,
            "platform_access",
            {
                "operator": str(operator),
                "organisation": organisation,
                "where": where,
                "reason": reason,
                "until": until,
            },
        )
