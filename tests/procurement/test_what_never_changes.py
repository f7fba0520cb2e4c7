"""Invariant 2, tried with plain SQL: what is finished stays as it is, on both databases."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Field

from procurement.deliveries.models import Confirmation
from procurement.reminders.models import Digest, Reminder
from procurement.reminders.rules import LEAST_KEPT
from procurement.tenders.models import TenderEmailInvitation
from procurement.verifications.services import verify_claim
from socialvalue.core.purging import removed_address
from socialvalue.settings.privacy import LEAST_DAYS
from tests.factories.awards import awarded, evaluated
from tests.factories.deliveries import claim, world
from tests.factories.evaluations import reference_data
from tests.factories.tenders import published, started

pytestmark = [pytest.mark.django_db, pytest.mark.owner]


def refuse(sql: str) -> None:
    """The database refuses the statement, and there was a row it would have changed."""
    words = sql.split()
    table = words[1] if words[0] == "UPDATE" else words[2]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  # table names of this file
        assert cursor.fetchone()[0] > 0, f"no row in {table}: the test would prove nothing"
    with (
        pytest.raises(IntegrityError, match=r"does not change|append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.fixture
def verified():
    known = world()
    made = claim(known.claimant, known.hours)
    verify_claim(actor=known.manager, claim_id=made.pk, expected_version=made.version)


@pytest.mark.usefixtures("verified")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE procurement_ledgerentry SET value_pence = value_pence + 1",
        "DELETE FROM procurement_ledgerentry",
        "UPDATE procurement_verification SET quantity = 999",
        "DELETE FROM procurement_verification",
        "UPDATE procurement_commitment SET quantity = 999",
        "DELETE FROM procurement_commitment",
    ],
)
def test_ledger_verification_and_commitment(verified, sql):
    refuse(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE procurement_tender SET weighting_percent = 30",
        "UPDATE procurement_tender SET deadline_at = NULL",
        "UPDATE procurement_tender SET status = 'draft', published_at = NULL",
        "DELETE FROM procurement_tender",
        "UPDATE procurement_tenderrequirement SET minimum_quantity = 1",
        "DELETE FROM procurement_tenderrequirement",
        "UPDATE procurement_tenderquestion SET text = 'Something easier'",
        "DELETE FROM procurement_tenderinvitation",
        "UPDATE procurement_routedecision SET route = 'light_touch'",
        "DELETE FROM procurement_routedecision",
    ],
)
def test_a_published_tender_and_its_route(sql):
    published()
    refuse(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE procurement_bid SET price = 1",
        "UPDATE procurement_bid SET status = 'submitted', opened_at = NULL, price = NULL",
        "DELETE FROM procurement_bid",
        "UPDATE procurement_offerline SET quantity = 999",
        "DELETE FROM procurement_offerline",
        "UPDATE procurement_offeranswer SET text = 'Something better'",
        "UPDATE procurement_award SET reason = 'Another reason'",
        "DELETE FROM procurement_award",
    ],
)
def test_an_opened_bid_and_an_award(sql):
    reference_data()
    awarded(evaluated())
    refuse(sql)


# --- what may go, and nothing else ------------------------------------------------------------------

# The triggers ask the database's own clock.
TODAY = datetime.now(UTC)
A_DAY = timedelta(days=1)
MAY_GO = import_module("procurement.migrations.0018_what_may_go")


def held(sql: str, message: str) -> None:
    """The trigger refuses the statement, though there is a row it would have changed."""
    with (
        pytest.raises(IntegrityError, match=message),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def done(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


@pytest.fixture
def told():
    """Makes a reminder and a weekly letter: ``told(claimed_at, due_on)``."""
    known = world()

    def made(claimed_at: datetime, due_on: datetime) -> None:
        row = {
            "recipient_id": known.claimant.user_id,
            "organisation": known.supplier,
            "claimed_at": claimed_at,
        }
        Reminder.objects.create(
            **row, event="milestone", subject="milestone:1", due_on=due_on.date(), days=-7,
            sentence="A milestone is near.",
        )  # fmt: skip
        Digest.objects.create(**row, week=due_on.date(), lines=1)

    return made


def test_the_days_of_a_reminder_are_the_same_everywhere():
    assert timedelta(days=LEAST_DAYS["reminders"]) == LEAST_KEPT
    for words in (*MAY_GO.YOUNG.values(), *MAY_GO.DAY_NEAR.values()):
        assert str(LEAST_KEPT.days) in words


def test_a_young_reminder_and_letter_stay(told):
    told(TODAY - LEAST_KEPT + A_DAY, TODAY - LEAST_KEPT - A_DAY)
    held("DELETE FROM procurement_reminder", "stays on record for 180 days")
    held("DELETE FROM procurement_digest", "stays on record for 180 days")


def test_a_reminder_of_a_day_that_is_not_long_over_stays(told):
    told(TODAY - 2 * LEAST_KEPT, TODAY - LEAST_KEPT + 2 * A_DAY)
    held("DELETE FROM procurement_reminder", "stays on record for 180 days")
    assert done("DELETE FROM procurement_digest") == 1


def test_what_is_old_goes(told):
    told(TODAY - LEAST_KEPT - A_DAY, TODAY - LEAST_KEPT - A_DAY)
    assert done("DELETE FROM procurement_reminder") == 1
    assert done("DELETE FROM procurement_digest") == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE procurement_reminder SET due_on = '2001-01-01'",
        "UPDATE procurement_reminder SET claimed_at = '2001-01-01 00:00:00+00:00'",
        "UPDATE procurement_reminder SET subject = 'milestone:2'",
        "UPDATE procurement_digest SET week = '2001-01-01'",
        "UPDATE procurement_digest SET claimed_at = '2001-01-01 00:00:00+00:00'",
    ],
)
def test_nothing_is_made_older_than_it_is(told, sql):
    told(TODAY, TODAY)
    held(sql, "does not change")


def test_a_reminder_can_be_claimed_again_sent_and_lose_a_name(told):
    told(TODAY, TODAY)
    later = TODAY + A_DAY
    assert Reminder.objects.update(claimed_at=later, sent_at=later, sentence="Another") == 1
    assert Digest.objects.update(claimed_at=later, sent_at=later) == 1


def answered(answer: str = "confirmed") -> Confirmation:
    known = world()
    return Confirmation.objects.create(
        claim=claim(known.claimant, known.hours), group="Foleshill School", email="office@example.org",
        token_hash=os.urandom(32).hex(), asked_at=TODAY, asked_by_id=known.claimant.user_id, expires_at=TODAY,
        claim_version=1, answer=answer, answered_at=TODAY, answered_as="Head teacher", words="It was so",
    )  # fmt: skip


def used() -> TenderEmailInvitation:
    tender = started(suppliers=1)
    return TenderEmailInvitation.objects.create(
        tender=tender.tender, email="bids@example.org", nonce=os.urandom(8).hex(), invited_at=TODAY,
        invited_by_id=tender.officer.user_id, expires_at=TODAY, accepted_at=TODAY,
        supplier=world().supplier,
    )  # fmt: skip


OVER = {
    "answer": (answered, MAY_GO.CONFIRMATION_COLUMNS, "An answer does not change"),
    "link": (used, MAY_GO.LINK_COLUMNS, "A used or revoked link does not change"),
}


def another(field: Field, value: object) -> str:
    """SQL of another value for this column: nothing where there can be nothing."""
    if field.null and value is not None:
        return "NULL"
    of_kind = {
        "CharField": "'x'",
        "TextField": "'x'",
        "DateTimeField": "'2001-01-01 00:00:00+00:00'",
    }
    return of_kind.get(field.get_internal_type(), "999999")


@pytest.mark.parametrize("which", OVER)
def test_of_what_is_over_only_the_address_goes(which):
    make, columns, message = OVER[which]
    row = make()
    table, removed = row._meta.db_table, removed_address(row.pk)
    columns_but_address = {field.column for field in row._meta.concrete_fields} - {"email"}
    assert set(columns) == columns_but_address, "a column came that the trigger does not hold"
    before = type(row).objects.values(*columns).get()
    held(f"UPDATE {table} SET email = 'other@example.org'", message)  # noqa: S608
    held(f"UPDATE {table} SET email = '{removed_address(row.pk + 1)}'", message)  # noqa: S608
    for column in columns:
        value = another(row._meta.get_field(column), before[column])
        held(f"UPDATE {table} SET email = '{removed}', \"{column}\" = {value}", message)  # noqa: S608
    assert done(f"UPDATE {table} SET email = '{removed}'") == 1  # noqa: S608
    row.refresh_from_db()
    assert row.email == removed
    assert type(row).objects.values(*columns).get() == before


def test_the_guards_go_back_and_come_again(told):
    """The migration can be taken back: then nothing goes at all."""
    told(TODAY - LEAST_KEPT - A_DAY, TODAY - LEAST_KEPT - A_DAY)
    connection.check_constraints()  # PostgreSQL changes no table whose checks are still to come.
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        MAY_GO.remove(None, editor)
        held("DELETE FROM procurement_reminder", "A reminder stays on record")
        MAY_GO.install(None, editor)
    assert done("DELETE FROM procurement_reminder") == 1
