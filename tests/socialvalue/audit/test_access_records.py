"""Accesses: kept apart from the deeds, never changed, removed at the end of their time only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from socialvalue.audit.models import AccessRecord
from socialvalue.audit.queries import recent_deeds
from socialvalue.audit.rules import ACCESS_RECORD_DAYS
from socialvalue.audit.services import record_access, remove_old_accesses, seal_day
from socialvalue.audit.vocabulary import AccessKind
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db


def access(days_ago: float = 0, **more) -> AccessRecord:
    """One row, written that long ago."""
    with clock.at(timezone.now() - timedelta(days=days_ago)):
        record_access(
            actor=more.pop("actor", Actor(name="An officer", organisation_id=7)),
            kind=AccessKind.EXPORTED,
            sentence="Took out procurements.csv.",
            **more,
        )
    return AccessRecord.objects.order_by("-id")[0]


def test_an_access_is_kept_with_who_and_where():
    row = access(address="/procurements/csv/?status=draft", subject="procurements.csv")
    assert (row.actor_name, row.organisation_id, row.kind) == ("An officer", 7, "exported")
    assert (row.address, row.subject) == ("/procurements/csv/", "procurements.csv")


def test_it_stands_in_the_record_of_the_organisation_that_is_named():
    assert access(organisation_id=9).organisation_id == 9


def test_somebody_who_did_not_come_in_has_no_name():
    assert access(actor=Actor()).actor_name == "Somebody not signed in"


def test_no_token_and_no_address_of_a_person_stays_in_it():
    token = "a1B2" * 12
    assert access(address=f"/register/{token}/").address == "/register/[link]/"
    assert "somebody" not in access(address="/people/somebody@example.org/").address


def test_a_look_is_no_deed():
    """What is kept ready until somebody does something stays ready."""
    before = recent_deeds()
    access()
    assert recent_deeds() == before


@pytest.mark.owner
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_accessrecord SET sentence = 'Nothing.'",
        "UPDATE audit_accessrecord SET organisation_id = NULL",
    ],
)
@pytest.mark.parametrize("days_ago", [0, ACCESS_RECORD_DAYS + 1])
def test_sql_never_changes_one(sql, days_ago):
    access(days_ago)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_sql_removes_none_before_its_time():
    row = access(ACCESS_RECORD_DAYS - 0.01)
    with (
        pytest.raises(IntegrityError, match="400 days"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM audit_accessrecord")
    assert AccessRecord.objects.filter(pk=row.pk).exists()


def test_sql_removes_one_after_its_time():
    access(ACCESS_RECORD_DAYS + 0.01)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_accessrecord")
    assert AccessRecord.objects.count() == 0


def sealed_days_ago(days: float) -> None:
    noon = timezone.now().astimezone(clock.LONDON).replace(hour=12)
    with clock.at(noon - timedelta(days=days)):
        seal_day(actor=SYSTEM)


def test_whole_sealed_days_are_removed_and_nothing_else():
    old = access(ACCESS_RECORD_DAYS + 9)
    sealed_days_ago(ACCESS_RECORD_DAYS + 8)
    # Old itself, but under a seal that is not: it is held against that seal with the rows beside it.
    beside = access(ACCESS_RECORD_DAYS + 2)
    young = access(2)
    sealed_days_ago(1)
    assert remove_old_accesses(actor=SYSTEM, dry_run=True) == 1
    assert AccessRecord.objects.filter(pk=old.pk).exists()
    assert remove_old_accesses(actor=SYSTEM) == 1
    assert set(AccessRecord.objects.values_list("pk", flat=True)) == {beside.pk, young.pk}


def test_what_was_never_sealed_is_not_removed():
    access(ACCESS_RECORD_DAYS + 9)
    assert remove_old_accesses(actor=SYSTEM) == 0
    assert AccessRecord.objects.count() == 1
