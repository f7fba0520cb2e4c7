"""The page of one procurement: what it tells, and what it never tells."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.action_plans.services import agree_plan
from procurement.bids.queries import opened_bids
from procurement.evaluations.services import start_opening
from procurement.procurements.services import finish_light_touch, withdraw_procurement
from procurement.threads.queries import stages
from socialvalue.accounts.queries import organisation, organisation_names
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from tests.factories.accounts import actor_for_role
from tests.factories.action_plans import agreed, planned
from tests.factories.awards import awarded, evaluated
from tests.factories.evaluations import (
    AFTER,
    DEADLINE,
    WRITTEN,
    Ask,
    empanelled,
    marked,
    offered,
    opened,
    published,
    reference_data,
)
from tests.factories.procurements import procurement_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


def seen(actor, procurement, at=AFTER):
    with clock.at(at):
        return stages(actor, procurement.pk)


def everything(view) -> str:
    return repr(view)


def test_a_light_touch_procurement_from_entry_to_note():
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("warwickshire"))
    with clock.at(WRITTEN):
        small = procurement_of(officer, estimate=Decimal(20_000))
    view = seen(officer, small)
    assert [stage.key for stage in view.stages] == ["route", "note"]
    assert (view.next_deed.label, view.next_deed.is_mine) == ("Write the light-touch note", True)
    assert view.decisions[0].explanation
    with clock.at(AFTER):
        finish_light_touch(
            actor=officer,
            procurement_id=small.pk,
            considered="Local firms were asked first.",
            objectives=[],
            quotations_sought=3,
            local_quotations=2,
            chosen_supplier="A local firm",
            chosen_value=Decimal(19_000),
            is_local_or_sme=True,
            agreed="",
        )
    view = seen(officer, small)
    assert view.next_deed is None
    assert "note is finished" in view.outcome


def test_somebody_without_the_role_is_told_whose_it_is():
    home = organisation("warwickshire")
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, home)
    with clock.at(WRITTEN):
        found = procurement_of(officer)
    view = seen(actor_for_role(Role.REPORT_AUTHOR, home), found)
    assert (view.next_deed.url, view.next_deed.is_mine) == ("", False)
    assert view.next_deed.who == "a procurement officer"
    assert (view.edit_url, view.withdraw_url) == ("", "")


def test_nobody_outside_the_authority_sees_it():
    bench = evaluated()
    contract = awarded(bench)
    assert contract.supplier_id == bench.bidders[0].organisation_id
    outsiders = [
        actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")),
        actor_for_role(Role.REGIONAL_ANALYST, organisation("wmca")),
        *bench.bidders,
    ]
    for actor in outsiders:
        with pytest.raises(NotVisible):
            seen(actor, bench.procurement)


def test_no_supplier_is_named_before_the_bids_are_open():
    bench = published()
    offered(bench, 0, {"PLB1": "10000"})
    names = organisation_names([actor.organisation_id for actor in bench.bidders]).values()
    assert len(list(names)) == 2
    for moment in (DEADLINE - timedelta(days=1), AFTER):
        text = everything(seen(bench.officer, bench.procurement, moment))
        assert not any(name in text for name in names)
        assert "10000" not in text
    view = seen(bench.officer, bench.procurement, DEADLINE - timedelta(days=1))
    assert view.next_deed.label == "Bids can be made until 1 May 2026 at 12:00"
    assert view.next_deed.url == ""
    view = seen(bench.officer, bench.procurement)
    assert (view.next_deed.label, view.next_deed.is_mine) == (
        "Open the bids with a second person",
        True,
    )
    with clock.at(AFTER):
        start_opening(actor=bench.officer, tender_id=bench.tender.pk)
    # Who was the first is not the second.
    assert seen(bench.officer, bench.procurement).next_deed.is_mine is False
    view = seen(bench.approver, bench.procurement)
    assert (view.next_deed.label, view.next_deed.is_mine) == (
        "Open the bids as the second person",
        True,
    )
    assert view.missing == (
        f"A second person: {bench.officer.name} was the first to open the bids",
    )


def test_from_opening_to_agreement():
    bench = published()
    offered(bench, 0, {"PLB1": "10000", "HSC1": "5"})
    opened(bench)
    view = seen(bench.evaluator, bench.procurement)
    assert (view.next_deed.label, view.next_deed.is_mine) == ("Mark the bids", True)
    assert view.missing == ("4 marks to give",)
    assert seen(bench.moderator, bench.procurement).next_deed.is_mine is False
    marked(bench, opened_bids(bench.tender.pk)[0].id, 4, 4)
    assert seen(bench.officer, bench.procurement).next_deed.label == "Rank the bids"
    from tests.factories.evaluations import ranked

    ranked(bench)
    assert seen(bench.officer, bench.procurement).next_deed.label == "Propose the award"
    contract = awarded(bench)
    view = seen(bench.manager, bench.procurement)
    assert view.next_deed.label == "Start the action plan"
    assert view.next_deed.url.endswith(f"/contracts/{contract.pk}/plan/start/")
    planned(contract)
    view = seen(bench.manager, bench.procurement)
    assert view.next_deed.label == "Agree the action plan"
    pence = opened_bids(bench.tender.pk)[0].social_value_pence
    assert (view.figures.committed, view.figures.claimed) == (Decimal(pence) / 100, 0)
    with clock.at(AFTER):
        agree_plan(actor=bench.manager, contract_id=contract.pk)
    view = seen(bench.manager, bench.procurement)
    assert (view.next_deed.label, view.next_deed.who) == ("Agree the action plan", "the supplier")
    with clock.at(AFTER):
        agree_plan(actor=bench.bidders[0], contract_id=contract.pk)
    view = seen(bench.manager, bench.procurement)
    assert view.next_deed.label == "Deliver and claim, next due 30 September 2026"
    assert view.next_deed.who == "the supplier"


def test_what_is_due_without_a_claim():
    bench = evaluated()
    contract = awarded(bench)
    planned(contract)
    agreed(bench, contract)
    view = seen(bench.manager, bench.procurement, AFTER.replace(month=10))
    assert view.next_deed.label == "Claim what was delivered and is due"
    assert view.missing == ("2 milestones due without a claim",)


def test_both_routes_are_shown_when_the_award_crosses_a_line():
    bench = evaluated(estimate=Decimal("150000"))
    awarded(bench, value=Decimal("230000"))
    view = seen(bench.officer, bench.procurement)
    before, after = view.crossing
    assert (before.route, after.route) == ("toms_advised", "toms_mandatory")
    assert before.explanation != after.explanation
    assert after.crossed_line


def test_withdrawn():
    home = organisation("warwickshire")
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, home)
    with clock.at(WRITTEN):
        found = procurement_of(officer)
        withdraw_procurement(actor=officer, procurement_id=found.pk, reason="Not needed.")
    view = seen(officer, found)
    assert view.next_deed is None
    assert "withdrawn" in view.outcome
    assert (view.edit_url, view.withdraw_url) == ("", "")


def queries_of(actor, procurement, at=AFTER) -> int:
    with CaptureQueriesContext(connection) as found:
        seen(actor, procurement, at)
    return len(found)


def test_as_many_queries_for_many_bids_as_for_one():
    small = published(asks=[Ask("HSC1")], bidders=1)
    offered(small, 0, {"HSC1": "10"})
    large = published(asks=[Ask("HSC1"), Ask("GSE8"), Ask("ENV8")], bidders=3)
    for bidder in range(3):
        offered(large, bidder, {"HSC1": "10", "GSE8": "5", "ENV8": "4"})
    for bench in (small, large):
        opened(bench)
    assert queries_of(large.evaluator, large.procurement) == queries_of(
        small.evaluator, small.procurement
    )


def test_as_many_queries_for_many_commitments_and_quarters_as_for_one():
    small = evaluated(offer={"HSC1": "10"})
    large = evaluated(offer={"HSC1": "9", "PLB1": "10000", "HSC2": "8", "GSE8": "7", "ENV8": "6"})
    planned(awarded(small, ends_on=date(2026, 9, 30)))
    planned(awarded(large))
    late = AFTER.replace(year=2029)
    assert queries_of(large.manager, large.procurement, late) == queries_of(
        small.manager, small.procurement, late
    )


def test_the_history_is_the_thread_of_deeds():
    bench = evaluated()
    awarded(bench)
    sentences = [line[0] for line in seen(bench.officer, bench.procurement).history]
    for part in (
        "Awarded the contract",
        "Ranked 2 bids",
        "Marked an answer",
        "Started the evaluation",
    ):
        assert any(sentence.startswith(part) for sentence in sentences), part


def test_the_panel_is_within_reach_while_bids_are_written():
    bench = published(panel=False)
    panel = reverse("procurement:evaluations:panel", args=[bench.procurement.pk])

    def evaluation(actor):
        view = seen(actor, bench.procurement, WRITTEN)
        return next(stage for stage in view.stages if stage.key == "evaluation")

    stage = evaluation(bench.officer)
    assert stage.href == panel
    assert stage.facts[0][0] == "Panel"
    assert stage.facts[0][1] != "Ready"
    assert evaluation(bench.manager).href == "", "not for those who do not read bids"
    empanelled(bench)
    assert evaluation(bench.officer).facts == (("Panel", "Ready"),)
