"""The audit never changes: not through the ORM, not through SQL."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from socialvalue.audit.models import AuditRecord
from socialvalue.audit.queries import history_of
from socialvalue.audit.services import record
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import AuthorityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    target = AuthorityFactory()
    record(actor=SYSTEM, deed="tested", sentence="Something was tested.", target=target)
    return AuditRecord.objects.get(deed="tested")


def test_a_deed_is_kept_with_who_did_it(row):
    assert row.actor_name == "Social value system"
    assert row.target_type == "organisation"
    lines = history_of(target_type="organisation", target_id=row.target_id)
    assert [line.sentence for line in lines] == ["Something was tested."]


@pytest.mark.owner
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_auditrecord SET sentence = 'Nothing happened.'",
        "DELETE FROM audit_auditrecord",
    ],
)
def test_sql_cannot_change_it(row, sql):
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert AuditRecord.objects.get(pk=row.pk).sentence == "Something was tested."


@pytest.mark.owner
def test_the_orm_cannot_change_it(row):
    row.sentence = "Nothing happened."
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.save()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.delete()


@pytest.mark.django_db(transaction=True)
def test_a_record_outside_a_transaction_is_refused():
    target = AuthorityFactory()
    with pytest.raises(RuntimeError, match="transaction"):
        record(actor=SYSTEM, deed="tested", sentence="x", target=target)
