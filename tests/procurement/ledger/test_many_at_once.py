"""The door for very many entries gives every guarantee of the door for a few."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from procurement.deliveries.models import Claim
from procurement.events import entries_posted
from procurement.ledger import services
from procurement.ledger.models import LedgerEntry, PendingPosting
from procurement.ledger.queries import sums
from procurement.ledger.rules import MAX_VALUE_PENCE
from procurement.ledger.vocabulary import Basis
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.deliveries import claim, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    found = world()
    for number in range(1, 4):
        claim(found.claimant, found.hours, quantity=Decimal(number))
    return found


def columns(key: str = "again", **more):
    same = (
        "authority_id",
        "supplier_id",
        "contract_id",
        "commitment_id",
        "quantity",
        "value_pence",
    )
    return {
        "basis": Value("claimed"),
        **{name: F(name) for name in same},
        "edition_id": F("commitment__edition_id"),
        "theme_id": F("commitment__measure__outcome__theme_id"),
        "measure_id": F("commitment__measure_id"),
        "claim_id": F("pk"),
        "period": F("quarter"),
        "posting_key": Concat(Value(f"{key}:"), Cast("pk", CharField())),
        **more,
    }  # fmt: skip


def post(w, count: int = 3, **more):
    return services.post_selected(
        actor=w.claimant, sources=Claim.objects.all(), columns=columns(**more), count=count
    )


def total() -> Decimal:
    return sum((row.quantity for row in sums(basis=Basis.CLAIMED)), Decimal(0))


def test_one_entry_a_row_with_its_feed_and_its_announcement(w) -> None:
    heard: list[list[int]] = []

    def hear(sender, entry_ids, **kwargs) -> None:
        heard.append(entry_ids)

    PendingPosting.objects.all().delete()
    entries_posted.connect(hear)
    try:
        ids = post(w)
    finally:
        entries_posted.disconnect(hear)
    assert heard == [ids]
    assert [row.entry_ids for row in PendingPosting.objects.all()] == [ids]
    made = LedgerEntry.objects.filter(pk__in=ids)
    assert sorted(made.values_list("quantity", flat=True)) == [1, 2, 3]
    assert {row.posted_by_id for row in made} == {w.claimant.user_id}
    assert total() == 12


def test_nothing_to_post_writes_nothing(w) -> None:
    PendingPosting.objects.all().delete()
    none = Claim.objects.none()
    assert services.post_selected(actor=SYSTEM, sources=none, columns=columns(), count=0) == []
    assert PendingPosting.objects.count() == 0


def test_the_same_key_is_refused_and_nothing_stays(w) -> None:
    post(w)
    with pytest.raises(Conflict):
        post(w)
    assert (total(), LedgerEntry.objects.filter(basis=Basis.CLAIMED).count()) == (12, 6)


@pytest.mark.parametrize("count", [2, 4])
def test_another_number_than_was_asked_for_is_refused_whole(w, count) -> None:
    with pytest.raises(Conflict):
        post(w, count)
    assert total() == 6


LIMITS = [(MAX_VALUE_PENCE, True), (MAX_VALUE_PENCE + 1, False), (-MAX_VALUE_PENCE - 1, False)]


@pytest.mark.parametrize(("pence", "may"), LIMITS)
def test_the_limit_of_one_entry_holds_for_many(w, pence, may) -> None:
    if may:
        assert len(post(w, value_pence=Value(pence))) == 3
    else:
        with pytest.raises(RuleBroken, match="£100 billion"):
            post(w, value_pence=Value(pence))


def test_reversing_takes_out_what_stands_once_and_with_a_reason(w) -> None:
    about = {"actor": w.claimant, "basis": Basis.CLAIMED, "claims": Claim.objects.all()}
    with pytest.raises(RuleBroken):
        services.reverse_claims(**about, count=3, reason=" ")
    services.reverse_claims(**about, count=3, reason="Taken back.")
    assert total() == 0
    reversals = LedgerEntry.objects.filter(corrects__isnull=False)
    assert {(row.reason, row.corrects.quantity + row.quantity) for row in reversals} == {
        ("Taken back.", 0)
    }
    with pytest.raises(Conflict):
        services.reverse_claims(**about, count=3, reason="Taken back.")
    assert reversals.count() == 3
