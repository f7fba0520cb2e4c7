"""Who sees which contract, and what the list holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.action_plans.queries import plan_of
from procurement.awards.queries import (
    ContractFilters,
    award_options,
    contract_brief,
    contract_for,
    contract_ids_for,
    contract_page,
    contracts_for,
    contracts_table,
    proposal_page,
    proposals_awaiting,
)
from procurement.awards.queries.schedule import schedule_document
from procurement.awards.services import refuse_award
from procurement.bids.queries import opened_bids
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed, NotVisible
from tests.factories.accounts import actor_for_role
from tests.factories.awards import awarded, evaluated, proposed, told, winner_of
from tests.factories.evaluations import AFTER, offered, opened, published, ranked, reference_data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


@pytest.fixture
def bench():
    return evaluated(title="Grounds maintenance")


@pytest.fixture
def contract(bench):
    return awarded(bench)


def outsiders(bench):
    """Another authority, a bidder that lost, and another supplier altogether."""
    return [
        actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")),
        bench.bidders[1],
        actor_for_role(Role.SUPPLIER_ADMIN),
    ]


def test_both_parties_see_the_contract_and_nobody_else(bench, contract):
    auditor = actor_for_role(Role.AUDITOR, bench.authority)
    contributor = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, organisation(contract.supplier.slug))
    for actor in (bench.officer, auditor, bench.bidders[0], contributor):
        assert contract_for(actor, contract.pk) == contract
        assert contract_ids_for(actor) == [contract.pk]
    for actor in outsiders(bench):
        assert list(contracts_for(actor)) == []
        assert contracts_table(actor, ContractFilters()).rows == []
        for ask in (contract_for, contract_page):
            with pytest.raises(NotVisible):
                ask(actor, contract.pk)


def test_the_winner_sees_its_contract_when_every_bidder_has_its_summary(bench):
    """No bidder learns before the others: until then only the council has the contract."""
    contract = awarded(bench, signed=False)
    winner, auditor = bench.bidders[0], actor_for_role(Role.AUDITOR, bench.authority)
    for actor in (bench.officer, bench.manager, auditor):
        assert contract_ids_for(actor) == [contract.pk]
        sentence = contract_page(actor, contract.pk).who_can_see[1]
        assert sentence.what.endswith(
            "once the assessment summaries are issued or the contract is signed"
        )
        assert not sentence.is_here
    assert list(contracts_for(winner)) == []
    assert contracts_table(winner, ContractFilters()).rows == []
    for ask in (contract_for, contract_page, schedule_document, plan_of):
        with pytest.raises(NotVisible):
            ask(winner, contract.pk)
    told(bench, contract)
    assert [row.committed_pence for row in contracts_for(winner)] == [
        row.committed_pence for row in contracts_for(bench.officer)
    ]
    page = contract_page(winner, contract.pk)
    assert page.who_can_see[1].who == f"Everybody who works for {contract.supplier.name}"
    assert page.who_can_see[1].is_here
    assert "waits to be signed" in page.signing.waits
    assert list(contracts_for(bench.bidders[1])) == []


def test_the_region_does_not_open_a_members_contract(bench, contract):
    analyst = actor_for_role(Role.REGIONAL_ANALYST, organisation("wmca"))
    with pytest.raises(NotVisible):
        contract_for(analyst, contract.pk)


def test_no_contract():
    with pytest.raises(NotVisible):
        contract_brief(999)


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ({"status": "awarded"}, False),
        ({"search": "grounds"}, True),
        ({"search": "grounds supplier"}, True),
        ({"search": "grounds nowhere"}, False),
        ({"status": "live"}, True),
        ({"status": "ended"}, False),
        ({"status": "made-up"}, True),
    ],
)
def test_search_and_status(bench, contract, asked, is_found):
    assert list(contracts_for(bench.officer, ContractFilters(**asked))) == (
        [contract] if is_found else []
    )


def test_sorting(bench, contract):
    other = evaluated(title="Alarms")
    second = awarded(other, value=Decimal("99"))

    def titles(sort):
        return [row.title for row in contracts_for(bench.officer, ContractFilters(sort=sort))]

    assert titles("title") == ["Alarms", "Grounds maintenance"]
    assert titles("-title") == ["Grounds maintenance", "Alarms"]
    assert titles("value") == ["Alarms", "Grounds maintenance"]
    assert set(titles("nonsense; drop")) == {"Alarms", "Grounds maintenance"}
    assert second.value == 99


def test_the_list_asks_as_often_for_three_as_for_one(bench, contract):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as found:
            contracts_table(bench.officer, ContractFilters())
        return len(found)

    first = count()
    awarded(evaluated())
    awarded(evaluated())
    assert count() == first
    assert len(contracts_table(bench.officer, ContractFilters()).rows) == 3


def test_the_file_says_what_the_contract_promises(bench, contract):
    table = contracts_table(bench.officer, ContractFilters())
    row = dict(zip([column.heading for column in table.columns], table.rows[0], strict=True))
    winner = {bid.id: bid for bid in opened_bids(bench.tender.pk)}[winner_of(bench)]
    pence = winner.social_value_pence
    assert row["Social value committed (£)"] == Decimal(pence) / 100
    assert row["Social value verified (£)"] == 0
    assert (row["Commitments"], row["Status"]) == (2, "Live")


def test_the_page_of_a_contract_before_any_claim(bench, contract):
    view = contract_page(bench.bidders[0], contract.pk)
    assert [row.claimed.is_empty for row in view.progress] == [True, True]
    assert (view.claimed, view.verified) == (0, 0)
    assert view.committed == sum(row.commitment.value for row in view.progress)
    assert not view.is_buying
    assert contract_page(bench.manager, contract.pk).is_buying


def test_what_the_award_form_starts_with(bench):
    with clock.at(AFTER):
        options = award_options(bench.officer, bench.procurement.pk)
    best = winner_of(bench)
    assert (options.preselected, options.value, options.value_basis) == (best, 170_000, "excl")
    assert (options.reason, options.is_waiting) == ("", False)
    with pytest.raises(NotAllowed):
        award_options(bench.evaluator, bench.procurement.pk)
    for actor in outsiders(bench):
        with pytest.raises(NotVisible):
            award_options(actor, bench.procurement.pk)


def test_two_bids_on_the_first_place_preselect_neither():
    bench = published(questions=(), quantitative=Decimal(100))
    offered(bench, 0, {"PLB1": "10"})
    offered(bench, 1, {"PLB1": "10"})
    opened(bench)
    ranked(bench)
    options = award_options(bench.officer, bench.procurement.pk)
    assert (options.preselected, options.value) == (None, None)
    assert [bid.rank for bid in options.bids] == [1, 1]


def test_the_award_form_keeps_what_was_proposed_before(bench):
    proposal = proposed(bench, reason="For these reasons.", ends_on=date(2027, 1, 31))
    assert award_options(bench.officer, bench.procurement.pk).is_waiting
    with clock.at(AFTER):
        refuse_award(actor=bench.approver, proposal_id=proposal.pk, remark="Shorter.")
    options = award_options(bench.officer, bench.procurement.pk)
    assert (options.reason, options.ends_on, options.is_waiting) == (
        "For these reasons.",
        date(2027, 1, 31),
        False,
    )


def test_an_unsigned_contract_is_in_the_list_by_its_own_status(bench):
    unsigned = awarded(bench, signed=False)
    for status, found in (("awarded", [unsigned]), ("live", []), ("", [unsigned])):
        assert list(contracts_for(bench.officer, ContractFilters(status=status))) == found
    brief = contract_brief(unsigned.pk)
    assert (brief.is_unsigned, brief.is_live, brief.has_ended) == (True, False, False)


def test_who_reads_a_proposal(bench):
    proposed(bench)
    for actor in (bench.officer, bench.approver, bench.evaluator):
        assert proposal_page(actor, bench.procurement.pk).is_waiting
    with pytest.raises(NotAllowed):
        proposal_page(bench.manager, bench.procurement.pk)
    for actor in outsiders(bench):
        with pytest.raises(NotVisible):
            proposal_page(actor, bench.procurement.pk)
    assert proposals_awaiting(actor_for_role(Role.APPROVER, organisation("coventry"))) == []
