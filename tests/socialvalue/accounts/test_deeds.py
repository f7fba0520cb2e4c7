"""The table of roles and deeds, and the roles that nobody holds at once."""

from __future__ import annotations

from html import unescape
from itertools import combinations

import pytest

from socialvalue.accounts.permissions import allowed, for_deed, is_buyer, is_supplier
from socialvalue.accounts.rules import (
    APART,
    GROUPS,
    MAY,
    WRITES,
    deeds_of,
    held_apart,
    may,
    roles_at,
    roles_document,
)
from socialvalue.accounts.vocabulary import (
    BUYER_ROLES,
    REGION_ROLES,
    SUPPLIER_ROLES,
    Deed,
    OrganisationKind,
    Role,
)
from socialvalue.core.actor import Actor
from socialvalue.demo.people import SEATS
from tests.architecture.house import ROOT
from tests.factories.accounts import user_with_role


def test_every_deed_stands_in_the_table_once():
    told = [deed for group in GROUPS.values() for deed in group]
    assert sorted(told) == sorted(Deed)
    assert set(MAY) == set(Deed)


def test_every_deed_is_for_somebody_and_every_role_but_the_member_may_do_something():
    assert [deed for deed, roles in MAY.items() if not roles] == []
    assert [role for role in Role if not deeds_of(role)] == [Role.MEMBER]


def test_the_labels_read_after_may_and_no_two_are_alike():
    labels = [deed.label for deed in Deed]
    assert len(set(labels)) == len(labels)
    assert [label for label in labels if not label[0].islower() or label.endswith(".")] == []


def test_an_auditor_reads_and_writes_nothing():
    assert [deed for deed in deeds_of(Role.AUDITOR) if deed in WRITES] == []
    kept = {Deed.READ_REGION, Deed.READ_SUPPLIER}  # another organisation's rows
    assert set(GROUPS["Reading"]) - set(deeds_of(Role.AUDITOR)) == kept


def test_no_role_of_one_side_may_do_a_deed_of_the_other():
    both = {
        Deed.READ_PEOPLE,
        Deed.READ_RECORD,
        Deed.MANAGE_PEOPLE,
        Deed.DESCRIBE_ORGANISATION,
        Deed.SPEAK_ON_SHORTFALL,
        Deed.BE_REMINDED,
    }
    mixed = {deed for deed, roles in MAY.items() if roles & BUYER_ROLES and roles & SUPPLIER_ROLES}
    assert mixed == both


@pytest.mark.parametrize(
    ("proposes", "answers"),
    [
        (Deed.PROPOSE_AWARD, Deed.APPROVE_AWARD),
        (Deed.MANAGE_CONTRACT, Deed.DECIDE_REMEDY),
        (Deed.WRITE_REPORT, Deed.SIGN_REPORT),
        (Deed.WRITE_STORY, Deed.ANSWER_STORY),
        (Deed.CLAIM_DELIVERY, Deed.VERIFY_CLAIMS),
        (Deed.PREPARE_PROCUREMENT, Deed.ANSWER_OVERRIDE),
    ],
)
def test_no_role_and_no_pair_that_may_be_held_does_both_ends(proposes, answers):
    """But the policy owner, who answers overrides: there the room asks that it is a second person."""
    ends = (MAY[proposes], MAY[answers])
    assert not ends[0] & ends[1]
    for one in ends[0] - {Role.POLICY_OWNER}:
        for other in ends[1] - {Role.POLICY_OWNER}:
            sides = {one in BUYER_ROLES, other in BUYER_ROLES}
            assert len(sides) == 2 or held_apart({one, other}) is not None, (one, other)


def test_an_auditor_holds_no_other_role_that_does_anything():
    for role in BUYER_ROLES - {Role.AUDITOR}:
        found = held_apart([Role.AUDITOR, role])
        assert found is not None
        assert role.label.lower() in found.sentence
    assert held_apart([Role.AUDITOR]) is None
    assert held_apart([Role.AUDITOR, Role.MEMBER]) is None


def test_three_people_can_run_a_small_council():
    acts = {Role.PROCUREMENT_OFFICER, Role.CONTRACT_MANAGER, Role.REPORT_AUTHOR, Role.EVALUATOR}
    approves = {Role.APPROVER, Role.POLICY_OWNER, Role.DIRECTORATE_MANAGER, Role.ORGANISATION_ADMIN}
    assert [held_apart(roles) for roles in (acts, approves, {Role.AUDITOR})] == [None, None, None]
    assert acts | approves | {Role.AUDITOR} == BUYER_ROLES - REGION_ROLES


def test_the_pairs_name_each_other_once():
    pairs = [frozenset({pair.one, pair.other}) for pair in APART]
    assert len(set(pairs)) == len(pairs)
    assert [pair for pair in pairs if len(pair) != 2] == []


def test_every_person_of_the_demonstration_could_be_granted_what_they_hold():
    for slug, seats in SEATS.items():
        possible = roles_at(OrganisationKind.COUNCIL, leads_region=slug == "wmca")
        assert [seat.role for seat in seats if seat.role not in possible] == []


def test_what_can_be_granted_follows_the_kind_of_organisation():
    council = set(roles_at(OrganisationKind.COUNCIL, leads_region=False))
    lead = set(roles_at(OrganisationKind.COMBINED_AUTHORITY, leads_region=True))
    supplier = set(roles_at(OrganisationKind.SUPPLIER, leads_region=False))
    assert council == BUYER_ROLES - REGION_ROLES
    assert lead == BUYER_ROLES
    assert supplier == SUPPLIER_ROLES


def test_may_asks_any_of_the_roles_held():
    assert may({Role.AUDITOR, Role.CONTRACT_MANAGER}, Deed.VERIFY_CLAIMS)
    assert not may({Role.AUDITOR, Role.POLICY_OWNER}, Deed.VERIFY_CLAIMS)
    assert not may((), Deed.READ_AUTHORITY)
    assert not may(["nobody"], Deed.READ_AUTHORITY)


@pytest.mark.parametrize("role", list(Role))
def test_a_side_is_the_role_and_the_kind_of_organisation(role):
    at = {
        kind: Actor(user_id=1, organisation_id=1, organisation_kind=kind, roles=frozenset({role}))
        for kind in OrganisationKind
    }
    buys = [
        is_buyer(at[kind])
        for kind in (OrganisationKind.COUNCIL, OrganisationKind.COMBINED_AUTHORITY)
    ]
    assert buys == [role in BUYER_ROLES] * 2
    assert is_supplier(at[OrganisationKind.SUPPLIER]) is (role in SUPPLIER_ROLES)
    assert not is_buyer(at[OrganisationKind.SUPPLIER])
    assert not is_supplier(at[OrganisationKind.COUNCIL])


def test_a_page_says_who_it_is_for():
    access = for_deed(Deed.RECORD_SIGNATURE)
    assert access.name == "roles: contract_manager, procurement_officer"
    assert access.reason == (
        "This page is for a contract manager or procurement officer. "
        "Ask your organisation's administrator for that role."
    )
    held = Actor(user_id=1, roles=frozenset({Role.CONTRACT_MANAGER}))
    assert access.allows(held)
    assert allowed(held, Deed.APPROVE_AWARD, Deed.RECORD_SIGNATURE)
    assert not allowed(held, Deed.APPROVE_AWARD)


def test_of_any_two_roles_it_is_said_once_whether_they_go_together():
    """A control of the rule itself: ten pairs with the auditor, three with the approver; all others go together."""
    apart = [pair for pair in combinations(BUYER_ROLES, 2) if held_apart(pair)]
    assert len(apart) == len(APART) == 13


def test_the_document_is_made_from_the_table():
    """``manage.py roles > docs/roles.md`` when this fails."""
    kept = (ROOT / "docs/roles.md").read_text()
    assert kept == roles_document()
    for deed in Deed:
        assert kept.count(f"| {deed.label[:1].upper()}{deed.label[1:]} |") == 1


@pytest.mark.django_db
def test_the_page_says_what_the_table_says(client):
    client.force_login(user_with_role(Role.SUPPLIER_CONTRIBUTOR))
    page = client.get("/organisations/roles/")
    shown = {deed: frozenset(roles) for _, deeds in page.context["groups"] for deed, roles in deeds}
    assert shown == MAY
    text = unescape(page.content.decode())
    assert [deed for deed in Deed if f"{deed.label[:1].upper()}{deed.label[1:]}" not in text] == []
    assert [pair for pair in APART if pair.why[1:] not in text] == []
    mine = [role for role, _ in page.context["mine"]]
    assert mine == [Role.SUPPLIER_CONTRIBUTOR]


@pytest.mark.django_db
def test_the_page_is_for_everybody_signed_in_and_names_who_grants(client):
    assert client.get("/organisations/roles/").status_code == 302
    admin = user_with_role(Role.ORGANISATION_ADMIN)
    elsewhere = user_with_role(Role.ORGANISATION_ADMIN)
    home = admin.memberships.get().organisation
    client.force_login(user_with_role(Role.MEMBER, home))
    text = client.get("/organisations/roles/").content.decode()
    assert f"Roles are granted by {admin.full_name}." in text
    assert elsewhere.full_name not in text
    assert "/organisations/people/" not in text
