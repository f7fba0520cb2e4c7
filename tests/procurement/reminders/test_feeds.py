"""A calendar by an address: one's own due dates, nobody else's, until it is revoked."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from procurement.reminders.models import CalendarFeed
from procurement.reminders.queries import calendar_of, hashed, my_feed
from procurement.reminders.services import make_feed, note_feed_read, revoke_feed
from procurement.reminders.vocabulary import ReminderDeed
from socialvalue.accounts.models import Membership, User
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import UserFactory, actor_for_role, actor_of
from tests.factories.reminders import DUE, days, london, world

pytestmark = pytest.mark.django_db
NOW = london(date(2026, 12, 2), 9)


def address(token: str) -> str:
    return reverse("procurement:reminders:calendar", args=[token])


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_of_the_token_only_its_hash_is_kept():
    known = world()
    token = make_feed(actor=known.claimant)
    assert re.fullmatch(r"[\w-]{43}", token)
    (row,) = CalendarFeed.objects.all()
    assert row.token_hash == hashed(token)
    assert token not in str(CalendarFeed.objects.values().get())
    assert all(token not in str(row) for row in AuditRecord.objects.values())
    assert AuditRecord.objects.filter(deed=ReminderDeed.FEED_MADE).count() == 1


def test_it_is_read_without_signing_in(client):
    known = world()
    token = make_feed(actor=known.claimant)
    with clock.at(NOW):
        response = client.get(address(token))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-store"
    rows = unfolded(response.content)
    assert rows[0] == "BEGIN:VCALENDAR"
    assert [row for row in rows if row.startswith("DTSTART")] == [
        "DTSTART;VALUE=DATE:20261231",
        "DTSTART;VALUE=DATE:20270331",
        "DTSTART;VALUE=DATE:20270331",
    ]
    assert f"SUMMARY:Contract ends: {known.contract.title}" in rows
    assert f"SUMMARY:Deliveries fall due: {known.contract.title}" in rows
    assert "DTSTAMP:20261202T090000Z" in rows
    uids = [row for row in rows if row.startswith("UID:")]
    assert uids[0].startswith(f"UID:deliveries-{known.contract.pk}-2026-10-01@")
    assert len(set(uids)) == 3


@pytest.mark.parametrize("side", ["claimant", "manager"])
def test_no_other_organisation_is_in_it(client, side):
    one, other = world(), world()
    token = make_feed(actor=getattr(one, side))
    with clock.at(NOW):
        text = client.get(address(token)).content.decode().replace("\r\n ", "")
    assert one.contract.reference in text
    for word in (
        other.contract.reference,
        other.contract.title,
        other.supplier.name,
        other.authority.name,
    ):
        assert f"{word}," not in text
        assert not re.search(rf"{re.escape(word)}(?!\d)", text)


def test_a_new_address_ends_the_one_before(client):
    known = world()
    old, new = make_feed(actor=known.claimant), make_feed(actor=known.claimant)
    assert client.get(address(old)).status_code == 404
    assert client.get(address(new)).status_code == 200
    assert CalendarFeed.objects.filter(revoked_at=None).count() == 1


def test_a_revoked_address_is_not_found(client):
    known = world()
    mine, theirs = make_feed(actor=known.claimant), make_feed(actor=known.colleague)
    assert revoke_feed(actor=known.claimant) is True
    assert client.get(address(mine)).status_code == 404
    assert client.get(address(theirs)).status_code == 200
    assert revoke_feed(actor=known.claimant) is False
    assert AuditRecord.objects.filter(deed=ReminderDeed.FEED_REVOKED).count() == 1


def test_an_address_nobody_made_is_not_found(client):
    assert client.get(address("x" * 43)).status_code == 404
    known = world()
    make_feed(actor=known.claimant)
    (row,) = CalendarFeed.objects.all()
    assert client.get(address(row.token_hash)).status_code == 404


def test_who_left_the_organisation_reads_nothing(client):
    known = world()
    token = make_feed(actor=known.claimant)
    Membership.objects.filter(user_id=known.claimant.user_id).update(ended_at=timezone.now())
    assert client.get(address(token)).status_code == 404


def test_who_may_not_sign_in_reads_nothing(client):
    known = world()
    token = make_feed(actor=known.claimant)
    User.objects.filter(pk=known.claimant.user_id).update(is_active=False)
    assert client.get(address(token)).status_code == 404


def test_who_works_for_nobody_has_no_calendar():
    with pytest.raises(NotAllowed):
        make_feed(actor=actor_of(UserFactory()))


def test_each_organisation_has_an_address_of_its_own():
    one, other = world(), world()
    user = User.objects.get(pk=one.claimant.user_id)
    Membership.objects.create(
        user=user,
        organisation=other.supplier,
        role=Role.SUPPLIER_ADMIN,
        granted_at=timezone.now(),
    )
    first = make_feed(actor=actor_of(user, one.supplier))
    second = make_feed(actor=actor_of(user, other.supplier))
    with clock.at(NOW):
        (mine, theirs) = (calendar_of(token) for token in (first, second))
    assert {event.uid.split("-")[1] for event in mine.events} == {str(one.contract.pk)}
    assert {event.uid.split("-")[1] for event in theirs.events} == {str(other.contract.pk)}


@pytest.mark.parametrize(("passed", "events"), [(0, 3), (92, 3), (93, 2)])
def test_a_day_that_passed_stays_a_quarter(passed, events):
    known = world()
    token = make_feed(actor=known.claimant)
    with clock.at(london(DUE + days(passed))):
        assert len(calendar_of(token).events) == events


def test_reading_writes_nothing_and_a_job_notes_it(client, django_capture_on_commit_callbacks):
    known = world()
    token = make_feed(actor=known.claimant)
    with (
        clock.at(NOW),
        CaptureQueriesContext(
            connection,
        ) as seen,
        django_capture_on_commit_callbacks() as noted,
    ):
        assert client.get(address(token)).status_code == 200
    assert [
        row["sql"] for row in seen if not row["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ] == []
    assert my_feed(known.claimant).last_read_at is None
    with clock.at(NOW), run_inline(), django_capture_on_commit_callbacks(execute=True):
        for callback in noted:
            callback()
    assert my_feed(known.claimant).last_read_at == NOW


@pytest.mark.parametrize(("later", "jobs"), [(timedelta(minutes=59), 0), (timedelta(hours=1), 1)])
def test_it_is_noted_at_most_once_an_hour(client, django_capture_on_commit_callbacks, later, jobs):
    known = world()
    token = make_feed(actor=known.claimant)
    with clock.at(NOW):
        note_feed_read(feed_id=CalendarFeed.objects.get().pk)
    with clock.at(NOW + later), django_capture_on_commit_callbacks() as noted:
        client.get(address(token))
    assert len(noted) == jobs


def test_a_revoked_address_is_not_noted_as_read():
    known = world()
    make_feed(actor=known.claimant)
    row = CalendarFeed.objects.get()
    revoke_feed(actor=known.claimant)
    note_feed_read(feed_id=row.pk)
    row.refresh_from_db()
    assert row.last_read_at is None


def test_the_number_of_queries_does_not_grow_with_contracts():
    known = world()
    token = make_feed(actor=known.manager)
    with clock.at(NOW), CaptureQueriesContext(connection) as few:
        calendar_of(token)
    for _ in range(3):
        world(authority=known.authority)
    with clock.at(NOW), CaptureQueriesContext(connection) as many:
        assert len(calendar_of(token).events) == 12
    assert len(many) == len(few)


def test_anybody_signed_out_cannot_ask():
    with pytest.raises(NotVisible):
        calendar_of("")


def test_an_auditor_of_the_authority_has_the_authoritys_days():
    known = world()
    token = make_feed(actor=actor_for_role(Role.AUDITOR, known.authority))
    with clock.at(NOW):
        (first, *_) = calendar_of(token).events
    assert known.supplier.name in first.about
