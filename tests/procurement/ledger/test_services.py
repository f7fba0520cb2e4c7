from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.ledger import queries
from procurement.ledger.models import LedgerEntry, PendingPosting
from procurement.ledger.rules import MAX_VALUE_PENCE, Posting, check_posting, in_rows, reverse
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.ledger import Promise, contract_with, measure, posting

pytestmark = pytest.mark.django_db


@pytest.fixture
def commitment():
    return contract_with(Promise(measure("M1")))[1][0]


def test_entries_and_the_feed_are_written_together(commitment) -> None:
    entries = post_entries(actor=SYSTEM, postings=[posting(commitment), posting(commitment)])
    assert [entry.pk for entry in entries] == sorted(entry.pk for entry in entries)
    assert PendingPosting.objects.get().entry_ids == [entry.pk for entry in entries]
    assert queries.pending_count() == 2


def test_nothing_to_post_writes_no_feed_row() -> None:
    assert post_entries(actor=SYSTEM, postings=[]) == []
    assert not queries.has_pending()


@pytest.mark.parametrize(("count", "rows"), [(1_000, [1_000]), (1_001, [1_000, 1])])
def test_a_feed_row_holds_at_most_1000_ids(count, rows) -> None:
    assert [len(part) for part in in_rows(list(range(count)))] == rows


def test_what_waits_of_an_authority_is_asked_once_however_many_postings(
    commitment, django_assert_num_queries
) -> None:
    for _ in range(5):
        post_entries(actor=SYSTEM, postings=[posting(commitment)])
    own = commitment.contract.authority_id
    for authority_id, waits in ((own, True), (own + 1, False)):
        with django_assert_num_queries(2):
            assert queries.has_pending_of([authority_id]) is waits


def test_the_same_key_twice_is_refused_and_leaves_nothing_behind(commitment) -> None:
    post_entries(actor=SYSTEM, postings=[posting(commitment, key="once")])
    with pytest.raises(Conflict, match="posted already"):
        post_entries(actor=SYSTEM, postings=[posting(commitment), posting(commitment, key="once")])
    assert LedgerEntry.objects.count() == 1
    assert queries.pending_count() == 1


def test_the_same_key_twice_in_one_posting_is_refused(commitment) -> None:
    with pytest.raises(Conflict):
        post_entries(
            actor=SYSTEM, postings=[posting(commitment, key="k"), posting(commitment, key="k")]
        )


@pytest.mark.owner
@pytest.mark.parametrize("deed", ["update", "delete"])
def test_an_entry_never_changes(commitment, deed) -> None:
    (entry,) = post_entries(actor=SYSTEM, postings=[posting(commitment)])
    rows = LedgerEntry.objects.filter(pk=entry.pk)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(quantity=1) if deed == "update" else rows.delete()
    assert rows.get().quantity == Decimal(10)


@pytest.mark.parametrize("basis", [Basis.CLAIMED, Basis.VERIFIED])
def test_the_database_asks_for_the_source_of_a_claimed_or_verified_entry(commitment, basis) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        post_entries(actor=SYSTEM, postings=[posting(commitment, basis=basis)])


def test_a_reversal_cancels_names_the_old_entry_and_says_why(commitment) -> None:
    (entry,) = post_entries(
        actor=SYSTEM,
        postings=[
            posting(commitment, quantity=Decimal("1.005"), value_pence=7, denominator=Decimal(3))
        ],
    )
    back = reverse(entry, "back", " Typed twice. ")
    assert (back.quantity, back.denominator, back.value_pence) == (
        Decimal("-1.005"),
        Decimal(-3),
        -7,
    )
    assert (back.corrects_id, back.reason) == (entry.pk, "Typed twice.")
    post_entries(actor=SYSTEM, postings=[back])
    assert queries.standing_entries(basis=Basis.COMMITTED, commitment_id=commitment.pk) == []
    totals = queries.entry_totals(SYSTEM, LedgerEntry.objects.all())
    assert (totals.count, totals.value_pence, totals.units[0].quantity) == (2, 0, Decimal(0))


def test_a_reversal_needs_a_reason(commitment) -> None:
    (entry,) = post_entries(actor=SYSTEM, postings=[posting(commitment)])
    with pytest.raises(RuleBroken, match="Say why"):
        reverse(entry, "back", "  ")


def _pure(**changes) -> Posting:
    values = {
        "basis": "committed", "authority_id": 1, "supplier_id": 2, "edition_id": 1, "theme_id": 1,
        "measure_id": 1, "contract_id": 1, "commitment_id": 1, "period": date(2025, 4, 1),
        "quantity": Decimal(1), "value_pence": 1, "posting_key": "k",
    }  # fmt: skip
    return Posting(**(values | changes))


@pytest.mark.parametrize("day", [2, 30])
def test_a_period_is_the_first_of_a_month(day) -> None:
    check_posting(_pure())
    with pytest.raises(RuleBroken):
        check_posting(_pure(period=date(2025, 4, day)))


@pytest.mark.parametrize("sign", [1, -1])
def test_an_absurd_value_is_refused_at_the_edge(sign) -> None:
    check_posting(_pure(value_pence=sign * MAX_VALUE_PENCE))
    with pytest.raises(RuleBroken, match="Check the quantity"):
        check_posting(_pure(value_pence=sign * (MAX_VALUE_PENCE + 1)))


def test_sums_are_exact_to_the_thousandth(commitment) -> None:
    post_entries(
        actor=SYSTEM,
        postings=[
            posting(commitment, quantity=Decimal("0.001"), value_pence=1) for _ in range(1_001)
        ],
    )
    (found,) = queries.sums(basis=Basis.COMMITTED)
    assert (found.quantity, found.value_pence, found.entries) == (Decimal("1.001"), 1_001, 1_001)


def test_no_sum_mixes_bases(commitment) -> None:
    post_entries(actor=SYSTEM, postings=[posting(commitment)])
    assert queries.sums(basis=Basis.CLAIMED) == []
    assert queries.sums(basis=Basis.VERIFIED) == []
