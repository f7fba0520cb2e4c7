"""The organisations and people of the demonstration. People are roles, not names; suppliers do not exist."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from socialvalue.accounts import queries as accounts
from socialvalue.accounts.services import (
    add_organisation,
    add_person,
    describe_organisation,
    describe_place,
    grant_role,
    invite,
    load_organisations,
    share_password,
)
from socialvalue.accounts.services.platform import add_operator
from socialvalue.accounts.vocabulary import OrganisationKind, Role
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.errors import NotVisible

if TYPE_CHECKING:
    from socialvalue.accounts.models import User

PASSWORD = "social-value-demo"  # noqa: S105 - printed beside the sign-ins: the demonstration holds no secret


@dataclass(frozen=True, slots=True)
class Seat:
    """One person of the demonstration: the mailbox before the @, and the role held."""

    mailbox: str
    role: Role
    remark: str = ""
    """What tells two people of one role apart."""
    also: tuple[Role, ...] = ()
    """Other roles of the same person."""

    def at(self, organisation: str) -> str:
        """``Evaluator, Warwickshire (second)``"""
        return f"{self.role.label}, {organisation}{self.remark}"


AUTHORITIES = {
    "warwickshire": "Warwickshire",
    "birmingham": "Birmingham",
    "coventry": "Coventry",
    "solihull": "Solihull",
    "wmca": "WMCA",
}
"""Those that are populated; every other member of the region stands empty, as on the first day."""

SECOND_EVALUATOR = Seat("evaluator-two", Role.EVALUATOR, " (second)")

BUYING = (
    Seat("officer", Role.PROCUREMENT_OFFICER),
    Seat("evaluator", Role.EVALUATOR),
    SECOND_EVALUATOR,
    Seat("contracts", Role.CONTRACT_MANAGER),
    Seat("approver", Role.APPROVER),
    Seat("manager", Role.DIRECTORATE_MANAGER),
)
"""Whom an authority needs to buy, and to say what the region and the public see."""

SEATS = {
    "warwickshire": (
        Seat("officer", Role.PROCUREMENT_OFFICER),
        Seat("evaluator", Role.EVALUATOR),
        SECOND_EVALUATOR,
        Seat("contracts", Role.CONTRACT_MANAGER),
        Seat("author", Role.REPORT_AUTHOR),
        Seat("approver", Role.APPROVER),
        Seat("policy", Role.POLICY_OWNER),
        Seat("manager", Role.DIRECTORATE_MANAGER),
        Seat("auditor", Role.AUDITOR),
        Seat("admin", Role.ORGANISATION_ADMIN),
    ),
    "birmingham": (*BUYING, Seat("author", Role.REPORT_AUTHOR)),
    "coventry": BUYING,
    "solihull": BUYING,
    "wmca": (
        Seat("analyst", Role.REGIONAL_ANALYST),
        Seat("author", Role.REPORT_AUTHOR, " (and regional analyst)", (Role.REGIONAL_ANALYST,)),
        Seat("region", Role.REGIONAL_ADMIN),
        *BUYING,
        Seat("policy", Role.POLICY_OWNER),
    ),
}


@dataclass(frozen=True, slots=True)
class Supplier:
    """An invented supplier. ``is_sme`` and ``is_vcse`` as its own declaration would say."""

    slug: str
    name: str
    is_sme: bool
    is_vcse: bool
    postcode_district: str
    place: str


SUPPLIERS = (
    Supplier("puddlestone", "Puddlestone Highways plc", False, False, "CV34", "warwick"),
    Supplier(
        "bramblewick", "Bramblewick Home Care CIC", True, True, "CV11", "nuneaton-and-bedworth"
    ),
    Supplier(
        "quillfeather", "Quillfeather Civil Works Ltd", True, False, "B46", "north-warwickshire"
    ),
    Supplier(
        "marrowfat", "Marrowfat Catering Co-operative", True, True, "CV37", "stratford-on-avon"
    ),
    Supplier("tumbledown", "Tumbledown Grounds Ltd", True, False, "CV21", "rugby"),
    Supplier("copperkettle", "Copperkettle Cleaning Ltd", True, False, "WV1", "wolverhampton"),
    Supplier("thistledown", "Thistledown Digital Ltd", True, False, "B4", "birmingham"),
    Supplier("larkspindle", "Larkspindle Construction plc", False, False, "B37", "solihull"),
    Supplier("gorsebell", "Gorsebell Energy Retrofit Ltd", True, False, "B11", "birmingham"),
    Supplier("hazelwhistle", "Hazelwhistle Training CIC", True, True, "CV1", "coventry"),
    Supplier(
        "wobblegate", "Wobblegate Transport Ltd", True, False, "CV10", "nuneaton-and-bedworth"
    ),
    Supplier("otterbank", "Otterbank Shelters Ltd", True, False, "B70", "sandwell"),
    Supplier("teasel", "Teasel and Tansy Consulting LLP", True, False, "B3", "birmingham"),
    Supplier("foxglove", "Foxglove Lantern Community Trust", True, True, "B29", "birmingham"),
)
DELIVERY_SUPPLIERS = ("puddlestone", "bramblewick")
"""Where a second person, a contributor, reports what was delivered."""
WITH_PASSWORD = (
    "warwickshire", "puddlestone", "bramblewick", "marrowfat", "wmca", "birmingham", "coventry",
)  # fmt: skip


def address(mailbox: str, slug: str) -> str:
    return f"{mailbox}@{slug}.example"


@dataclass
class Cast:
    """Finds the actor for an organisation and a role, once each."""

    known: dict[tuple[str, Role, int], Actor] = field(default_factory=dict)

    def at(self, slug: str, role: Role, place: int = 0) -> Actor:
        """The actor of the person who holds this role there, the first of several. NotVisible when nobody does."""
        if (slug, role, place) not in self.known:
            self.known[slug, role, place] = _actor(slug, role, place)
        return self.known[slug, role, place]

    def supplier(self, slug: str) -> Actor:
        return self.at(slug, Role.SUPPLIER_ADMIN)

    def reporter(self, slug: str) -> Actor:
        """Who reports deliveries for a supplier."""
        if slug in DELIVERY_SUPPLIERS:
            return self.at(slug, Role.SUPPLIER_CONTRIBUTOR)
        return self.supplier(slug)


def _actor(slug: str, role: Role, place: int) -> Actor:
    held = [seat for seat in seats_of(slug) if seat.role == role]
    seat = held[place] if place < len(held) else None
    person = accounts.user_by_email(address(seat.mailbox, slug)) if seat else None
    if person is None:
        raise NotVisible(f"Nobody in the demonstration is {role.label.lower()} at {slug}.")
    return accounts.actor_for(person, slug)


def seats_of(slug: str) -> tuple[Seat, ...]:
    if slug in SEATS:
        return SEATS[slug]
    bids = Seat("bids", Role.SUPPLIER_ADMIN)
    if slug in DELIVERY_SUPPLIERS:
        return (bids, Seat("delivery", Role.SUPPLIER_CONTRIBUTOR))
    return (bids,)


def is_unsettled(cast: Cast) -> bool:
    """Whether somebody has no seat yet, nobody is invited, or nobody runs the platform."""
    try:
        cast.at("wmca", Role.REGIONAL_ADMIN)
        admin = cast.at("warwickshire", Role.ORGANISATION_ADMIN)
    except NotVisible:
        return True
    return not accounts.open_invitations(admin) or accounts.user_by_email(OPERATOR_EMAIL) is None


OPERATOR, OPERATOR_EMAIL = "Platform operator", "operator@platform.example"
"""Who keeps the service running. Belongs to no organisation, and has no access to any."""

INVITED = "newcomer@warwickshire.example"
"""Somebody who has not answered yet: the letter is in nobody's mailbox, and the list shows who waits."""


def invite_newcomer() -> None:
    """A pending invitation to Warwickshire. Running it again changes nothing."""
    admin = Cast().at("warwickshire", Role.ORGANISATION_ADMIN)
    if any(row.email == INVITED for row in accounts.open_invitations(admin)):
        return
    invite(actor=admin, email=INVITED, roles=[Role.EVALUATOR, Role.CONTRACT_MANAGER])


def load_region() -> None:
    """The region and its authorities, every one marked as demonstration."""
    load_organisations(actor=SYSTEM, demonstration=True)


def settle() -> None:
    """Add the suppliers, everybody's seat, and who runs the platform. Running it twice changes nothing."""
    for supplier in SUPPLIERS:
        _add_supplier(supplier)
    names = AUTHORITIES | {supplier.slug: supplier.name for supplier in SUPPLIERS}
    seated = {slug: _seat_people(slug, name) for slug, name in names.items()}
    # A password is slow to hash by design: once for everybody who signs in, and none for the others.
    signing_in = [person for slug in WITH_PASSWORD for person in seated[slug]]
    signing_in.append(add_operator(actor=SYSTEM, email=OPERATOR_EMAIL, full_name=OPERATOR))
    share_password(actor=SYSTEM, people=signing_in, password=PASSWORD)
    _say_where(Cast())


def _add_supplier(supplier: Supplier) -> None:
    try:
        accounts.organisation(supplier.slug)
    except NotVisible:
        add_organisation(
            actor=SYSTEM,
            kind=OrganisationKind.SUPPLIER,
            name=supplier.name,
            slug=supplier.slug,
            is_sme=supplier.is_sme,
            is_vcse=supplier.is_vcse,
            postcode_district=supplier.postcode_district,
            is_demonstration=True,
        )


def _say_where(cast: Cast) -> None:
    """The council area of the county and of every supplier, so that spending with local suppliers can be told."""
    county = cast.at("warwickshire", Role.ORGANISATION_ADMIN)
    describe_place(actor=county, postcode_district="", place="warwickshire")
    for supplier in SUPPLIERS:
        describe_organisation(
            actor=cast.supplier(supplier.slug),
            company_number="",
            is_sme=supplier.is_sme,
            is_vcse=supplier.is_vcse,
            postcode_district=supplier.postcode_district,
            place=supplier.place,
        )


@transaction.atomic
def _seat_people(slug: str, name: str) -> list[User]:
    organisation = accounts.organisation(slug)
    seated = []
    for seat in seats_of(slug):
        person = add_person(
            actor=SYSTEM,
            email=address(seat.mailbox, slug),
            full_name=seat.at(name),
            password=None,
        )
        for role in (seat.role, *seat.also):
            grant_role(actor=SYSTEM, user=person, organisation=organisation, role=role)
        seated.append(person)
    return seated


def sign_ins() -> list[tuple[str, str, str]]:
    """Role, e-mail and password of everybody who can sign in: Warwickshire's thread first, the platform last."""
    names = AUTHORITIES | {supplier.slug: supplier.name for supplier in SUPPLIERS}
    seated = [
        (seat.at(names[slug]), address(seat.mailbox, slug), PASSWORD)
        for slug in WITH_PASSWORD
        for seat in seats_of(slug)
    ]
    return [*seated, (OPERATOR, OPERATOR_EMAIL, PASSWORD)]
