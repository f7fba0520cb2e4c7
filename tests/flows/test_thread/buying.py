"""Steps 1 to 4: the policy routes what the officer enters, the tender, and the sealed bids."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.bids import queries as bids
from procurement.bids.rules import AnswerInput, LineInput, OfferInput
from procurement.bids.services import save_offer, submit_bid
from procurement.evaluations.services import start_opening
from procurement.policies.vocabulary import Route
from procurement.procurements.queries import decisions_of, latest_decision, procurement_for
from procurement.procurements.services import create_procurement
from procurement.procurements.vocabulary import DecisionStage
from procurement.tenders import queries as tenders
from procurement.tenders.rules import QuestionInput, RequirementInput
from procurement.tenders.services import (
    choose_measures,
    invite_supplier,
    publish_tender,
    set_place,
    set_questions,
    set_scoring,
    start_tender,
)
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.procurements import considered
from tests.flows.test_thread.people import DEADLINE, QUARTERS, YEAR, Thread, day
from toms.frameworks.queries import measures_of


def enter_and_route(thread: Thread) -> None:
    facts = {
        "title": "Refurbishment of day centres",
        "category": "services",
        "estimate": Decimal(300_000),
        "estimate_basis": "excl",
        "vat_rate_percent": Decimal(20),
        "commenced_on": date(2025, 11, 3),
        "starts_on": QUARTERS[0],
        "ends_on": YEAR.last_day,
        "submission_key": "one-form",
    }
    with clock.at(day(2025, 11, 3)):
        with pytest.raises(NotAllowed):
            create_procurement(actor=thread["manager"], **facts)
        procurement = create_procurement(actor=thread["officer"], **facts)
        assert create_procurement(actor=thread["officer"], **facts).pk == procurement.pk
    thread.ids["procurement"] = procurement.pk
    decision = latest_decision(procurement.pk)
    assert decision.route == Route.TOMS_MANDATORY
    assert (decision.weighting_min_percent, decision.weighting_max_percent) == (5, 30)
    assert decision.explanation
    with pytest.raises(NotVisible):
        procurement_for(thread["neighbour"], procurement.pk)
    with pytest.raises(NotVisible):
        procurement_for(thread["winner"], procurement.pk)


def write_the_tender(thread: Thread) -> None:
    officer = thread["officer"]
    with clock.at(day(2025, 12, 1)):
        tender = start_tender(actor=officer, procurement_id=thread.ids["procurement"])
        thread.ids["tender"] = tender.pk
        with pytest.raises(RuleBroken):
            publish_tender(actor=officer, tender_id=tender.pk, deadline_at=DEADLINE)
        ids = {row.code: row.id for row in measures_of(tender.edition_id)}
        tender = choose_measures(
            actor=officer,
            tender_id=tender.pk,
            expected_version=tender.version,
            requirements=[
                RequirementInput(ids["GSE1"], True, Decimal(1)),
                RequirementInput(ids["PLB1"]),
                RequirementInput(ids["ENV5"]),
            ],
        )
        tender = set_place(
            actor=officer, tender_id=tender.pk, expected_version=tender.version, place="warwick"
        )
        scoring = {"weighting_kind": "weighted", "quantitative_percent": Decimal(60)}
        for refused in (Decimal("4.99"), Decimal("30.01")):
            with pytest.raises(RuleBroken):
                set_scoring(
                    actor=officer,
                    tender_id=tender.pk,
                    expected_version=tender.version,
                    weighting_percent=refused,
                    **scoring,
                )
        tender = set_scoring(
            actor=officer,
            tender_id=tender.pk,
            expected_version=tender.version,
            weighting_percent=Decimal(20),
            **scoring,
        )
        set_questions(
            actor=officer,
            tender_id=tender.pk,
            expected_version=tender.version,
            questions=[QuestionInput("How will you find local people?")],
        )
        for supplier in (thread.winner, thread.loser):
            invite_supplier(actor=officer, tender_id=tender.pk, supplier_id=supplier.pk)
        with pytest.raises(RuleBroken, match="considered under the Social Value Act"):
            publish_tender(actor=officer, tender_id=tender.pk, deadline_at=DEADLINE)
        considered(officer, procurement_for(officer, thread.ids["procurement"]))
        with pytest.raises(NotAllowed):
            publish_tender(actor=thread["evaluator"], tender_id=tender.pk, deadline_at=DEADLINE)
        with pytest.raises(NotVisible):
            tenders.tender_for_bidder(thread["winner"], tender.pk)
        publish_tender(actor=officer, tender_id=tender.pk, deadline_at=DEADLINE)
        with pytest.raises(Conflict):
            publish_tender(actor=officer, tender_id=tender.pk, deadline_at=DEADLINE)
    latest = next(iter(decisions_of(officer, thread.ids["procurement"])))
    assert latest.stage == DecisionStage.PUBLICATION


def offer(thread: Thread, *, jobs: str, spend: str, price: str, mark: str) -> OfferInput:
    asked = {row.measure.code: row.id for row in tenders.requirements_of(thread.ids["tender"])}
    question = tenders.questions_of(thread.ids["tender"])[0]
    return OfferInput(
        price=Decimal(price),
        lines=(
            LineInput(asked["GSE1"], Decimal(jobs), method_statement="Local adverts first."),
            LineInput(asked["PLB1"], Decimal(spend), method_statement="Packages for small firms."),
            LineInput(asked["ENV5"], Decimal(90), method_statement="Sorted on site."),
        ),
        answers=(AnswerInput(question.id, mark),),
    )


def receive_sealed_bids(thread: Thread) -> None:
    tender_id = thread.ids["tender"]
    best = offer(thread, jobs="2", spend="10000", price="280000", mark="With the job service.")
    other = offer(thread, jobs="1.5", spend="8000", price="270000", mark="By advert.")
    with clock.at(day(2026, 1, 20)):
        with pytest.raises(NotVisible):
            submit_bid(actor=thread["stranger"], tender_id=tender_id, offer=best)
        with pytest.raises(NotVisible):
            submit_bid(actor=thread["officer"], tender_id=tender_id, offer=best)
        bid = save_offer(
            actor=thread["winner"], tender_id=tender_id, offer=best, expected_version=0
        )
        bid = submit_bid(actor=thread["winner"], tender_id=tender_id, expected_version=bid.version)
        again = submit_bid(actor=thread["winner"], tender_id=tender_id, offer=best)
        assert again.receipt == bid.receipt
        submit_bid(actor=thread["loser"], tender_id=tender_id, offer=other)
    with clock.at(DEADLINE.replace(hour=11, minute=59)):
        assert bids.opened_bids(tender_id) == []
        with pytest.raises(NotVisible):
            bids.my_offer(thread["officer"], tender_id)
        with pytest.raises(RuleBroken):
            start_opening(actor=thread["officer"], tender_id=tender_id)
    with clock.at(DEADLINE), pytest.raises(RuleBroken):
        submit_bid(actor=thread["loser"], tender_id=tender_id, offer=best)
    told = AuditRecord.objects.filter(procurement_id=thread.ids["procurement"])
    assert not told.filter(organisation_id__in=[thread.winner.pk, thread.loser.pk]).exists()
