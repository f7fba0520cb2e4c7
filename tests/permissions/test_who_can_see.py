"""What a page says about who can see it is what happens when they try."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from socialvalue.accounts.models import User
from socialvalue.accounts.queries import actor_for
from socialvalue.accounts.rules import elsewhere, everybody, people_of, people_of_any, sees
from socialvalue.accounts.vocabulary import BUYER_ROLES, SUPPLIER_ROLES, Deed, Role
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS, Actor
from tests.factories.accounts import (
    AuthorityFactory,
    SupplierFactory,
    UserFactory,
    actor_for_role,
)
from tests.factories.cabinet import draft as report_draft
from tests.factories.deliveries import World, claim, world
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of
from tests.factories.showcase import author_of, drafted
from tests.factories.tenders import NOW, load_everything, published, started

pytestmark = pytest.mark.django_db


# --- in words -------------------------------------------------------------------------------------


def test_people_are_named_by_what_they_may_do():
    one = people_of("Anytown", 1, Deed.READ_REPORT_DRAFTS, what="the draft", until="it is frozen")
    assert str(one) == (
        "Approvers, auditors, policy owners and report authors of Anytown: the draft, until it is frozen"
    )
    assert people_of("Anytown", 1, Deed.READ_AUTHORITY, what="x").who == (
        "Everybody who works for Anytown"
    )
    assert people_of("A firm", 2, Deed.READ_SUPPLIER, what="x").who == (
        "Everybody who works for A firm"
    )
    assert (
        people_of("Anytown", 1, Deed.VERIFY_CLAIMS, what="x").who == "Contract managers of Anytown"
    )


def test_a_role_counts_at_its_own_organisation_and_side():
    sight = people_of("Anytown", 1, Deed.READ_AUTHORITY, what="x")
    auditor = Actor(
        user_id=1, organisation_id=1, organisation_kind="council", roles=frozenset({Role.AUDITOR})
    )
    assert sees(auditor, [sight])
    assert not sees(
        Actor(user_id=1, organisation_id=2, organisation_kind="council", roles=auditor.roles),
        [sight],
    )
    assert not sees(Actor(user_id=1, organisation_id=1, organisation_kind="council"), [sight])
    assert not sees(
        Actor(user_id=1, organisation_id=1, organisation_kind="supplier", roles=auditor.roles),
        [sight],
    )
    assert not sees(ANONYMOUS, [sight, people_of_any("x"), elsewhere(everybody("x"))])
    assert sees(ANONYMOUS, [everybody("x")])


# --- and on the pages -----------------------------------------------------------------------------


@pytest.fixture
def made():
    return world()


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def everyone(made: World) -> dict[str, User | None]:
    """By name, people of every kind: both parties in each role, and others who must not."""
    few = {Role.PROCUREMENT_OFFICER, Role.AUDITOR}
    places = {
        "the authority": (made.authority, BUYER_ROLES),
        "another authority": (AuthorityFactory(), few),
        "a region": (AuthorityFactory(kind="combined_authority"), few | {Role.REGIONAL_ANALYST}),
        "the supplier": (made.supplier, SUPPLIER_ROLES),
        "another supplier": (SupplierFactory(), {Role.SUPPLIER_ADMIN}),
    }
    found: dict[str, User | None] = {
        f"{role} of {name}": User.objects.get(pk=actor_for_role(role, place).user_id)
        for name, (place, held) in places.items()
        for role in sorted(held)
    }
    member = actor_for_role(Role.MEMBER, made.authority)
    return found | {
        "member without rights": User.objects.get(pk=member.user_id),
        "platform operator": UserFactory(is_staff=True),
        "nobody signed in": None,
    }


def of_contract(made):
    return f"/contracts/{made.contract.pk}/"


def of_plan(made):
    return f"/contracts/{made.contract.pk}/plan/"


def of_claim(made):
    return f"/deliveries/{claim(made.claimant, made.hours).pk}/"


def of_procurement(made):
    load_law_and_policies()
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, made.authority)
    return f"/procurements/{procurement_of(officer).pk}/"


def of_tender(made):
    found = started()
    return f"/procurements/{found.procurement.pk}/tender/", found.authority


def of_evaluation(made):
    found = published()
    return f"/procurements/{found.procurement.pk}/evaluation/", found.authority


def of_story(made):
    return f"/reports/stories/{drafted(author_of(made.authority)).pk}/"


def of_report(made):
    return f"/reports/{report_draft(actor_for_role(Role.REPORT_AUTHOR, made.authority)).pk}/"


def of_policy(made):
    load_law_and_policies()
    return "/policy/"


def of_edition(made):
    load_everything()
    return "/measures/"


@pytest.mark.parametrize(
    "page",
    [
        of_procurement,
        of_tender,
        of_evaluation,
        of_contract,
        of_plan,
        of_claim,
        of_report,
        of_story,
        of_policy,
        of_edition,
    ],
)
def test_everybody_named_opens_it_and_nobody_else(made, page):
    path = page(made)
    if isinstance(path, tuple):
        path, authority = path
        made = replace(made, authority=authority)
    people = everyone(made)
    answers = {name: client_of(user).get(path) for name, user in people.items()}
    shown = next(answer for answer in answers.values() if answer.status_code == 200)
    told = shown.context["people"]
    assert all(row.who and row.what for row in told)
    opened = {name for name, answer in answers.items() if answer.status_code == 200}
    named = {
        name for name, user in people.items() if sees(actor_for(user) if user else ANONYMOUS, told)
    }
    assert opened == named
    assert len(opened) < len(people), "somebody of the sample must be kept out"
    assert "Who can see this" in shown.content.decode()


def test_the_bidder_is_told_who_sees_its_offer_and_that_is_who_opens_it(made):
    found = published()
    path = f"/bids/{found.tender.pk}/"
    bidder, rival = found.suppliers
    people = everyone(replace(made, authority=found.authority, supplier=bidder))
    people["rival that is not invited"] = people.pop("supplier_admin of another supplier")
    people["rival that is invited"] = User.objects.get(pk=found.bidders[1].user_id)
    with clock.at(NOW):
        answers = {name: client_of(user).get(path) for name, user in people.items()}
    told = answers[f"{Role.SUPPLIER_ADMIN} of the supplier"].context["people"]
    assert str(told[0]) == (
        f"Everybody who works for {bidder.name}: your offer, always; people of other bidders never do"
    )
    assert "nothing before 1 April 2026, midday" in str(told[1])
    shown = {name for name, answer in answers.items() if answer.status_code == 200}
    assert shown == {
        *(f"{role} of the supplier" for role in SUPPLIER_ROLES),
        "rival that is invited",
    }
    # The rival opens the page of its own offer.
    assert rival.name in str(answers["rival that is invited"].context["people"][0])
    named = {
        name for name, user in people.items() if sees(actor_for(user) if user else ANONYMOUS, told)
    }
    assert named == shown - {"rival that is invited"}
