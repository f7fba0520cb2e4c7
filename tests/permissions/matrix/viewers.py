"""Who looks: nobody, each role where the thing is, and people of everywhere else."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from socialvalue.accounts.models import Membership, Organisation, Region, User
from socialvalue.accounts.queries import actor_for, organisation
from socialvalue.accounts.services.platform import open_platform_access
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock

OWNER, SUPPLIER, RIVAL = "warwickshire", "puddlestone", "thistledown"
"""Whose things are looked at, who supplies them, and a supplier that has nothing to do with either."""
LEAD, OTHER, THIRD = "wmca", "birmingham", "coventry"
OTHER_LEAD = "shropshire"
"""An authority that leads a region of its own, which the owner is not in."""
REASON = "Looking, as the matrix of permissions does."


@dataclass(frozen=True, slots=True)
class Viewer:
    """One pair of eyes. ``place`` is the slug of where they act, empty for nobody; ``roles`` what they hold there."""

    name: str
    place: str = ""
    roles: frozenset[str] = frozenset()
    leads: bool = False
    is_operator: bool = False
    has_whole_service: bool = False
    mailbox: str = ""

    @property
    def is_signed_in(self) -> bool:
        return self.name != "nobody signed in"


def _at(place: str, role: Role, mailbox: str = "", *, leads: bool = False) -> Viewer:
    name = f"{role.value} at {place}"
    return Viewer(name, place, frozenset({role.value}), leads=leads, mailbox=mailbox)


NOBODY = Viewer("nobody signed in")
OPERATOR = Viewer("platform operator without an access", is_operator=True)
LOOKING_IN = Viewer(
    f"platform operator with an access to {OWNER}",
    OWNER,
    frozenset({Role.AUDITOR.value}),
    is_operator=True,
)
ALL_SERVICE = Viewer(
    "platform operator with an access to the whole service",
    is_operator=True,
    has_whole_service=True,
)

VIEWERS = (
    NOBODY,
    _at(OWNER, Role.MEMBER),
    _at(OWNER, Role.PROCUREMENT_OFFICER, "officer"),
    _at(OWNER, Role.EVALUATOR, "evaluator"),
    _at(OWNER, Role.CONTRACT_MANAGER, "contracts"),
    _at(OWNER, Role.REPORT_AUTHOR, "author"),
    _at(OWNER, Role.APPROVER, "approver"),
    _at(OWNER, Role.POLICY_OWNER, "policy"),
    _at(OWNER, Role.DIRECTORATE_MANAGER, "manager"),
    _at(OWNER, Role.AUDITOR, "auditor"),
    _at(OWNER, Role.ORGANISATION_ADMIN, "admin"),
    _at(OTHER, Role.PROCUREMENT_OFFICER, "officer"),
    _at(OTHER, Role.CONTRACT_MANAGER, "contracts"),
    _at(OTHER, Role.REPORT_AUTHOR, "author"),
    _at(OTHER, Role.AUDITOR),
    _at(OTHER, Role.ORGANISATION_ADMIN),
    _at(THIRD, Role.APPROVER, "approver"),
    _at(THIRD, Role.POLICY_OWNER),
    _at(LEAD, Role.REGIONAL_ANALYST, "analyst", leads=True),
    _at(LEAD, Role.REGIONAL_ADMIN, "region", leads=True),
    _at(LEAD, Role.POLICY_OWNER, "policy", leads=True),
    _at(OTHER_LEAD, Role.REGIONAL_ANALYST, leads=True),
    _at(OTHER_LEAD, Role.REGIONAL_ADMIN, leads=True),
    _at(SUPPLIER, Role.SUPPLIER_ADMIN, "bids"),
    _at(SUPPLIER, Role.SUPPLIER_CONTRIBUTOR, "delivery"),
    _at(SUPPLIER, Role.MEMBER),
    _at(RIVAL, Role.SUPPLIER_ADMIN, "bids"),
    _at(RIVAL, Role.SUPPLIER_CONTRIBUTOR),
    OPERATOR,
    LOOKING_IN,
    ALL_SERVICE,
)
BY_NAME = {viewer.name: viewer for viewer in VIEWERS}
STRANGERS = frozenset(
    viewer.name
    for viewer in VIEWERS
    if viewer.place not in (OWNER, SUPPLIER, LEAD) and not viewer.has_whole_service
)
"""They have no part in anything of the owner's. The region reads its totals, and the supplier its own."""


def enter_all() -> None:
    """Everybody of the list has an account, and the other region its lead."""
    lead = Organisation.objects.get(slug=OTHER_LEAD)
    Region.objects.get_or_create(
        slug="somewhere-else", defaults={"name": "Somewhere Else", "lead": lead}
    )
    for viewer in VIEWERS:
        if viewer.is_signed_in:
            person_of(viewer)


def email_of(viewer: Viewer) -> str:
    if viewer.mailbox:
        return f"{viewer.mailbox}@{viewer.place}.example"
    return "-".join(viewer.name.replace("_", " ").split()) + "@matrix.example"


def person_of(viewer: Viewer) -> User:
    """The account of this viewer, made when the demonstration has none."""
    email = email_of(viewer)
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(
            email=email,
            full_name=f"Matrix {VIEWERS.index(viewer)}",
            password=None,
        )
        if viewer.is_operator:
            User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
            user.refresh_from_db()
        else:
            (role,) = viewer.roles
            # By the table: nobody grants "member", single sign-on gives it.
            Membership.objects.create(
                user=user,
                organisation=organisation(viewer.place),
                role=role,
                granted_at=clock.now(),
            )
    return user


def client_of(viewer: Viewer) -> Client:
    client = Client(raise_request_exception=False)
    if not viewer.is_signed_in:
        return client
    user = person_of(viewer)
    client.force_login(user)
    if viewer.is_operator and (viewer.place or viewer.has_whole_service):
        open_platform_access(
            actor=actor_for(user), organisation_slug=viewer.place, reason=REASON, hours=1
        )
    return client
