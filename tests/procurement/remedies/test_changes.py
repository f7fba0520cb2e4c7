"""A change is asked by one party and agreed by the other, or it does not happen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.action_plans.queries import milestones_of
from procurement.awards.models import ContractChange
from procurement.awards.queries import commitment_info, contract_brief
from procurement.remedies import queries, services
from procurement.remedies.models import ChangeRequest
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.ledger import measure
from tests.factories.remedies import NOW, short

pytestmark = [pytest.mark.services, pytest.mark.django_db]
THIS_QUARTER = date(2025, 10, 1)


def asked(w, actor=None, **more):
    facts = {
        "kind": "quantity",
        "commitment_id": w.hours.pk,
        "quantity": Decimal(60),
        "from_quarter": THIS_QUARTER,
        "reason": "The hall is half the size.",
    } | more
    return services.ask_change(actor=actor or w.boss, contract_id=w.contract.pk, **facts)


def test_the_supplier_asks_the_authority_agrees_and_the_future_is_planned_again(w):
    row = asked(w)
    assert commitment_info(w.hours.pk).quantity == 100
    services.agree_change(actor=w.manager, request_id=row.pk, expected_version=1)
    row.refresh_from_db()
    assert (row.status, row.change.quantity_after) == ("agreed", 60)
    assert commitment_info(w.hours.pk).quantity == 60
    planned = [m for m in milestones_of([w.contract.pk]) if m.commitment_id == w.hours.pk]
    assert sum(m.quantity for m in planned) == 60
    assert [m.quantity for m in planned[:2]] == [Decimal("12.5"), Decimal("12.5")]
    shown = queries.change_request(w.boss, row.pk)
    assert shown.sentence.endswith("from 100 hours to 60 hours.")
    assert shown.history[0][0].endswith("from 100 hours to 60 hours.")


def test_the_authority_asks_and_the_supplier_agrees(w):
    row = asked(w, w.manager, quantity=Decimal(140))
    services.agree_change(actor=w.boss, request_id=row.pk, expected_version=1)
    assert commitment_info(w.hours.pk).quantity == 140


def test_a_commitment_is_added_from_a_measure_of_the_edition(w):
    extra = measure("M9")
    row = asked(w, kind="added", commitment_id=None, measure_id=extra.pk, quantity=Decimal(8))
    services.agree_change(actor=w.manager, request_id=row.pk, expected_version=1)
    change = ContractChange.objects.get()
    assert change.commitment.measure_id == extra.pk
    assert change.quantity_after == 8


def test_what_is_promised_already_or_of_another_edition_is_not_added(w):
    with pytest.raises(NotVisible):
        asked(w, kind="added", commitment_id=None, measure_id=w.hours.measure_id)
    with pytest.raises(NotVisible):
        asked(w, kind="added", commitment_id=None, measure_id=999_999)


def test_the_end_of_the_contract_moves(w):
    row = asked(w, kind="extension", commitment_id=None, quantity=None, ends_on=date(2027, 9, 30))
    services.agree_change(actor=w.manager, request_id=row.pk, expected_version=1)
    assert contract_brief(w.contract.pk).ends_on == date(2027, 9, 30)
    shown = queries.change_request(w.manager, row.pk).sentence
    assert shown == "End of the contract: from 31 March 2027 to 30 September 2027."


@pytest.mark.parametrize("who", ["approver", "officer", "claimant"])
def test_who_speaks_for_no_party_neither_asks_nor_answers(w, who):
    with pytest.raises(NotAllowed):
        asked(w, getattr(w, who))
    row = asked(w)
    with pytest.raises(NotAllowed):
        services.agree_change(actor=getattr(w, who), request_id=row.pk, expected_version=1)


def test_the_party_that_asked_cannot_agree_and_only_it_withdraws(w):
    row = asked(w, w.manager)
    for actor in (w.manager, w.colleague):
        with pytest.raises(NotAllowed):
            services.agree_change(actor=actor, request_id=row.pk, expected_version=1)
    with pytest.raises(NotAllowed):
        services.withdraw_change(actor=w.boss, request_id=row.pk, expected_version=1)
    services.withdraw_change(actor=w.colleague, request_id=row.pk, expected_version=1)
    with pytest.raises(Conflict, match="withdrawn already"):
        services.agree_change(actor=w.boss, request_id=row.pk, expected_version=1)


def test_pressing_twice_asks_once_and_agreeing_twice_changes_once(w):
    row = asked(w)
    with pytest.raises(Conflict, match="asked for already"):
        asked(w)
    services.agree_change(actor=w.manager, request_id=row.pk, expected_version=1)
    with pytest.raises(Conflict, match="agreed already"):
        services.agree_change(actor=w.colleague, request_id=row.pk, expected_version=1)
    assert (ChangeRequest.objects.count(), ContractChange.objects.count()) == (1, 1)


def test_refused_with_a_reason_and_nothing_changes(w):
    row = asked(w)
    with pytest.raises(RuleBroken, match="why you refuse"):
        services.refuse_change(actor=w.manager, request_id=row.pk, expected_version=1, remark="")
    services.refuse_change(actor=w.manager, request_id=row.pk, expected_version=1, remark="No.")
    assert commitment_info(w.hours.pk).quantity == 100
    assert queries.change_request(w.boss, row.pk).sentence == "M1 Measure M1: to 60 hours."


def test_a_request_whose_quarter_is_over_is_not_agreed(w):
    row = asked(w)
    with (
        clock.at(NOW.replace(year=2026, month=2)),
        pytest.raises(RuleBroken, match="What is over stays as it was"),
    ):
        services.agree_change(actor=w.manager, request_id=row.pk, expected_version=1)
    row.refresh_from_db()
    assert row.status == "asked"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"quantity": Decimal("24.999")}, "hold 25 hours already"),
        ({"quantity": Decimal(100)}, "stands at this quantity already"),
        ({"from_quarter": date(2025, 7, 1)}, "What is over stays"),
        ({"reason": "  "}, "reason"),
        ({"commitment_id": None}, "Select the commitment"),
    ],
)
def test_what_cannot_be_asked(w, more, says):
    with pytest.raises(RuleBroken, match=says):
        asked(w, **more)


def test_foreign_rows_are_not_there(w):
    other = short()
    row = asked(other)
    for actor in (w.manager, w.boss):
        with pytest.raises(NotVisible):
            services.agree_change(actor=actor, request_id=row.pk, expected_version=1)
        with pytest.raises(NotVisible):
            queries.change_request(actor, row.pk)
    with pytest.raises(NotVisible):
        asked(w, commitment_id=other.hours.pk)


def test_what_waits_is_shown_to_who_answers(w):
    row = asked(w)
    assert [one.id for one in queries.requests_awaiting(w.manager)] == [row.pk]
    assert queries.requests_awaiting(w.boss) == []
    assert queries.requests_awaiting(w.approver) == []
