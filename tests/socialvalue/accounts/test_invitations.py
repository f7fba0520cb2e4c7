"""Invitations: a link that works once, for seven days, for the address it was sent to."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.test import Client

from socialvalue.accounts import queries, services
from socialvalue.accounts.models import Invitation, Membership, User
from socialvalue.accounts.rules import digest_of
from socialvalue.accounts.services import invitations as service
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS, SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import (
    AuthorityFactory,
    MembershipFactory,
    SupplierFactory,
    UserFactory,
    actor_of,
    user_with_role,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WEEK = timedelta(days=7)
EMAIL = "newcomer@example.org"
PASSWORD = "walnut-harvest-basket"
ROLES = [Role.EVALUATOR, Role.CONTRACT_MANAGER]
TYPED = {"full_name": "New Comer", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW), run_inline():
        yield


@pytest.fixture
def council():
    return AuthorityFactory(name="Fictional Council")


@pytest.fixture
def admin(council):
    return actor_of(user_with_role(Role.ORGANISATION_ADMIN, council))


@pytest.fixture
def written(django_capture_on_commit_callbacks):
    """Does something and gives the letters it sent."""

    def run(deed):
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        return mail.outbox[before:]

    return run


@pytest.fixture
def invited(admin, written):
    """Invites an address and gives the path in its letter."""

    def run(email=EMAIL, roles=ROLES, actor=admin):
        (letter,) = written(lambda: services.invite(actor=actor, email=email, roles=roles))
        return path_in(letter)

    return run


def path_in(letter):
    return re.search(r"^http://127\.0\.0\.1:8000(/invitations/\S+/)$", letter.body, re.M)[1]


def token_of(path):
    return path.split("/")[2]


def held(user, organisation):
    rows = Membership.objects.filter(user=user, organisation=organisation, ended_at__isnull=True)
    return set(rows.values_list("role", flat=True))


# --- inviting -----------------------------------------------------------------------------------------


def test_the_letter_says_who_to_what_and_the_subject_says_nothing(admin, written):
    (letter,) = written(
        lambda: services.invite(actor=admin, email=f" {EMAIL.upper()} ", roles=ROLES)
    )
    assert letter.to == [EMAIL]
    assert letter.subject == "An invitation to the social value service"
    assert f"{admin.name} invites you to act for Fictional Council, as:" in letter.body
    assert "- Evaluator\n- Contract manager" in letter.body or (
        "- Contract manager\n- Evaluator" in letter.body
    )
    assert "11 May 2026, 11am, UK time" in letter.body


def test_only_the_digest_of_the_link_is_stored(invited, admin):
    path = invited()
    row = Invitation.objects.get()
    assert row.token_digest == digest_of(token_of(path))
    assert len(token_of(path)) == 43
    stored = [str(value) for value in Invitation.objects.values_list().get()]
    assert [text for text in stored if token_of(path) in text] == []
    assert (row.email, row.roles, row.invited_by_id) == (
        EMAIL,
        ["contract_manager", "evaluator"],
        admin.user_id,
    )
    assert (row.invited_at, row.expires_at) == (NOW, NOW + WEEK)


def test_the_record_keeps_no_address_for_ever(invited, council):
    invited()
    row = AuditRecord.objects.get()
    assert row.deed == "person_invited"
    assert row.sentence == (
        "Somebody was invited to Fictional Council as contract manager and evaluator."
    )
    assert EMAIL not in f"{row.sentence} {row.before} {row.after}"


def test_what_comes_back_is_the_same_whether_or_not_the_address_is_known(client, admin, written):
    client.force_login(User.objects.get(pk=admin.user_id))
    known = user_with_role(Role.SUPPLIER_ADMIN)
    answers, letters = [], []
    for email in (EMAIL, known.email):
        sent = {"email": email, "roles": ["evaluator"]}
        letters += written(
            lambda sent=sent: answers.append(
                client.post("/organisations/people/invite/", sent, follow=True)
            )
        )
    first, second = (
        re.sub(r"(csrfmiddlewaretoken|nonce=)[^>]+", "", a.content.decode()).replace(e, "X")
        for a, e in zip(answers, (EMAIL, known.email), strict=True)
    )
    assert first[: first.index("Invited, not here yet")] == second[: second.index("Invited, not")]
    plain = [
        re.sub(r"/invitations/\S+", "", letter.body).replace(letter.to[0], "X")
        for letter in letters
    ]
    assert plain[0] == plain[1]
    assert {letter.subject for letter in letters} == {"An invitation to the social value service"}


@pytest.mark.parametrize(
    ("email", "roles", "box", "said"),
    [
        ("nobody", ROLES, "email", "Enter an e-mail address like name@example.com"),
        (EMAIL, [], "roles", "Select at least one role"),
        (EMAIL, [Role.AUDITOR, Role.EVALUATOR], "roles", "One person cannot be auditor and evaluator"),
        (EMAIL, [Role.SUPPLIER_ADMIN], "roles", "There is no supplier administrator"),
        (EMAIL, [Role.REGIONAL_ADMIN], "roles", "There is no regional administrator"),
    ],
)  # fmt: skip
def test_what_cannot_be_invited_is_refused_beside_its_box(admin, written, email, roles, box, said):
    with pytest.raises(RuleBroken) as refused:
        services.invite(actor=admin, email=email, roles=roles)
    assert refused.value.errors[0][0] == box
    assert said in refused.value.errors[0][1]
    assert Invitation.objects.count() == 0


def test_nobody_invites_themselves_or_who_belongs_here(admin, council):
    mine = User.objects.get(pk=admin.user_id).email
    with pytest.raises(RuleBroken, match="nobody grants themselves"):
        services.invite(actor=admin, email=mine.upper(), roles=ROLES)
    here = user_with_role(Role.MEMBER, council)
    with pytest.raises(RuleBroken, match="belongs to your organisation already"):
        services.invite(actor=admin, email=here.email, roles=ROLES)


@pytest.mark.parametrize(
    "role", [r for r in Role if r not in ("organisation_admin", "supplier_admin")]
)
def test_only_an_administrator_invites(council, role):
    actor = actor_of(user_with_role(role, council))
    with pytest.raises(NotAllowed):
        services.invite(actor=actor, email=EMAIL, roles=ROLES)
    with pytest.raises(NotAllowed):
        services.invite(actor=ANONYMOUS, email=EMAIL, roles=ROLES)


def test_a_supplier_invites_its_colleagues(invited):
    supplier = SupplierFactory(name="Fictional Works")
    boss = actor_of(user_with_role(Role.SUPPLIER_ADMIN, supplier))
    path = invited(actor=boss, roles=[Role.SUPPLIER_CONTRIBUTOR])
    user, slug = services.accept_as_new_person(token=token_of(path), **TYPED)
    assert (slug, held(user, supplier)) == (supplier.slug, {"supplier_contributor"})


def test_an_address_is_invited_once_until_it_is_answered_revoked_or_expired(admin, invited):
    invited()
    with pytest.raises(RuleBroken, match="invited already"):
        services.invite(actor=admin, email=EMAIL.upper(), roles=ROLES)
    with clock.at(NOW + WEEK - SECOND), pytest.raises(RuleBroken, match="invited already"):
        services.invite(actor=admin, email=EMAIL, roles=ROLES)
    with clock.at(NOW + WEEK):
        again = services.invite(actor=admin, email=EMAIL, roles=ROLES)
    old = Invitation.objects.exclude(pk=again.pk).get()
    assert old.revoked_at == NOW + WEEK


def test_a_mailbox_is_not_filled(admin, invited):
    invited()
    first = Invitation.objects.get()
    with (
        clock.at(NOW + timedelta(minutes=10) - SECOND),
        pytest.raises(RuleBroken, match="ten minutes"),
    ):
        services.send_invitation_again(actor=admin, invitation_id=first.pk)
    first.refresh_from_db()
    assert first.revoked_at is None
    with clock.at(NOW + timedelta(minutes=10)):
        services.send_invitation_again(actor=admin, invitation_id=first.pk)


def test_so_many_invitations_wait_at_most(admin, invited, monkeypatch):
    monkeypatch.setattr(service, "MOST_INVITATIONS", 2)
    invited("one@example.org")
    invited("two@example.org")
    with pytest.raises(RuleBroken, match="There are 2 invitations"):
        services.invite(actor=admin, email=EMAIL, roles=ROLES)


def test_sent_again_the_old_link_is_dead(admin, invited, written):
    old = invited()
    with clock.at(NOW + WEEK):
        first = Invitation.objects.get()
        (letter,) = written(
            lambda: services.send_invitation_again(actor=admin, invitation_id=first.pk)
        )
        assert Client().get(old).status_code == 410
        assert Client().get(path_in(letter)).status_code == 200
        with pytest.raises(Conflict):
            services.accept_as_new_person(token=token_of(old), **TYPED)


def test_an_invitation_of_another_organisation_is_not_visible(admin, invited):
    invited()
    stranger = actor_of(user_with_role(Role.ORGANISATION_ADMIN))
    pk = Invitation.objects.get().pk
    for deed in (services.revoke_invitation, services.send_invitation_again):
        with pytest.raises(NotVisible):
            deed(actor=stranger, invitation_id=pk)
    assert queries.open_invitations(stranger) == []
    assert [row.email for row in queries.open_invitations(admin)] == [EMAIL]


def test_a_revoked_invitation_opens_nothing(admin, invited):
    path = invited()
    services.revoke_invitation(actor=admin, invitation_id=Invitation.objects.get().pk)
    answer = Client().get(path)
    assert answer.status_code == 410
    assert EMAIL not in answer.content.decode()
    assert Client().post(path, TYPED).status_code == 410
    assert queries.user_by_email(EMAIL) is None
    with pytest.raises(Conflict):
        services.revoke_invitation(actor=admin, invitation_id=Invitation.objects.get().pk)


# --- accepting ----------------------------------------------------------------------------------------


def test_somebody_new_makes_an_account_and_acts_at_once(invited, council, admin):
    path = invited()
    client = Client()
    page = client.get(path)
    assert page.status_code == 200
    assert EMAIL in page.content.decode()
    assert "<strong>evaluator</strong>" in page.content.decode()
    assert client.post(path, TYPED).url == "/"
    user = queries.user_by_email(EMAIL)
    assert (user.full_name, user.check_password(PASSWORD)) == ("New Comer", True)
    assert held(user, council) == {"evaluator", "contract_manager"}
    row = Membership.objects.get(user=user, role=Role.EVALUATOR)
    assert row.granted_by_id == admin.user_id
    assert client.get("/").context["actor"].organisation_id == council.pk
    told = AuditRecord.objects.filter(user=user).values_list("deed", flat=True)
    assert sorted(told) == ["invitation_accepted", "role_granted", "role_granted"]
    accepted = Invitation.objects.get()
    assert (accepted.accepted_by, accepted.accepted_at) == (user, NOW)


def test_it_works_once(invited):
    path = invited()
    services.accept_as_new_person(token=token_of(path), **TYPED)
    assert Client().get(path).status_code == 410
    assert Client().post(path, TYPED).status_code == 410
    for deed in (
        lambda: services.accept_as_new_person(token=token_of(path), **TYPED),
        lambda: services.accept_invitation(
            actor=actor_of(queries.user_by_email(EMAIL)), token=token_of(path)
        ),
    ):
        with pytest.raises(Conflict):
            deed()


def test_it_works_to_its_last_second(invited):
    path = invited()
    with clock.at(NOW + WEEK):
        assert Client().get(path).status_code == 410
        with pytest.raises(Conflict):
            services.accept_as_new_person(token=token_of(path), **TYPED)
    with clock.at(NOW + WEEK - SECOND):
        assert Client().get(path).status_code == 200
        services.accept_as_new_person(token=token_of(path), **TYPED)


def test_opening_the_link_writes_nothing(invited):
    path = invited()
    before = Invitation.objects.values().get()
    Client().get(path)
    assert Invitation.objects.values().get() == before
    assert queries.user_by_email(EMAIL) is None


def test_somebody_with_an_account_signs_in_then_accepts_and_switches(invited, council):
    known = user_with_role(Role.SUPPLIER_ADMIN)
    path = invited(known.email)
    signed_out = Client().get(path)
    assert f'href="/account/login/?next={path.replace("/", "%2F")}"' in signed_out.content.decode()
    assert 'type="password"' not in signed_out.content.decode()
    assert "/account/login/" in Client().post(path, TYPED).url
    assert held(known, council) == set()
    client = Client()
    client.force_login(known)
    assert client.post(path).url == "/"
    assert held(known, council) == {"evaluator", "contract_manager"}
    home = client.get("/")
    assert home.context["actor"].organisation_id == council.pk
    assert [seat.kind for seat in home.context["other_seats"]] == ["supplier"]


def test_somebody_signed_in_with_another_address_gets_nothing(invited, council):
    """The letter was passed on: whoever has the link is not who was asked."""
    path = invited()
    other = user_with_role(Role.SUPPLIER_ADMIN)
    client = Client()
    client.force_login(other)
    page = client.get(path)
    assert "another address than the one" in page.content.decode()
    assert EMAIL not in page.content.decode()
    assert client.post(path, TYPED).status_code == 403
    assert held(other, council) == set()
    assert Invitation.objects.get().accepted_at is None


def test_an_unknown_link_is_404():
    assert Client().get("/invitations/nothing-was-ever-sent/").status_code == 404
    assert Client().post("/invitations/nothing-was-ever-sent/", TYPED).status_code == 404


def test_a_weak_password_keeps_the_name_and_the_link(invited):
    path = invited()
    answer = Client().post(path, {"full_name": "New Comer", "password": "password1234"})
    assert answer.status_code == 422
    assert answer.context["form"]["full_name"].value() == "New Comer"
    assert queries.user_by_email(EMAIL) is None
    assert Client().post(path, TYPED).status_code == 302


def test_roles_that_do_not_go_with_those_held_by_now_are_refused(invited, council):
    known = UserFactory()
    path = invited(known.email, [Role.APPROVER])
    MembershipFactory(user=known, organisation=council, role=Role.PROCUREMENT_OFFICER)
    with pytest.raises(RuleBroken, match="approver and procurement officer"):
        services.accept_invitation(actor=actor_of(known), token=token_of(path))
    assert held(known, council) == {"procurement_officer"}
    assert Invitation.objects.get().accepted_at is None


def test_accepting_replaces_a_seat_without_rights(invited, council):
    known = UserFactory()
    path = invited(known.email, [Role.EVALUATOR])
    MembershipFactory(user=known, organisation=council, role=Role.MEMBER)
    services.accept_invitation(actor=actor_of(known), token=token_of(path))
    assert held(known, council) == {"evaluator"}


def test_nobody_accepts_their_own_invitation(invited, admin, council):
    """The address was changed after the letter was sent: it is still the one who invited."""
    path = invited()
    me = User.objects.get(pk=admin.user_id)
    me.email = EMAIL
    me.save()
    with pytest.raises(NotAllowed, match="nobody grants themselves"):
        services.accept_invitation(actor=admin, token=token_of(path))
    row = Invitation.objects.filter(pk=Invitation.objects.get().pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(accepted_by=me, accepted_at=NOW)


@pytest.mark.parametrize(
    "facts",
    [
        {"accepted_at": NOW},
        {"expires_at": NOW},
        {"accepted_at": NOW, "accepted_by": True, "revoked_at": NOW},
    ],
)
def test_the_database_ties_an_invitation_to_its_facts(invited, facts):
    invited()
    if "accepted_by" in facts:
        facts = facts | {"accepted_by": UserFactory()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(**facts)


def test_the_database_holds_one_open_invitation_an_address(invited):
    invited()
    row = Invitation.objects.get()
    row.pk, row.token_digest, row.email = None, "0" * 64, EMAIL.upper()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# --- the first administrator --------------------------------------------------------------------------


def test_the_platform_invites_the_first_administrator_by_command(council, written):
    out = StringIO()
    (letter,) = written(
        lambda: call_command(
            "invite_administrator", council.slug, EMAIL, "--print-link", stdout=out
        )
    )
    assert letter.to == [EMAIL]
    assert (
        "You are invited to act for Fictional Council, as:\n- Organisation administrator"
        in letter.body
    )
    path = path_in(letter)
    assert path in out.getvalue()
    user, _ = services.accept_as_new_person(token=token_of(path), **TYPED)
    assert held(user, council) == {"organisation_admin"}
    assert Membership.objects.get(user=user).granted_by is None


def test_without_the_option_no_link_is_printed(council):
    out = StringIO()
    call_command("invite_administrator", council.slug, EMAIL, stdout=out)
    assert "/invitations/" not in out.getvalue()
    with pytest.raises(CommandError, match="invited already"):
        call_command("invite_administrator", council.slug, EMAIL)
    with pytest.raises(CommandError, match="no organisation called"):
        call_command("invite_administrator", "nowhere", EMAIL)


def test_a_supplier_is_started_with_a_supplier_administrator():
    supplier = SupplierFactory()
    services.invite_administrator(actor=SYSTEM, organisation_slug=supplier.slug, email=EMAIL)
    assert Invitation.objects.get().roles == ["supplier_admin"]


def test_operators_invite_administrators_and_nobody_else_does(council, admin):
    operator = actor_of(UserFactory(is_staff=True))
    services.invite_administrator(actor=operator, organisation_slug=council.slug, email=EMAIL)
    assert Invitation.objects.get().invited_by_id == operator.user_id
    retired = actor_of(UserFactory(is_staff=True, is_active=False))
    for actor in (admin, retired, ANONYMOUS):
        with pytest.raises(NotAllowed):
            services.invite_administrator(
                actor=actor, organisation_slug=council.slug, email="second@example.org"
            )


def test_an_operator_accepts_no_invitation(invited, council):
    operator = UserFactory(is_staff=True)
    path = invited(operator.email)
    with pytest.raises(RuleBroken, match="operates the platform"):
        services.accept_invitation(actor=actor_of(operator), token=token_of(path))
    assert held(operator, council) == set()
    client = Client()
    client.force_login(operator)
    page = client.get(path).content.decode()
    assert "You keep this service running, so you hold no role in an organisation" in page
    assert "Accept and act for them" not in page
