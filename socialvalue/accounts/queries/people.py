"""People as others may know them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from socialvalue.accounts.models import Membership, Organisation, User
from socialvalue.accounts.queries.organisations import surviving
from socialvalue.core.actor import Actor


def user_by_email(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).first()


def people_with_role(organisation_id: int, *roles: str) -> QuerySet[User]:
    """Active people who hold one of these roles at the organisation, or at the one it was merged into."""
    goes_on = Organisation.objects.filter(pk=organisation_id).values(
        goes_on=Coalesce("merged_into_id", "pk")
    )
    return (
        User.objects.filter(
            is_active=True,
            memberships__organisation_id__in=goes_on,
            memberships__role__in=roles,
            memberships__ended_at__isnull=True,
        )
        .distinct()
        .order_by("full_name", "pk")
    )


def people_of(organisation_ids: Sequence[int], *roles: str) -> dict[int, list[User]]:
    """Active people who hold one of these roles, by organisation: those of the one it was merged into, where it was.

    Two queries.
    """
    goes_on = surviving(organisation_ids)
    rows = (
        Membership.objects.filter(
            organisation_id__in=set(goes_on.values()),
            role__in=roles,
            ended_at__isnull=True,
            user__is_active=True,
        )
        .select_related("user")
        .order_by("user__full_name", "user_id", "pk")
    )
    found: dict[int, list[User]] = {}
    for row in rows:
        people = found.setdefault(row.organisation_id, [])
        if row.user not in people:
            people.append(row.user)
    return {pk: found[other] for pk, other in goes_on.items() if other in found}


def belongs_to(user_id: int, organisation_id: int) -> bool:
    """The person holds a role there now, or is seated there without one."""
    return Membership.objects.filter(
        user_id=user_id, organisation_id=organisation_id, ended_at__isnull=True
    ).exists()


def operates_platform(actor: Actor) -> bool:
    """The signed-in person keeps the service running; it says nothing about what they may read."""
    return (
        actor.user_id is not None
        and User.objects.filter(pk=actor.user_id, is_staff=True, is_active=True).exists()
    )
