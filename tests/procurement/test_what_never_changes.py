"""Invariant 2, tried with plain SQL: what is finished stays as it is, on both databases."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from procurement.verifications.services import verify_claim
from tests.factories.awards import awarded, evaluated
from tests.factories.deliveries import claim, world
from tests.factories.evaluations import reference_data
from tests.factories.tenders import published

pytestmark = pytest.mark.django_db


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
