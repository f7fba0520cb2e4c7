"""One procurement through all nine steps, each by the person whose deed it is, on the days it would happen.

On the way everybody else tries the same deed and is refused. At the end the audit trail names every deed and its
person, and every figure is the sum that can be worked out by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from procurement.action_plans import queries as plans
from procurement.action_plans.services import agree_plan, change_milestones, start_plan
from procurement.awards import queries as awards
from procurement.awards.services import (
    approve_award,
    issue_summaries,
    propose_award,
    set_standstill,
    sign_contract,
)
from procurement.awards.vocabulary import ContractStatus
from procurement.bids import queries as bids
from procurement.bids.rules import AnswerInput, LineInput, OfferInput
from procurement.bids.services import save_offer, submit_bid
from procurement.deliveries import queries as deliveries
from procurement.deliveries.services import add_evidence, resubmit_claim, submit_claim
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.evaluations import queries as evaluations
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import (
    Declaration,
    MarkInput,
    add_panel_member,
    declare_interests,
    lock_marks,
    mark_bid,
    moderate,
    open_evaluation,
    rank_bids,
    start_opening,
)
from procurement.ledger import queries as ledger
from procurement.ledger.vocabulary import Basis
from procurement.policies.services import load_policies, load_thresholds
from procurement.policies.vocabulary import Route
from procurement.procurements.queries import decisions_of, latest_decision, procurement_for
from procurement.procurements.services import create_procurement
from procurement.procurements.vocabulary import DecisionStage, ProcurementStatus
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
from procurement.verifications.services import correct_claim, return_claim, verify_claim
from reporting.cabinet.services import freeze_report, start_report, write_section
from reporting.cabinet.vocabulary import ReportStatus, SectionKind
from reporting.figures.queries.reading import read
from reporting.figures.queries.scopes import council_scope, region_scope
from reporting.figures.rules.spans import Span
from reporting.rollups.services import drain, reconcile
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.models import Organisation
from socialvalue.accounts.services import load_organisations
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import FinancialYear
from socialvalue.demo.evidence import pdf
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.factories.procurements import considered
from toms.frameworks.queries import measures_of
from toms.imports.services import load_measure_set, load_priorities

YEAR = FinancialYear(2026)
QUARTERS = [date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)]
DEADLINE = datetime(2026, 2, 2, 12, 0, tzinfo=UTC)
LOCAL_JOB = Decimal(39_797)
"""£ of one FTE-year in the district of Warwick in the open measure set: median pay, a fact of the data file."""


def day(year: int, month: int, number: int, hour: int = 10) -> datetime:
    return datetime(year, month, number, hour, tzinfo=UTC)


@dataclass
class Thread:
    """The people, and what the steps hand on."""

    council: Organisation
    winner: Organisation
    loser: Organisation
    people: dict[str, Actor]
    ids: dict[str, int] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, who: str) -> Actor:
        return self.people[who]


@pytest.fixture
def thread(db) -> Thread:
    with clock.at(day(2025, 10, 1)):
        load_organisations(actor=SYSTEM)
        load_thresholds(actor=SYSTEM)
        load_policies(actor=SYSTEM)
        load_priorities(actor=SYSTEM)
        load_measure_set(actor=SYSTEM)
    council = accounts.organisation("warwickshire")
    winner, loser = (
        SupplierFactory(name="Winning Works Ltd"),
        SupplierFactory(name="Second Best Ltd"),
    )
    return Thread(
        council,
        winner,
        loser,
        {
            "officer": actor_for_role(Role.PROCUREMENT_OFFICER, council),
            "evaluator": actor_for_role(Role.EVALUATOR, council),
            "second": actor_for_role(Role.EVALUATOR, council),
            "approver": actor_for_role(Role.APPROVER, council),
            "manager": actor_for_role(Role.CONTRACT_MANAGER, council),
            "author": actor_for_role(Role.REPORT_AUTHOR, council),
            "neighbour": actor_for_role(
                Role.PROCUREMENT_OFFICER, accounts.organisation("birmingham")
            ),
            "neighbours_manager": actor_for_role(
                Role.CONTRACT_MANAGER, accounts.organisation("birmingham")
            ),
            "analyst": actor_for_role(Role.REGIONAL_ANALYST, accounts.organisation("wmca")),
            "winner": actor_for_role(Role.SUPPLIER_ADMIN, winner),
            "loser": actor_for_role(Role.SUPPLIER_ADMIN, loser),
            "stranger": actor_for_role(Role.SUPPLIER_ADMIN),
        },
    )


def test_one_procurement_from_policy_to_cabinet(thread, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False):
        enter_and_route(thread)
        write_the_tender(thread)
        receive_sealed_bids(thread)
        name_the_panel(thread)
        evaluate(thread)
        award(thread)
        sign(thread)
        plan(thread)
        deliver_and_verify(thread)
        roll_up(thread)
        report_to_cabinet(thread)
    check_the_audit_trail(thread)


# --- 1 and 2: the policy routes what the officer enters -------------------------------------------


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


# --- 3: the tender ----------------------------------------------------------------------------------


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


# --- 4: sealed bids ---------------------------------------------------------------------------------


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


# --- 5: evaluation and award ------------------------------------------------------------------------


PANEL = (("evaluator", "evaluator"), ("second", "evaluator"), ("officer", "moderator"))


def name_the_panel(thread: Thread) -> None:
    """The officer names it, and everybody on it declares an interest in every supplier that is invited, or none."""
    tender_id, officer = thread.ids["tender"], thread["officer"]
    none = [Declaration(row.pk, False, "") for row in (thread.winner, thread.loser)]
    with clock.at(day(2026, 2, 1)):
        with pytest.raises(NotAllowed):
            declare_interests(actor=thread["evaluator"], tender_id=tender_id, declarations=none)
        for who, role in PANEL:
            add_panel_member(
                actor=officer, tender_id=tender_id, person_id=thread[who].person_id, role=role
            )
    with clock.at(day(2026, 2, 3, 8)), pytest.raises(RuleBroken, match="declare"):
        start_opening(actor=officer, tender_id=tender_id)
    with clock.at(day(2026, 2, 3, 9)):
        for who, _ in PANEL:
            declare_interests(actor=thread[who], tender_id=tender_id, declarations=none)


def evaluate(thread: Thread) -> None:
    tender_id, question = thread.ids["tender"], tenders.questions_of(thread.ids["tender"])[0]
    with clock.at(day(2026, 2, 3)):
        with pytest.raises(NotAllowed):
            start_opening(actor=thread["manager"], tender_id=tender_id)
        start_opening(actor=thread["officer"], tender_id=tender_id)
        with pytest.raises(NotAllowed):
            open_evaluation(actor=thread["officer"], tender_id=tender_id)
        evaluation = open_evaluation(actor=thread["approver"], tender_id=tender_id)
        thread.ids["evaluation"] = evaluation.pk
        found = {bid.supplier_id: bid for bid in bids.opened_bids(tender_id)}
        assert found[thread.winner.pk].social_value_pence == 100 * (2 * LOCAL_JOB + 10_000)
        with pytest.raises(RuleBroken):
            rank_bids(actor=thread["officer"], evaluation_id=evaluation.pk)
        for supplier, mark in ((thread.winner, 5), (thread.loser, 3)):
            marking = {
                "evaluation_id": evaluation.pk,
                "bid_id": found[supplier.pk].id,
                "marks": [MarkInput(question.id, mark, "Partners are named.")],
            }
            with pytest.raises(NotAllowed):
                mark_bid(actor=thread["officer"], **marking)
            mark_bid(actor=thread["evaluator"], **marking)
            lower = [MarkInput(question.id, mark - 1, "Partners are still few.")]
            mark_bid(actor=thread["second"], **marking | {"marks": lower})
        agree_on_marks(thread, evaluation.pk, found, question.id)
        with pytest.raises(NotAllowed):
            rank_bids(actor=thread["evaluator"], evaluation_id=evaluation.pk)
        rank_bids(actor=thread["officer"], evaluation_id=evaluation.pk)
    ranked = evaluations.ranking(thread["officer"], evaluation.pk)
    assert [(row.supplier_id, row.rank) for row in ranked] == [
        (thread.winner.pk, 1),
        (thread.loser.pk, 2),
    ]
    # 60 points for the highest social value, 40 for the highest mark.
    assert ranked[0].total == 100
    thread.ids["bid"] = ranked[0].bid_id


def agree_on_marks(
    thread: Thread, evaluation_id: int, found: dict[int, Any], question_id: int
) -> None:
    """Nobody moderates before both have locked, and nobody marks after."""
    settled = {
        supplier.pk: {
            "evaluation_id": evaluation_id,
            "bid_id": found[supplier.pk].id,
            "question_id": question_id,
            "verdict": Verdict(mark=mark),
            "reason": "The partners that are named count.",
        }
        for supplier, mark in ((thread.winner, 5), (thread.loser, 3))
    }
    lock_marks(actor=thread["evaluator"], evaluation_id=evaluation_id)
    with pytest.raises(RuleBroken):
        moderate(actor=thread["officer"], **settled[thread.winner.pk])
    lock_marks(actor=thread["second"], evaluation_id=evaluation_id)
    with pytest.raises(RuleBroken):
        mark_bid(
            actor=thread["second"],
            evaluation_id=evaluation_id,
            bid_id=found[thread.loser.pk].id,
            marks=[MarkInput(question_id, 5, "Second thoughts.", 1)],
        )
    with pytest.raises(NotAllowed):
        moderate(actor=thread["evaluator"], **settled[thread.winner.pk])
    for one in settled.values():
        moderate(actor=thread["officer"], **one)


def award(thread: Thread) -> None:
    terms = {
        "procurement_id": thread.ids["procurement"],
        "bid_id": thread.ids["bid"],
        "reason": "The best offer over price, quality and social value.",
        "value": Decimal(280_000),
        "value_basis": "excl",
        "starts_on": QUARTERS[0],
        "ends_on": YEAR.last_day,
    }
    with clock.at(day(2026, 2, 20)):
        for refused in ("evaluator", "manager"):
            with pytest.raises(NotAllowed):
                propose_award(actor=thread[refused], **terms)
        with pytest.raises(NotVisible):
            propose_award(actor=thread["neighbour"], **terms)
        proposal = propose_award(actor=thread["officer"], **terms)
        with pytest.raises(Conflict):
            propose_award(actor=thread["officer"], **terms)
        for refused in ("officer", "manager"):
            with pytest.raises(NotAllowed):
                approve_award(actor=thread[refused], proposal_id=proposal.pk)
        contract = approve_award(actor=thread["approver"], proposal_id=proposal.pk)
        with pytest.raises(Conflict):
            approve_award(actor=thread["approver"], proposal_id=proposal.pk)
    thread.ids["contract"] = contract.pk
    procurement = procurement_for(thread["officer"], thread.ids["procurement"])
    assert procurement.status == ProcurementStatus.AWARDED
    assert procurement.award_value == 280_000
    promised = {row.measure.code: row for row in awards.commitments_of(contract.pk)}
    assert promised["GSE1"].unit_value == LOCAL_JOB
    assert promised["GSE1"].place == "warwick"
    assert promised["GSE1"].value_pence == 2 * 3_979_700
    assert promised["PLB1"].value_pence == 1_000_000
    assert promised["ENV5"].unit_value is None
    thread.kept["promised"] = promised
    # Nobody but the council sees it until every bidder is told.
    for bidder in ("winner", "loser"):
        with pytest.raises(NotVisible):
            awards.contract_for(thread[bidder], contract.pk)


def sign(thread: Thread) -> None:
    """Every bidder is told, the standstill runs its eight working days, and only then is the contract signed."""
    contract_id, officer = thread.ids["contract"], thread["officer"]
    award_id = awards.contract_for(officer, contract_id).award_id
    with clock.at(day(2026, 2, 20, 12)):
        with pytest.raises(RuleBroken):
            sign_contract(actor=officer, contract_id=contract_id, signed_on=date(2026, 2, 20))
        issue_summaries(actor=officer, award_id=award_id)
    assert awards.contract_for(thread["winner"], contract_id).pk == contract_id
    with pytest.raises(NotVisible):
        awards.contract_for(thread["loser"], contract_id)
    with clock.at(day(2026, 2, 23)):
        set_standstill(
            actor=officer, award_id=award_id, notice_on=date(2026, 2, 23), notice_reference="UK6"
        )
    # The day of the notice is the first of eight working days; the last is 4 March.
    last = date(2026, 3, 4)
    with clock.at(day(2026, 3, 4)), pytest.raises(RuleBroken):
        sign_contract(actor=officer, contract_id=contract_id, signed_on=last)
    with clock.at(day(2026, 3, 5)):
        signed = sign_contract(actor=officer, contract_id=contract_id, signed_on=date(2026, 3, 5))
    assert signed.status == ContractStatus.LIVE


# --- 6: the action plan -----------------------------------------------------------------------------


def plan(thread: Thread) -> None:
    contract_id, promised = thread.ids["contract"], thread.kept["promised"]
    with clock.at(day(2026, 3, 9)):
        with pytest.raises(NotAllowed):
            start_plan(actor=thread["winner"], contract_id=contract_id)
        started = start_plan(actor=SYSTEM, contract_id=contract_id)
        change = {
            "contract_id": contract_id,
            "commitment_id": promised["PLB1"].id,
            "expected_version": started.version,
            "owner": "Buyer",
            "evidence": "Invoices",
        }
        short = dict(zip(QUARTERS, map(Decimal, (4000, 2000, 2000, 1999)), strict=True))
        with pytest.raises(RuleBroken):
            change_milestones(actor=thread["manager"], quantities=short, **change)
        with pytest.raises(NotAllowed):
            change_milestones(actor=thread["officer"], quantities=short, **change)
        exact = dict(zip(QUARTERS, map(Decimal, (4000, 2000, 2000, 2000)), strict=True))
        change_milestones(actor=thread["manager"], quantities=exact, **change)
        with pytest.raises(NotAllowed):
            agree_plan(actor=thread["officer"], contract_id=contract_id)
        half = agree_plan(actor=thread["manager"], contract_id=contract_id)
        assert half.agreed_at is None
        agree_plan(actor=thread["winner"], contract_id=contract_id)
    planned = {
        row.quarter: row.quantity
        for row in plans.milestones_of([contract_id])
        if row.commitment_id == promised["PLB1"].id
    }
    assert planned == exact
    committed = ledger.sums(basis=Basis.COMMITTED, by=("commitment_id",))
    assert {row.key[0]: row.value_pence for row in committed} == {
        promised["GSE1"].id: 7_959_400,
        promised["PLB1"].id: 1_000_000,
    }


# --- 7: claims and verification ---------------------------------------------------------------------


def claim(thread: Thread, code: str, quantity: str, *, whole: str = "", key: str = "") -> Any:
    contract_id = thread.ids["contract"]
    file = add_evidence(
        actor=thread["winner"], contract_id=contract_id, name="proof.txt", content=pdf(["Payroll"])
    )
    assert file.name == "proof.pdf"
    return submit_claim(
        actor=thread["winner"],
        commitment_id=thread.kept["promised"][code].id,
        quarter=QUARTERS[0],
        quantity=Decimal(quantity),
        denominator=Decimal(whole) if whole else None,
        narrative="Delivered from April to June.",
        evidence_ids=[file.pk],
        submission_key=key or f"claim-{code}",
    )


def deliver_and_verify(thread: Thread) -> None:
    with clock.at(day(2026, 7, 10)):
        jobs = claim(thread, "GSE1", "0.5")
        spend = claim(thread, "PLB1", "5000")
        waste = claim(thread, "ENV5", "18", whole="20")
    manager, known = thread["manager"], {"claim_id": jobs.pk, "expected_version": jobs.version}
    with clock.at(day(2026, 7, 20)):
        # Two people, two organisations: neither the claimant nor a stranger decides.
        for refused, kind in (
            ("winner", NotAllowed),
            ("officer", NotAllowed),
            ("neighbours_manager", NotVisible),
            ("loser", NotVisible),
        ):
            with pytest.raises(kind):
                verify_claim(actor=thread[refused], **known)
        with pytest.raises(RuleBroken):
            return_claim(actor=manager, reason=" ", **known)
        return_claim(actor=manager, reason="One role began in July.", **known)
        assert not ledger.standing_entries(basis=Basis.CLAIMED, claim_id=jobs.pk)
        verify_claim(actor=manager, claim_id=spend.pk, expected_version=spend.version)
        verify_claim(actor=manager, claim_id=waste.pk, expected_version=waste.version)
        with pytest.raises(Conflict):
            verify_claim(actor=manager, claim_id=spend.pk, expected_version=spend.version)
    with clock.at(day(2026, 7, 28)):
        with pytest.raises(NotVisible):
            resubmit_claim(
                actor=thread["loser"],
                claim_id=jobs.pk,
                expected_version=jobs.version + 1,
                quantity=Decimal("0.4"),
                narrative="Mended.",
            )
        jobs = resubmit_claim(
            actor=thread["winner"],
            claim_id=jobs.pk,
            expected_version=jobs.version + 1,
            quantity=Decimal("0.4"),
            narrative="Without the role that began in July.",
        )
    with clock.at(day(2026, 8, 3)):
        verify_claim(
            actor=manager,
            claim_id=jobs.pk,
            expected_version=jobs.version,
            quantity=Decimal("0.3"),
            reason="The payroll shows 0.3.",
        )
    with clock.at(day(2026, 9, 1)):
        with pytest.raises(NotAllowed):
            correct_claim(
                actor=thread["officer"],
                claim_id=spend.pk,
                quantity=Decimal(4500),
                reason="Counted twice.",
            )
        correct_claim(
            actor=manager, claim_id=spend.pk, quantity=Decimal(4500), reason="Counted twice."
        )
    statuses = {deliveries.claim_for(manager, row.pk).status for row in (jobs, spend, waste)}
    assert statuses == {ClaimStatus.VERIFIED}
    thread.kept["claims"] = {"jobs": jobs.pk, "spend": spend.pk, "waste": waste.pk}


# --- 8: totals and dashboards -----------------------------------------------------------------------

FIGURES = {
    # 2 FTE-years and £10,000 promised; 0.4 and £5,000 claimed; 0.3 and £4,500 verified.
    "committed_total": 2 * LOCAL_JOB + 10_000,
    "claimed_total": Decimal("0.4") * LOCAL_JOB + 5_000,
    "verified_total": Decimal("0.3") * LOCAL_JOB + 4_500,
}


def shown(actor: Actor, scope: Any) -> dict[str, Decimal | None]:
    reading = read(actor, scope)
    return {name: reading.figure(name).value for name in FIGURES}


def roll_up(thread: Thread) -> None:
    assert ledger.pending_count() > 0
    drain()
    assert ledger.pending_count() == 0
    assert reconcile().wrong == 0
    drain()
    span = Span(YEAR)
    with clock.at(day(2026, 9, 2)):
        author, analyst, neighbour = thread["author"], thread["analyst"], thread["neighbour"]
        assert shown(author, council_scope(author, span)) == FIGURES
        assert shown(analyst, region_scope(analyst, span)) == FIGURES
        nothing = shown(neighbour, council_scope(neighbour, span))
        assert not any(nothing.values())
        with pytest.raises(NotVisible):
            region_scope(author, span)
        earlier = shown(author, council_scope(author, span.earlier()))
        assert not any(earlier.values())


# --- 9: the Cabinet report --------------------------------------------------------------------------


def report_to_cabinet(thread: Thread) -> None:
    author = thread["author"]
    facts = {"title": "Social value", "financial_year": "2026-27", "meeting_on": date(2027, 5, 13)}
    with clock.at(day(2027, 4, 12)):
        with pytest.raises(NotAllowed):
            start_report(actor=thread["officer"], **facts)
        report = start_report(actor=author, **facts)
        write_section(
            actor=author,
            report_id=report.pk,
            kind=SectionKind.RECOMMENDATION,
            expected_version=1,
            narrative="That Cabinet notes that {verified_total} was verified.",
        )
        with pytest.raises(NotVisible):
            freeze_report(actor=thread["neighbour"], report_id=report.pk)
        with pytest.raises(NotAllowed):
            freeze_report(actor=thread["manager"], report_id=report.pk)
        report = freeze_report(actor=author, report_id=report.pk)
        with pytest.raises((RuleBroken, NotAllowed)):
            write_section(
                actor=author,
                report_id=report.pk,
                kind=SectionKind.RECOMMENDATION,
                expected_version=2,
                narrative="Something else.",
            )
    assert report.status == ReportStatus.FROZEN
    frozen = {row["name"]: row["value"] for row in report.figures["figures"]}
    assert {name: Decimal(frozen[name]) for name in FIGURES} == FIGURES
    # What happens later does not change it.
    with clock.at(day(2027, 4, 13)):
        correct_claim(
            actor=thread["manager"],
            claim_id=thread.kept["claims"]["spend"],
            quantity=Decimal(4000),
            reason="A credit note.",
        )
        drain()
        assert shown(author, council_scope(author, Span(YEAR)))["verified_total"] == (
            Decimal("0.3") * LOCAL_JOB + 4_000
        )
    report.refresh_from_db()
    assert {row["name"]: row["value"] for row in report.figures["figures"]} == frozen


# --- the trail --------------------------------------------------------------------------------------

TRAIL = [
    ("procurement_created", "officer"),
    ("route_decided", "officer"),
    ("tender_started", "officer"),
    ("measures_chosen", "officer"),
    ("scoring_set", "officer"),
    ("questions_set", "officer"),
    ("supplier_invited", "officer"),
    ("tender_published", "officer"),
    ("panel_joined", "officer"),
    ("interest_declared", "second"),
    ("opening_started", "officer"),
    ("bids_opened", "approver"),
    ("evaluation_started", "approver"),
    ("answer_marked", "evaluator"),
    ("marks_locked", "second"),
    ("answer_moderated", "officer"),
    ("bids_ranked", "officer"),
    ("award_proposed", "officer"),
    ("contract_awarded", "approver"),
    ("summaries_issued", "officer"),
    ("standstill_set", "officer"),
    ("contract_signed", "officer"),
    ("plan_changed", "manager"),
    ("plan_agreed_by_one", "manager"),
    ("plan_agreed", "winner"),
    ("evidence_added", "winner"),
    ("claim_submitted", "winner"),
    ("claim_returned", "manager"),
    ("claim_verified", "manager"),
    ("claim_resubmitted", "winner"),
    ("claim_corrected", "manager"),
]


def check_the_audit_trail(thread: Thread) -> None:
    """Every deed, by the right person, in order, on the day it was done."""
    records = list(
        AuditRecord.objects.filter(procurement_id=thread.ids["procurement"]).order_by("pk")
    )
    assert [row.at for row in records] == sorted(row.at for row in records)
    # What was done to a sealed bid is told at its opening, with the time it had, and on the bid alone.
    sent = AuditRecord.objects.filter(deed="bid_submitted")
    assert {(row.user_id, row.at) for row in sent} == {
        (thread[who].user_id, day(2026, 1, 20)) for who in ("winner", "loser")
    }
    done = {(row.deed, row.user_id) for row in records}
    missing = [(deed, who) for deed, who in TRAIL if (deed, thread[who].user_id) not in done]
    assert missing == []
    firsts = {deed: index for index, deed in reversed(list(enumerate(row.deed for row in records)))}
    order = [firsts[deed] for deed, _ in TRAIL if deed in firsts]
    assert order == sorted(order)
    assert all(row.sentence for row in records)
    people = {
        thread[who].user_id
        for who in ("officer", "evaluator", "second", "approver", "manager", "winner")
    }
    assert {row.user_id for row in records if row.user_id} == people
    for deed in ("report_started", "report_changed", "report_frozen"):
        assert AuditRecord.objects.get(deed=deed).user_id == thread["author"].user_id
