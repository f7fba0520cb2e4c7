"""What each side sees of what was sent, and who sets the days."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from procurement.reminders.models import CalendarFeed, ReminderRule
from procurement.reminders.queries import sent_about
from procurement.reminders.rules import Timing
from procurement.reminders.services import set_rule
from procurement.reminders.vocabulary import ReminderDeed
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from socialvalue.schedule import BEAT_SCHEDULE
from tests.factories.accounts import actor_for_role
from tests.factories.reminders import FORTNIGHT, claimed, london, weekly, world

pytestmark = pytest.mark.django_db
MINE = reverse("procurement:reminders:mine")
RULE = reverse("procurement:reminders:rule")
MAKE = reverse("procurement:reminders:make_calendar")
REVOKE = reverse("procurement:reminders:revoke_calendar")
TODAY = london(date(2026, 12, 2), 9)


def about(contract) -> str:
    return reverse("procurement:reminders:contract", args=[contract.pk])


def sign_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


@pytest.fixture
def sent():
    """Both sides were written to: a claim of half waits, and the supplier's people are reminded of the rest."""
    known = world()
    claimed(known, london(date(2026, 12, 11)), quantity=10)
    weekly(FORTNIGHT)
    return known


def test_an_authority_sees_all_that_was_sent_about_its_contract_without_the_suppliers_names(
    sent, client
):
    rows = {row.to: row for row in sent_about(sent.manager, sent.contract.pk)}
    assert set(rows) == {sent.authority.name, sent.supplier.name}
    ours, theirs = rows[sent.authority.name], rows[sent.supplier.name]
    assert (ours.people, ours.how_many) == ((sent.manager.name,), 1)
    assert (theirs.people, theirs.how_many) == ((), 2)
    assert ours.sent_at == theirs.sent_at == london(FORTNIGHT)
    page = sign_in(client, sent.manager).get(about(sent.contract)).content.decode()
    assert "falls due on 31 December 2026" in page
    assert "2 people" in page
    assert sent.claimant.name not in page


def test_a_supplier_sees_what_its_own_people_were_sent(sent, client):
    (row,) = sent_about(sent.claimant, sent.contract.pk)
    assert row.people == tuple(sorted((sent.claimant.name, sent.colleague.name)))
    page = sign_in(client, sent.claimant).get(about(sent.contract)).content.decode()
    assert sent.colleague.name in page
    assert "wait for a decision" not in page
    assert sent.manager.name not in page


def test_nobody_else_sees_any_of_it(sent, client):
    other = world()
    for actor in (other.manager, other.claimant):
        with pytest.raises(NotVisible):
            sent_about(actor, sent.contract.pk)
        assert sign_in(client, actor).get(about(sent.contract)).status_code == 404


def test_each_person_sees_their_own(sent, client):
    page = sign_in(client, sent.claimant).get(MINE).content.decode()
    assert "falls due on 31 December 2026" in page
    assert sent.contract.title in page
    assert "waits for a decision" not in page
    other = sign_in(client, world().claimant).get(MINE).content.decode()
    assert "Nothing was sent to you yet" in other
    assert sent.contract.title not in other


def test_what_one_may_no_longer_see_is_not_named(sent, client):
    type(sent.contract).objects.filter(pk=sent.contract.pk).update(supplier=world().supplier)
    page = sign_in(client, sent.claimant).get(MINE).content.decode()
    assert "falls due" not in page
    assert sent.contract.title not in page


def test_an_empty_page_says_when_something_comes(client):
    known = world()
    page = sign_in(client, known.manager).get(about(known.contract)).content.decode()
    assert "Nothing was sent about this contract yet" in page


# --- the days -----------------------------------------------------------------------------------

FEW = Timing((10, 2), (5, 15))


def posted(timing: Timing) -> dict[str, str]:
    numbers = (*timing.before, *timing.after)
    names = ("first_before", "second_before", "first_after", "second_after")
    return {name: str(number) for name, number in zip(names, numbers, strict=True)}


@pytest.mark.parametrize(
    "role", [Role.CONTRACT_MANAGER, Role.POLICY_OWNER, Role.ORGANISATION_ADMIN]
)
def test_a_contract_manager_or_the_administrator_sets_the_days(client, role):
    actor = actor_for_role(role)
    with clock.at(TODAY):
        page = sign_in(client, actor).get(MINE).content.decode()
        assert "14 days and 3 days before a due date, then 7 days and 21 days after it." in page
        assert RULE in page
        response = client.post(RULE, posted(FEW))
    assert response.status_code == 302
    (row,) = ReminderRule.objects.all()
    assert (row.authority_id, row.from_date) == (actor.organisation_id, date(2026, 12, 2))
    (kept,) = AuditRecord.objects.filter(deed=ReminderDeed.RULE_SET)
    assert kept.sentence == (
        "Set reminders from 2 December 2026: 10 days and 2 days before a due date, "
        "then 5 days and 15 days after it."
    )


@pytest.mark.parametrize(
    "role",
    [
        role
        for role in Role
        if role not in (Role.CONTRACT_MANAGER, Role.ORGANISATION_ADMIN, Role.POLICY_OWNER)
    ],
)
def test_nobody_else_does(client, role):
    actor = actor_for_role(role)
    with pytest.raises(NotAllowed):
        set_rule(actor=actor, timing=FEW)
    assert sign_in(client, actor).post(RULE, posted(FEW)).status_code == 403
    assert RULE not in client.get(MINE).content.decode()
    assert ReminderRule.objects.count() == 0


def test_days_out_of_order_are_shown_with_what_was_typed(client):
    actor = actor_for_role(Role.CONTRACT_MANAGER)
    response = sign_in(client, actor).post(RULE, posted(Timing((3, 14), (7, 21))))
    assert response.status_code == 422
    page = response.content.decode()
    assert "The second reminder must come later than the first: enter fewer days" in page
    assert 'value="14"' in page


def test_a_second_change_of_a_day_holds_from_the_next_and_a_third_waits():
    actor = actor_for_role(Role.CONTRACT_MANAGER)
    with clock.at(TODAY):
        set_rule(actor=actor, timing=FEW)
        assert set_rule(actor=actor, timing=Timing((9, 2), (5, 15))).from_date == date(2026, 12, 3)
        with pytest.raises(RuleBroken, match="set already"):
            set_rule(actor=actor, timing=FEW)
    with clock.at(london(date(2026, 12, 4))):
        set_rule(actor=actor, timing=FEW)
    assert ReminderRule.objects.count() == 3


# --- the calendar address -----------------------------------------------------------------------


def test_the_address_is_shown_once(client):
    known = world()
    sign_in(client, known.claimant)
    made = client.post(MAKE)
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "private, no-store"
    page = made.content.decode()
    (address,) = re.findall(r"/calendar/[\w-]+\.ics", page)
    assert client.get(address).status_code == 200
    again = client.get(MINE).content.decode()
    assert address not in again
    assert "Not read yet." in again
    assert client.post(REVOKE).status_code == 302
    assert client.get(address).status_code == 404


def test_looking_makes_no_address(client):
    known = world()
    assert sign_in(client, known.claimant).get(MAKE).headers["Location"] == MINE
    client.get(MINE)
    assert CalendarFeed.objects.count() == 0


def test_both_jobs_run_by_the_clock():
    tasks = {row["task"]: row["schedule"] for row in BEAT_SCHEDULE.values()}
    assert tasks["procurement.reminders.tasks.tell_of_returns"] == 60
    assert tasks["procurement.reminders.tasks.send_digests"] == 3600
