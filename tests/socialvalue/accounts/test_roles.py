"""Granting and ending roles, by the service and on the page of a person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from socialvalue.accounts import queries, services
from socialvalue.accounts.models import Membership
from socialvalue.accounts.vocabulary import OrganisationKind, Role
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


@pytest.fixture
def council():
    return AuthorityFactory(name="Fictional Council")


@pytest.fixture
def admin(council):
    return actor_of(user_with_role(Role.ORGANISATION_ADMIN, council))


@pytest.fixture
def person(council):
    return user_with_role(Role.EVALUATOR, council)


def held(user, organisation):
    rows = Membership.objects.filter(user=user, organisation=organisation, ended_at__isnull=True)
    return set(rows.values_list("role", flat=True))


def change(actor, user, wanted, seen=None):
    before = held(user, actor.organisation_id) if seen is None else seen
    services.change_roles(actor=actor, person_id=user.pk, wanted=wanted, seen=before)


def test_an_administrator_grants_and_ends_and_both_are_recorded(admin, council, person):
    with clock.at(NOW):
        change(admin, person, [Role.PROCUREMENT_OFFICER, Role.CONTRACT_MANAGER])
    assert held(person, council) == {"procurement_officer", "contract_manager"}
    ended = Membership.objects.get(user=person, role=Role.EVALUATOR)
    assert (ended.ended_at, ended.ended_by_id) == (NOW, admin.user_id)
    granted = Membership.objects.get(user=person, role=Role.PROCUREMENT_OFFICER)
    assert (granted.granted_at, granted.granted_by_id) == (NOW, admin.user_id)
    told = list(
        AuditRecord.objects.order_by("id").values_list("deed", "sentence", "before", "after")
    )
    after = ["contract_manager", "procurement_officer"]
    assert told == [
        (
            "role_ended",
            f"{person} is no longer evaluator at Fictional Council.",
            {"role": "evaluator", "roles": ["evaluator"]},
            {"roles": after},
        ),
        (
            "role_granted",
            f"{person} became contract manager at Fictional Council.",
            {"roles": ["evaluator"]},
            {"role": "contract_manager", "roles": after},
        ),
        (
            "role_granted",
            f"{person} became procurement officer at Fictional Council.",
            {"roles": ["evaluator"]},
            {"role": "procurement_officer", "roles": after},
        ),
    ]


def test_the_person_is_told_in_a_letter_whose_subject_names_nobody(
    admin, person, django_capture_on_commit_callbacks
):
    with run_inline(), django_capture_on_commit_callbacks(execute=True):
        change(admin, person, [Role.AUDITOR])
    (letter,) = mail.outbox
    assert letter.to == [person.email]
    assert letter.subject == "Your roles were changed"
    assert "- Auditor" in letter.body
    assert admin.name in letter.body


def test_the_same_roles_again_change_nothing(admin, person):
    change(admin, person, [Role.EVALUATOR])
    assert AuditRecord.objects.count() == 0
    assert Membership.objects.filter(user=person).count() == 1


@pytest.mark.parametrize("role", [r for r in Role if r != Role.ORGANISATION_ADMIN])
def test_nobody_but_an_administrator_of_that_organisation_grants(role, council, person):
    """Of the right side each, and of another organisation: a supplier's administrator never reaches a council."""
    actor = actor_of(user_with_role(role, council if role != Role.SUPPLIER_ADMIN else None))
    wanted = NotVisible if role == Role.SUPPLIER_ADMIN else NotAllowed
    with pytest.raises(wanted):
        change(actor, person, [Role.APPROVER], seen={"evaluator"})
    assert held(person, council) == {"evaluator"}


def test_an_administrator_of_another_organisation_does_not_see_the_person(council, person):
    stranger = actor_of(user_with_role(Role.ORGANISATION_ADMIN))
    for deed in (
        lambda: change(stranger, person, [Role.AUDITOR], seen={"evaluator"}),
        lambda: services.remove_person(actor=stranger, person_id=person.pk, seen={"evaluator"}),
        lambda: queries.person_page(stranger, person.pk),
    ):
        with pytest.raises(NotVisible):
            deed()
    with pytest.raises(NotAllowed):
        services.grant_role(actor=stranger, user=person, organisation=council, role=Role.AUDITOR)
    with pytest.raises(NotAllowed):
        change(ANONYMOUS, person, [Role.AUDITOR], seen={"evaluator"})
    assert held(person, council) == {"evaluator"}


def test_nobody_grants_themselves_a_role_but_may_give_one_up(admin, council):
    user_with_role(Role.ORGANISATION_ADMIN, council)
    me = Membership.objects.get(user_id=admin.user_id).user
    with pytest.raises(NotAllowed, match="Nobody grants themselves"):
        change(admin, me, [Role.ORGANISATION_ADMIN, Role.PROCUREMENT_OFFICER])
    with pytest.raises(NotAllowed, match="Nobody grants themselves"):
        services.grant_role(actor=admin, user=me, organisation=council, role=Role.APPROVER)
    services.remove_person(actor=admin, person_id=me.pk, seen={"organisation_admin"})
    assert held(me, council) == set()


def test_the_last_administrator_cannot_be_ended(admin, council):
    me = Membership.objects.get(user_id=admin.user_id).user
    for deed in (
        lambda: services.remove_person(actor=admin, person_id=me.pk, seen={"organisation_admin"}),
        lambda: change(admin, me, []),
    ):
        with pytest.raises(RuleBroken):
            deed()
    gone = user_with_role(Role.ORGANISATION_ADMIN, council)
    gone.is_active = False
    gone.save()
    with pytest.raises(RuleBroken, match="Somebody has to administer"):
        services.remove_person(actor=admin, person_id=me.pk, seen={"organisation_admin"})
    user_with_role(Role.ORGANISATION_ADMIN, council)
    services.remove_person(actor=admin, person_id=me.pk, seen={"organisation_admin"})


def test_the_last_administrator_of_a_supplier_cannot_be_ended():
    supplier = SupplierFactory()
    me = user_with_role(Role.SUPPLIER_ADMIN, supplier)
    MembershipFactory(user=me, organisation=supplier, role=Role.SUPPLIER_CONTRIBUTOR)
    with pytest.raises(RuleBroken, match="Make somebody else supplier administrator first"):
        change(actor_of(me), me, [Role.SUPPLIER_CONTRIBUTOR])
    assert held(me, supplier) == {"supplier_admin", "supplier_contributor"}


@pytest.mark.parametrize(
    ("together", "said"),
    [
        ([Role.AUDITOR, Role.EVALUATOR], "One person cannot be auditor and evaluator"),
        ([Role.APPROVER, Role.PROCUREMENT_OFFICER], "One person cannot be approver and procurement officer"),
        ([Role.APPROVER, Role.CONTRACT_MANAGER], "One person cannot be approver and contract manager"),
        ([Role.APPROVER, Role.REPORT_AUTHOR], "One person cannot be approver and report author"),
        ([Role.REGIONAL_ANALYST], "There is no regional analyst at Fictional Council"),
        ([Role.SUPPLIER_ADMIN], "There is no supplier administrator at Fictional Council"),
        ([Role.MEMBER], "There is no member, no rights yet at Fictional Council"),
        ([], "Select at least one role"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused_with_the_sentence_why(
    admin, council, person, together, said
):
    with pytest.raises(RuleBroken) as refused:
        change(admin, person, together)
    assert refused.value.errors[0][0] == "roles"
    assert said in refused.value.errors[0][1]
    assert held(person, council) == {"evaluator"}


def test_one_role_after_the_other_is_checked_against_what_is_held(council, person):
    services.grant_role(actor=SYSTEM, user=person, organisation=council, role=Role.APPROVER)
    with pytest.raises(RuleBroken, match="approver and report author"):
        services.grant_role(
            actor=SYSTEM, user=person, organisation=council, role=Role.REPORT_AUTHOR
        )
    elsewhere = AuthorityFactory()
    services.grant_role(actor=SYSTEM, user=person, organisation=elsewhere, role=Role.REPORT_AUTHOR)
    assert held(person, elsewhere) == {"report_author"}


def test_a_region_has_its_roles_only_at_its_lead(council, person):
    lead = AuthorityFactory(kind=OrganisationKind.COMBINED_AUTHORITY)
    for role in (Role.REGIONAL_ADMIN, Role.REGIONAL_ANALYST):
        with pytest.raises(RuleBroken):
            services.grant_role(actor=SYSTEM, user=person, organisation=lead, role=role)
    services.load_organisations(actor=SYSTEM)
    lead = queries.organisation("wmca")
    services.grant_role(actor=SYSTEM, user=person, organisation=lead, role=Role.REGIONAL_ADMIN)
    assert queries.actor_for(person, "wmca").has(Role.REGIONAL_ADMIN)


def test_an_operator_of_the_platform_holds_no_role(council):
    operator = UserFactory(is_staff=True)
    with pytest.raises(RuleBroken, match="operates the platform"):
        services.grant_role(actor=SYSTEM, user=operator, organisation=council, role=Role.AUDITOR)


def test_the_first_role_replaces_the_seat_without_rights(admin, council):
    newcomer = user_with_role(Role.MEMBER, council)
    change(admin, newcomer, [Role.EVALUATOR])
    assert held(newcomer, council) == {"evaluator"}


def test_somebody_who_changed_the_roles_meanwhile_is_not_overwritten(admin, council, person):
    with pytest.raises(Conflict):
        change(admin, person, [Role.AUDITOR], seen=set())
    with pytest.raises(Conflict):
        services.remove_person(actor=admin, person_id=person.pk, seen={"auditor"})
    assert held(person, council) == {"evaluator"}


def test_a_removed_person_acts_for_nobody_here_and_keeps_their_history(admin, council, person):
    services.remove_person(actor=admin, person_id=person.pk, seen={"evaluator"})
    assert queries.seats_of(person.pk) == []
    page = queries.person_page(admin, person.pk)
    assert (page.person.roles, page.may_change) == ((), False)
    assert [row.role for row in page.person.former] == ["evaluator"]
    assert page.history[0].sentence == f"{person} is no longer evaluator at Fictional Council."
    with pytest.raises(Conflict):
        change(admin, person, [Role.EVALUATOR], seen=set())


def test_the_database_knows_who_ended_a_role_only_when_it_ended(person):
    row = Membership.objects.filter(user=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(ended_by=person)


# --- the pages -------------------------------------------------------------------------------------


@pytest.fixture
def page(client, admin):
    client.force_login(Membership.objects.get(user_id=admin.user_id).user)
    return client


def url(person):
    return f"/organisations/people/{person.pk}/"


def test_the_form_shows_what_is_held_and_saves_what_is_ticked(page, person, council):
    form = page.get(url(person)).context["form"]
    assert form.initial == {"roles": ["evaluator"], "version": "evaluator"}
    sent = {"roles": ["auditor"], "version": "evaluator"}
    assert page.post(url(person), sent).url == url(person)
    assert held(person, council) == {"auditor"}


def test_a_refused_form_keeps_the_ticks_and_says_why(page, person, council):
    sent = {"roles": ["auditor", "approver"], "version": "evaluator"}
    answer = page.post(url(person), sent)
    assert answer.status_code == 422
    assert answer.context["form"]["roles"].value() == ["auditor", "approver"]
    assert "One person cannot be auditor and approver" in answer.content.decode()
    assert held(person, council) == {"evaluator"}


def test_a_conflict_shows_what_is_there_now_and_saving_again_is_a_choice(page, person, council):
    Membership.objects.filter(user=person).update(ended_at=NOW)
    MembershipFactory(user=person, organisation=council, role=Role.REPORT_AUTHOR)
    sent = {"roles": ["auditor"], "version": "evaluator"}
    answer = page.post(url(person), sent)
    assert answer.status_code == 409
    assert answer.context["form"]["version"].value() == "report_author"
    assert held(person, council) == {"report_author"}


def test_ones_own_page_offers_no_role_that_one_has_not(page, admin):
    me = Membership.objects.get(user_id=admin.user_id).user
    answer = page.get(url(me))
    assert [value for value, _ in answer.context["form"].fields["roles"].choices] == [
        "organisation_admin"
    ]
    sent = {"roles": ["organisation_admin", "approver"], "version": "organisation_admin"}
    assert page.post(url(me), sent).status_code == 422
    assert held(me, admin.organisation_id) == {"organisation_admin"}


def test_removing_asks_first(page, person, council):
    asked = page.get(f"{url(person)}remove/")
    assert "Remove this person?" in asked.content.decode()
    assert held(person, council) == {"evaluator"}
    answer = page.post(f"{url(person)}remove/", {"version": "evaluator"})
    assert answer.url == "/organisations/people/"
    assert held(person, council) == set()
    assert page.get(f"{url(person)}remove/").url == url(person)


def test_a_stranger_is_404_and_so_is_a_person_of_another_organisation(page):
    other = user_with_role(Role.EVALUATOR)
    assert page.get(url(other)).status_code == 404
    sent = {"roles": ["auditor"], "version": "evaluator"}
    assert page.post(url(other), sent).status_code == 404
    assert page.post(f"{url(other)}remove/", {"version": "evaluator"}).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        (Role.AUDITOR, True), (Role.DIRECTORATE_MANAGER, True), (Role.PROCUREMENT_OFFICER, False),
        (Role.MEMBER, False),
    ],
)  # fmt: skip
def test_who_reads_the_people_changes_nothing(client, council, admin, person, role, reads):
    client.force_login(user_with_role(role, council))
    answer = client.get("/organisations/people/")
    assert answer.status_code == (200 if reads else 403)
    for path in ("/organisations/people.csv", url(person)):
        assert client.get(path).status_code == (200 if reads else 403)
    assert (person.email in answer.content.decode()) is reads
    assert "/organisations/people/invite/" not in answer.content.decode()
    assert client.get("/organisations/people/invite/").status_code == 403
    assert client.get(f"{url(person)}remove/").status_code == 403
    sent = {"roles": ["auditor"], "version": "evaluator"}
    assert client.post(url(person), sent).status_code in (403, 422)
    assert held(person, council) == {"evaluator"}


def test_the_list_is_searched_filtered_sorted_and_exported_alike(page, council, admin, person):
    someone = MembershipFactory(
        organisation=council, role=Role.AUDITOR, user=UserFactory(full_name="Zora Quill")
    ).user
    left = user_with_role(Role.EVALUATOR, council)
    Membership.objects.filter(user=left).update(ended_at=NOW)

    def shown(query):
        names = [row.name for row in page.get(f"/organisations/people/{query}").context["page"]]
        rows = page.get(f"/organisations/people.csv{query}").content.decode("utf-8-sig")
        assert [name for name in names if name not in rows] == []
        assert sum(line.count("@") for line in rows.splitlines()) == len(names)
        return names

    assert set(shown("")) == {str(admin.name), person.full_name, "Zora Quill"}
    assert shown("?q=quill+zora") == ["Zora Quill"]
    assert shown(f"?q={person.email.upper()}") == [person.full_name]
    assert shown("?role=auditor") == ["Zora Quill"]
    assert shown("?who=left") == [left.full_name]
    assert shown("?sort=name") == list(reversed(shown("?sort=-name")))
    assert shown("?q=nobody-at-all") == []
    assert someone.email in page.get("/organisations/people/").content.decode()


def test_the_list_asks_as_many_questions_for_many_as_for_few(
    page, council, django_assert_num_queries, person
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page.get("/organisations/people/")
    with CaptureQueriesContext(connection) as few:
        page.get("/organisations/people/")
    for _ in range(5):
        user_with_role(Role.EVALUATOR, council)
    with CaptureQueriesContext(connection) as many:
        page.get("/organisations/people/")
    assert len(many) == len(few)


# --- somebody without rights -------------------------------------------------------------------------


def test_a_member_sees_who_grants_rights_and_nothing_of_the_organisation(client, council, admin):
    client.force_login(user_with_role(Role.MEMBER, council))
    home = client.get("/")
    text = home.content.decode()
    assert f"Roles at Fictional Council are granted by {admin.name}." in text
    assert [item.label for item in home.context["navigation"]] == ["Home"]
    for path in (
        "/procurements/",
        "/dashboard/",
        "/measures/",
        "/contracts/",
        "/policy/",
        "/reports/",
        "/ledger/",
    ):
        assert client.get(path).status_code == 403, path
