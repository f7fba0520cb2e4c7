"""A lost phone: the organisation's administrator resets the second step, with a reason, in the record, by letter."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from socialvalue.accounts.models import User
from socialvalue.accounts.services.second_step import (
    ask_second_step,
    rename_oneself,
    reset_second_step,
    reset_second_step_of,
)
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import (
    AuthorityFactory,
    MembershipFactory,
    SupplierFactory,
    UserFactory,
    actor_of,
    user_with_role,
)
from tests.socialvalue.accounts.sign_in.steps import is_signed_in, sign_in, with_app

pytestmark = pytest.mark.django_db

WHY = "They came to my desk"


@pytest.fixture
def council():
    return AuthorityFactory(name="Ashford")


@pytest.fixture
def admin(council) -> User:
    return user_with_role(Role.ORGANISATION_ADMIN, council)


@pytest.fixture
def person(council) -> User:
    person = user_with_role(Role.APPROVER, council)
    with_app(person)
    return person


def has_any(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


def test_it_takes_everything_off_ends_sessions_is_recorded_and_written(admin, person, letters):
    # A session of before the app, which a thief of the phone may hold.
    device = Client()
    Authenticator.objects.filter(user=person).delete()
    sign_in(device, person)
    with_app(person)
    with letters():
        reset_second_step(actor=actor_of(admin), user_id=person.pk, reason=WHY)
    assert not has_any(person)
    assert device.get("/account/")["Location"].startswith("/account/login/")
    row = AuditRecord.objects.get(deed="second_step_reset")
    assert (row.target_type, row.target_id, row.user_id) == ("user", person.pk, admin.pk)
    assert row.sentence == f"The second step of {person} was reset. They came to my desk."
    assert row.before == {"second_steps": ["recovery_codes", "totp"]}
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([person.email], "Your second step was reset")
    assert f"{admin} of Ashford" in letter.body
    assert "They came to my desk." in letter.body
    fresh = Client()
    sign_in(fresh, person)
    assert is_signed_in(fresh)


def test_other_organisations_of_the_person_hear_of_it(admin, person, letters):
    elsewhere = AuthorityFactory()
    MembershipFactory(user=person, organisation=elsewhere, role=Role.AUDITOR)
    their_admin = user_with_role(Role.ORGANISATION_ADMIN, elsewhere)
    user_with_role(Role.AUDITOR, elsewhere)
    with letters():
        reset_second_step(actor=actor_of(admin), user_id=person.pk, reason=WHY)
    assert [letter.to for letter in mail.outbox] == [[person.email], [their_admin.email]]
    assert mail.outbox[1].subject == "A second step was reset"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ORGANISATION_ADMIN, Role.SUPPLIER_ADMIN}))
def test_nobody_but_an_administrator_resets(council, person, role):
    other = user_with_role(role, council)
    with pytest.raises(NotAllowed):
        reset_second_step(actor=actor_of(other), user_id=person.pk, reason=WHY)
    assert has_any(person)


def test_nobody_resets_their_own(admin):
    with_app(admin)
    with pytest.raises(NotAllowed, match="your own"):
        reset_second_step(actor=actor_of(admin), user_id=admin.pk, reason=WHY)
    assert has_any(admin)


def test_people_of_another_organisation_are_not_even_there(person):
    stranger = user_with_role(Role.ORGANISATION_ADMIN)
    with pytest.raises(NotVisible):
        reset_second_step(actor=actor_of(stranger), user_id=person.pk, reason=WHY)
    assert has_any(person)


def test_somebody_who_left_is_not_there_either(admin, person):
    person.memberships.update(ended_at=clock.now())
    with pytest.raises(NotVisible):
        reset_second_step(actor=actor_of(admin), user_id=person.pk, reason=WHY)


def test_a_supplier_does_not_weaken_an_account_of_an_authority(person):
    supplier = SupplierFactory()
    their_admin = user_with_role(Role.SUPPLIER_ADMIN, supplier)
    MembershipFactory(user=person, organisation=supplier, role=Role.SUPPLIER_CONTRIBUTOR)
    with pytest.raises(NotAllowed, match="also works for an authority"):
        reset_second_step(actor=actor_of(their_admin), user_id=person.pk, reason=WHY)
    assert has_any(person)


def test_an_operators_is_reset_by_the_platform_alone(admin, person, letters):
    User.objects.filter(pk=person.pk).update(is_staff=True)
    with pytest.raises(NotAllowed, match="runs the platform"):
        reset_second_step(actor=actor_of(admin), user_id=person.pk, reason=WHY)
    with pytest.raises(NotAllowed):
        reset_second_step_of(actor=actor_of(admin), email=person.email, reason=WHY)
    with letters():
        call_command("reset_second_step", person.email.upper(), reason=WHY)
    assert not has_any(person)
    assert "Social value system reset" in mail.outbox[0].body
    with pytest.raises(CommandError, match="Nobody has an account"):
        call_command("reset_second_step", "nobody@example.org", reason=WHY)
    with pytest.raises(CommandError, match="has no second step"):
        call_command("reset_second_step", person.email, reason=WHY)


def test_a_reason_is_asked_for_and_there_must_be_something(admin, person):
    actor = actor_of(admin)
    with pytest.raises(RuleBroken) as caught:
        reset_second_step(actor=actor, user_id=person.pk, reason="  ")
    assert caught.value.errors == [("reason", "Enter how you know that it is them")]
    plain = user_with_role(Role.AUDITOR, person.memberships.get().organisation)
    with pytest.raises(RuleBroken, match="nothing to reset"):
        reset_second_step(actor=actor, user_id=plain.pk, reason=WHY)
    assert not AuditRecord.objects.filter(deed="second_step_reset").exists()


def test_the_pages_from_the_list_to_the_deed(client, admin, person):
    client.force_login(admin)
    path = f"/organisations/sign-in/{person.pk}/reset/"
    body = client.get("/organisations/sign-in/").content.decode()
    assert path in body
    assert "Authenticator app" in body
    assert f"/organisations/sign-in/{admin.pk}/reset/" not in body
    assert "whoever knows their password gets in" in client.get(path).content.decode()
    answer = client.post(path, {"reason": ""})
    assert answer.status_code == 422
    assert "Enter how you know that it is them" in answer.content.decode()
    assert client.post(path, {"reason": WHY})["Location"] == "/organisations/sign-in/"
    assert not has_any(person)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ORGANISATION_ADMIN, 200), (Role.AUDITOR, 200), (Role.DIRECTORATE_MANAGER, 200),
     (Role.PROCUREMENT_OFFICER, 403), (Role.MEMBER, 403)],
)  # fmt: skip
def test_who_sees_how_people_sign_in(client, council, person, role, status):
    client.force_login(user_with_role(role, council))
    answer = client.get("/organisations/sign-in/")
    assert answer.status_code == status
    is_admin = role == Role.ORGANISATION_ADMIN
    assert (f"/{person.pk}/reset/" in answer.content.decode()) == is_admin
    assert (person.email in answer.content.decode()) == (status == 200)
    assert client.get(f"/organisations/sign-in/{person.pk}/reset/").status_code == (
        200 if is_admin else 403
    )


def test_the_list_names_nobody_of_another_organisation(client, admin):
    stranger = user_with_role(Role.APPROVER)
    client.force_login(admin)
    assert stranger.email not in client.get("/organisations/sign-in/").content.decode()
    assert client.get(f"/organisations/sign-in/{stranger.pk}/reset/").status_code == 404
    assert (
        client.post(f"/organisations/sign-in/{stranger.pk}/reset/", {"reason": WHY}).status_code
        == 404
    )


def test_the_list_costs_the_same_for_many(client, admin, council, django_assert_max_num_queries):
    client.force_login(admin)
    for _ in range(12):
        with_app(user_with_role(Role.APPROVER, council))
    with django_assert_max_num_queries(16):
        client.get("/organisations/sign-in/")


# --- an organisation asks its people ---------------------------------------------------------------------


def test_an_administrator_asks_and_takes_it_back(client, admin, council):
    client.force_login(admin)
    answer = client.post("/organisations/sign-in/", {"asks": "yes"})
    assert answer.status_code == 422
    assert "Set up a second step of your own first" in answer.content.decode()
    with_app(admin)
    assert client.post("/organisations/sign-in/", {"asks": "yes"}).status_code == 302
    council.refresh_from_db()
    assert council.asks_second_step
    client.post("/organisations/sign-in/", {"asks": "yes"})
    client.post("/organisations/sign-in/", {"asks": "no"})
    council.refresh_from_db()
    assert not council.asks_second_step
    said = list(
        AuditRecord.objects.filter(deed="second_step_asked")
        .order_by("pk")
        .values_list("sentence", flat=True)
    )
    assert said == [
        "Ashford asks all its people for a second step.",
        "Ashford leaves a second step to its people.",
    ]


def test_nobody_else_asks(council):
    for role in (Role.AUDITOR, Role.DIRECTORATE_MANAGER, Role.MEMBER):
        with pytest.raises(NotAllowed):
            ask_second_step(actor=actor_of(user_with_role(role, council)), asks=True)
    with pytest.raises(NotAllowed):
        ask_second_step(actor=SYSTEM, asks=True)


def test_a_name_is_somebodys_own(person):
    with pytest.raises(RuleBroken):
        rename_oneself(actor=actor_of(person), full_name="  ")
    rename_oneself(actor=actor_of(person), full_name=person.full_name)
    assert not AuditRecord.objects.filter(deed="person_renamed").exists()
    rename_oneself(actor=actor_of(person), full_name="Jo")
    assert AuditRecord.objects.get(deed="person_renamed").sentence.endswith(" is now called Jo.")
    with pytest.raises(NotAllowed):
        rename_oneself(actor=SYSTEM, full_name="Jo")
    assert UserFactory().full_name != "Jo"
