"""Naming the panel, interests, recusal: what is allowed, what is refused, what is missing before the opening."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from procurement.bids.queries import opened_bids
from procurement.evaluations.models import (
    EvaluationInterest,
    EvaluationMark,
    EvaluationModeration,
    EvaluationPanelMember,
    EvaluationWording,
)
from procurement.evaluations.queries import (
    marking_progress,
    missing_for_opening,
    moderated_of,
    panel_of,
    wording_of,
)
from procurement.evaluations.rules import Verdict
from procurement.evaluations.rules.panels import STANDARD_WORDING
from procurement.evaluations.services import (
    Declaration,
    MarkInput,
    add_panel_member,
    decide_interest,
    declare_interests,
    lock_marks,
    mark_bid,
    moderate,
    recuse,
    remove_panel_member,
    set_wording,
    start_opening,
)
from procurement.tenders.services import invite_supplier
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of_procurement
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.factories.evaluations import (
    AFTER,
    WRITTEN,
    marked,
    moderated,
    offered,
    opened,
    published,
    ranked,
    reference_data,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


@pytest.fixture
def bare():
    """A published tender that asks questions, with two invited suppliers and nobody on its panel."""
    return published(panel=False)


def name(bench, actor, role="evaluator", *, by=None):
    with clock.at(WRITTEN):
        return add_panel_member(
            actor=by or bench.officer,
            tender_id=bench.tender.pk,
            person_id=actor.person_id,
            role=role,
        )


def suppliers(bench):
    return [bidder.organisation_id for bidder in bench.bidders]


def declare(bench, actor, *, interest_in=(), text="My brother works there.", only=None):
    with clock.at(WRITTEN):
        return declare_interests(
            actor=actor,
            tender_id=bench.tender.pk,
            declarations=[
                Declaration(pk, pk in interest_in, text if pk in interest_in else "")
                for pk in (suppliers(bench) if only is None else only)
            ],
        )


def decide(bench, interest, decision="stays", *, by=None, reason="Distant enough."):
    with clock.at(WRITTEN):
        return decide_interest(
            actor=by or bench.officer, interest_id=interest.pk, decision=decision, reason=reason
        )


def interest_of(bench, actor):
    return EvaluationInterest.objects.get(member__person_id=actor.person_id, has_interest=True)


def members(bench):
    return [(row.person_id, row.role) for row in panel_of(bench.tender.pk)]


def sentences(bench):
    lines = history_of_procurement(procurement_id=bench.procurement.pk)
    return [line.sentence for line in lines]


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


# --- naming -----------------------------------------------------------------------------------


def test_an_officer_names_people_of_three_roles(bare):
    other = actor_for_role(Role.PROCUREMENT_OFFICER, bare.authority)
    name(bare, bare.evaluator)
    name(bare, other)
    name(bare, bare.approver, "moderator")
    name(bare, bare.officer, "observer")
    assert members(bare) == [
        (bare.evaluator.user_id, "evaluator"),
        (other.user_id, "evaluator"),
        (bare.approver.user_id, "moderator"),
        (bare.officer.user_id, "observer"),
    ]
    assert f"Named {bare.approver.name} moderator on the panel." in sentences(bare)


def test_whoever_is_named_is_written_to(bare, django_capture_on_commit_callbacks, mailoutbox):
    with run_inline(), django_capture_on_commit_callbacks(execute=True):
        name(bare, bare.evaluator)
    letter = mailoutbox[-1]
    person = User.objects.get(pk=bare.evaluator.user_id)
    assert letter.to == [person.email]
    assert letter.subject == f"You are on the panel of {bare.procurement.title}"
    assert "offers close at 12:00 on 1 May 2026" in letter.body
    assert reverse("procurement:evaluations:declare", args=[bare.procurement.pk]) in letter.body


@pytest.mark.parametrize(
    "role", [Role.CONTRACT_MANAGER, Role.AUDITOR, Role.POLICY_OWNER, Role.REPORT_AUTHOR]
)
def test_others_do_not_sit_on_a_panel(bare, role):
    with pytest.raises(RuleBroken, match="from the list"):
        name(bare, actor_for_role(role, bare.authority))


def test_nobody_of_another_authority_or_of_a_supplier_sits_on_a_panel(bare):
    for actor in (
        actor_for_role(Role.EVALUATOR, organisation("coventry")),
        bare.bidders[0],
    ):
        with pytest.raises(RuleBroken, match="from the list"):
            name(bare, actor)
    assert members(bare) == []


def test_only_an_officer_of_the_authority_names_the_panel(bare):
    for role in (Role.EVALUATOR, Role.APPROVER, Role.AUDITOR, Role.CONTRACT_MANAGER):
        with pytest.raises(NotAllowed):
            name(bare, bare.evaluator, by=actor_for_role(role, bare.authority))
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (stranger, bare.bidders[0]):
        with pytest.raises(NotVisible):
            name(bare, bare.evaluator, by=actor)


def test_one_person_one_role(bare):
    name(bare, bare.evaluator)
    with pytest.raises(Conflict, match="already"):
        name(bare, bare.evaluator, "moderator")
    with pytest.raises(RuleBroken, match="what this person does"):
        name(bare, bare.evaluator2, "chair")


def test_taken_off_before_the_opening_and_on_record(bare):
    member = name(bare, bare.evaluator)
    with pytest.raises(NotAllowed):
        remove_panel_member(actor=bare.evaluator, member_id=member.pk)
    with pytest.raises(NotVisible):
        remove_panel_member(
            actor=actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")),
            member_id=member.pk,
        )
    remove_panel_member(actor=bare.officer, member_id=member.pk)
    assert members(bare) == []
    assert EvaluationPanelMember.objects.get().left_at is not None
    again = name(bare, bare.evaluator, "moderator")
    assert members(bare) == [(bare.evaluator.user_id, "moderator")]
    assert again.pk != member.pk
    with pytest.raises(NotVisible):
        remove_panel_member(actor=bare.officer, member_id=member.pk)


def test_the_panel_stays_once_the_bids_are_open():
    bench = published()
    offered(bench, 0, {"PLB1": "10000"})
    opened(bench)
    member = EvaluationPanelMember.objects.get(person_id=bench.evaluator.user_id)
    with pytest.raises(RuleBroken, match="Recuse"):
        remove_panel_member(actor=bench.officer, member_id=member.pk)
    for role in ("evaluator", "moderator", "observer"):
        with pytest.raises(RuleBroken, match="the panel stays"):
            name(bench, bench.approver, role)


def test_nobody_is_struck_from_the_panel_by_plain_sql(bare):
    member = name(bare, bare.evaluator)
    with pytest.raises(DatabaseError, match="stays on record"):
        sql("DELETE FROM procurement_evaluationpanelmember WHERE id = %s", member.pk)


# --- declaring --------------------------------------------------------------------------------


def test_declared_about_every_invited_supplier_in_the_words_of_the_day(bare):
    name(bare, bare.evaluator)
    declare(bare, bare.evaluator)
    rows = EvaluationInterest.objects.all()
    assert [(row.supplier_id, row.has_interest, row.text) for row in rows] == [
        (pk, False, "") for pk in suppliers(bare)
    ]
    assert {row.wording for row in rows} == {STANDARD_WORDING}
    assert "Declared no interest in 2 invited suppliers." in sentences(bare)


def test_all_or_nothing(bare):
    name(bare, bare.evaluator)
    first, second = suppliers(bare)
    with pytest.raises(RuleBroken, match="every invited supplier"):
        declare(bare, bare.evaluator, only=[first])
    with pytest.raises(NotVisible):
        declare(bare, bare.evaluator, only=[first, second, SupplierFactory().pk])
    with pytest.raises(RuleBroken, match="once"):
        declare(bare, bare.evaluator, only=[first, second, second])
    with pytest.raises(RuleBroken, match="Say what your interest") as error:
        declare(bare, bare.evaluator, interest_in=[second], text="  ")
    assert error.value.errors[0][0] == f"text_{second}"
    assert EvaluationInterest.objects.count() == 0


def test_only_the_panel_declares(bare):
    name(bare, bare.evaluator)
    for actor in (bare.officer, bare.evaluator2, bare.manager):
        with pytest.raises(NotAllowed):
            declare(bare, actor)
    for actor in (
        bare.bidders[0],
        actor_for_role(Role.EVALUATOR, organisation("coventry")),
    ):
        with pytest.raises(NotVisible):
            declare(bare, actor)


def test_a_declaration_changes_until_it_is_decided(bare):
    name(bare, bare.evaluator)
    first = suppliers(bare)[0]
    declare(bare, bare.evaluator)
    declare(bare, bare.evaluator, interest_in=[first], only=[first])
    assert interest_of(bare, bare.evaluator).supplier_id == first
    assert EvaluationInterest.objects.count() == 2
    decide(bare, interest_of(bare, bare.evaluator))
    with pytest.raises(RuleBroken, match="is decided"):
        declare(bare, bare.evaluator)
    # What says the same is no change.
    assert declare(bare, bare.evaluator, interest_in=[first]) == []


def test_a_supplier_invited_later_is_declared_about_too(bare):
    for actor, role in (
        (bare.evaluator, "evaluator"),
        (bare.evaluator2, "evaluator"),
        (bare.moderator, "moderator"),
    ):
        name(bare, actor, role)
        declare(bare, actor)
    assert missing_for_opening(bare.tender) == []
    late = SupplierFactory(name="Late Runner")
    with clock.at(WRITTEN):
        invite_supplier(actor=bare.officer, tender_id=bare.tender.pk, supplier_id=late.pk)
    assert missing_for_opening(bare.tender) == [
        f"{actor.name} has still to declare interests in Late Runner."
        for actor in (bare.evaluator, bare.evaluator2, bare.moderator)
    ]
    declare(bare, bare.evaluator, only=[late.pk])
    assert len(missing_for_opening(bare.tender)) == 2


def test_after_the_opening_nothing_declared_changes():
    bench = published()
    offered(bench, 0, {"PLB1": "10000"})
    opened(bench)
    first = suppliers(bench)[0]
    with pytest.raises(RuleBroken, match="The bids are open"):
        declare(bench, bench.evaluator, interest_in=[first], only=[first])
    assert not EvaluationInterest.objects.filter(has_interest=True).exists()


# --- deciding ---------------------------------------------------------------------------------


@pytest.fixture
def torn(bare):
    """Evaluator 1 has an interest in the first supplier, which nobody has decided."""
    for actor, role in (
        (bare.evaluator, "evaluator"),
        (bare.evaluator2, "evaluator"),
        (bare.moderator, "moderator"),
    ):
        name(bare, actor, role)
        interests = suppliers(bare)[:1] if actor is bare.evaluator else []
        declare(bare, actor, interest_in=interests)
    return bare


def test_an_undecided_interest_holds_up_the_opening(torn):
    supplier = torn.bidders[0].organisation_name
    assert missing_for_opening(torn.tender) == [
        f"Decide whether {torn.evaluator.name} stays, who declared an interest in {supplier}."
    ]
    with pytest.raises(RuleBroken, match="Decide whether"), clock.at(AFTER):
        start_opening(actor=torn.officer, tender_id=torn.tender.pk)
    decide(torn, interest_of(torn, torn.evaluator))
    assert missing_for_opening(torn.tender) == []
    assert f"{torn.evaluator.name} stays on the panel despite an interest in {supplier}." in (
        sentences(torn)
    )


def test_recused_is_out_of_the_whole_tender(torn):
    decide(torn, interest_of(torn, torn.evaluator), "recused", reason="Too close.")
    member = EvaluationPanelMember.objects.get(person_id=torn.evaluator.user_id)
    assert member.recused_at == WRITTEN
    assert member.recusal_reason == f"Interest in {torn.bidders[0].organisation_name}. Too close."
    assert missing_for_opening(torn.tender) == [
        "Name 1 more evaluator: two people mark each answer."
    ]
    with pytest.raises(RuleBroken, match="recused"):
        declare(torn, torn.evaluator)
    with pytest.raises(RuleBroken, match="record"):
        remove_panel_member(actor=torn.officer, member_id=member.pk)
    with pytest.raises(Conflict):
        name(torn, torn.evaluator)


def test_who_decides(torn):
    interest = interest_of(torn, torn.evaluator)
    for actor in (torn.evaluator, torn.evaluator2, torn.approver, torn.manager):
        with pytest.raises(NotAllowed):
            decide(torn, interest, by=actor)
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (stranger, torn.bidders[0]):
        with pytest.raises(NotVisible):
            decide(torn, interest, by=actor)
    decide(torn, interest)
    with pytest.raises(Conflict):
        decide(torn, interest, "recused")


def test_nobody_decides_about_their_own_interest(bare):
    name(bare, bare.officer, "moderator")
    declare(bare, bare.officer, interest_in=suppliers(bare)[:1])
    interest = interest_of(bare, bare.officer)
    with pytest.raises(NotAllowed, match="their own"):
        decide(bare, interest)
    other = actor_for_role(Role.PROCUREMENT_OFFICER, bare.authority)
    assert decide(bare, interest, by=other).decided_by_id == other.user_id


def test_an_approver_decides_about_an_officer(bare):
    name(bare, bare.officer, "moderator")
    declare(bare, bare.officer, interest_in=suppliers(bare)[:1])
    found = decide(bare, interest_of(bare, bare.officer), "recused", by=bare.approver)
    assert found.decision == "recused"


def test_a_decision_is_one_of_two_with_a_reason(torn):
    interest = interest_of(torn, torn.evaluator)
    with pytest.raises(RuleBroken, match="Select"):
        decide(torn, interest, "perhaps")
    with pytest.raises(RuleBroken, match="reason"):
        decide(torn, interest, reason=" ")
    clear = EvaluationInterest.objects.filter(has_interest=False).first()
    with pytest.raises(RuleBroken, match="nothing to decide"):
        decide(torn, clear)


def test_a_decided_interest_never_changes_by_plain_sql(torn):
    interest = interest_of(torn, torn.evaluator)
    decide(torn, interest)
    for statement in (
        "UPDATE procurement_evaluationinterest SET decision = 'recused' WHERE id = %s",
        "UPDATE procurement_evaluationinterest SET text = 'Nothing.' WHERE id = %s",
        "DELETE FROM procurement_evaluationinterest WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match="does not change"):
            sql(statement, interest.pk)


def test_a_panel_is_needed_where_answers_are_marked():
    bench = published(questions=(), quantitative=Decimal(100))
    assert missing_for_opening(bench.tender) == []
    name(bench, bench.evaluator)
    assert len(missing_for_opening(bench.tender)) == 1
    declare(bench, bench.evaluator)
    assert missing_for_opening(bench.tender) == []


# --- recusal ----------------------------------------------------------------------------------


@pytest.fixture
def bench():
    found = published()
    offered(found, 0, {"PLB1": "10000"})
    offered(found, 1, {"PLB1": "5000"})
    opened(found)
    return found


def member_of(bench, actor):
    return EvaluationPanelMember.objects.get(tender=bench.tender, person_id=actor.user_id)


def test_who_recuses_whom(bench):
    member = member_of(bench, bench.evaluator)
    for actor in (bench.evaluator2, bench.approver, bench.manager):
        with pytest.raises(NotAllowed):
            recuse(actor=actor, member_id=member.pk, reason="Why not.")
    with pytest.raises(NotVisible):
        recuse(
            actor=actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")),
            member_id=member.pk,
            reason="Why not.",
        )
    with pytest.raises(RuleBroken, match="why"):
        recuse(actor=bench.officer, member_id=member.pk, reason="  ")
    assert member_of(bench, bench.evaluator).recused_at is None
    recuse(actor=bench.evaluator, member_id=member.pk, reason="I took a job there.")
    assert "Stepped down from the panel." in sentences(bench)
    with pytest.raises(Conflict):
        recuse(actor=bench.officer, member_id=member.pk, reason="Again.")


def test_after_a_recusal_the_gap_is_filled_and_no_more(bench):
    with clock.at(AFTER):
        recuse(
            actor=bench.officer,
            member_id=member_of(bench, bench.evaluator).pk,
            reason="Works for a bidder.",
        )
    for role in ("moderator", "observer"):
        with pytest.raises(RuleBroken, match="the panel stays"):
            name(bench, bench.approver, role)
    name(bench, bench.approver)
    third = actor_for_role(Role.EVALUATOR, bench.authority)
    with pytest.raises(RuleBroken, match="the panel stays"):
        name(bench, third)


def test_nobody_is_recused_once_the_bids_are_ranked(bench):
    ids = sorted(set(bench_bids(bench)))
    for bid_id in ids:
        marked(bench, bid_id, 3, 4)
    ranked(bench)
    with pytest.raises(RuleBroken, match="Reopen"):
        recuse(actor=bench.officer, member_id=member_of(bench, bench.evaluator).pk, reason="Late.")


def test_marks_of_somebody_recused_are_kept(bench):
    for bid_id in bench_bids(bench):
        marked(bench, bid_id, 3, 4)
    before = EvaluationMark.objects.count()
    with clock.at(AFTER + timedelta(hours=1)):
        recuse(actor=bench.officer, member_id=member_of(bench, bench.evaluator).pk, reason="Late.")
    assert EvaluationMark.objects.count() == before == 8


def bench_bids(bench):
    return [bid.id for bid in opened_bids(bench.tender.pk)]


def test_verdicts_that_rested_on_a_recused_mark_are_set_again(bench):
    bids = bench_bids(bench)
    for bid_id in bids:
        marked(bench, bid_id, 3, 4)
    assert marking_progress(bench.tender).moderations_missing == 0
    later = AFTER + timedelta(hours=1)
    with clock.at(later):
        recuse(actor=bench.officer, member_id=member_of(bench, bench.evaluator).pk, reason="Late.")
    assert moderated_of(bench.evaluation.pk) == {}
    progress = marking_progress(bench.tender)
    assert (progress.evaluators, progress.locked) == (1, 1)
    assert progress.moderations_missing == 4
    with pytest.raises(RuleBroken):
        ranked(bench)


# --- wording ----------------------------------------------------------------------------------


def test_the_authority_words_its_declaration(bare):
    assert wording_of(bare.authority.pk).text == STANDARD_WORDING
    owner = actor_for_role(Role.POLICY_OWNER, bare.authority)
    row = set_wording(actor=owner, text=" Say all. ", expected_version=0)
    assert (row.text, row.version, row.authority_id) == ("Say all.", 1, bare.authority.pk)
    set_wording(actor=bare.officer, text="Say it all.", expected_version=1)
    found = wording_of(bare.authority.pk)
    assert (found.text, found.version, found.changed_by) == ("Say it all.", 2, bare.officer.name)
    assert wording_of(organisation("coventry").pk).text == STANDARD_WORDING
    name(bare, bare.evaluator)
    declare(bare, bare.evaluator)
    set_wording(actor=owner, text="Newer.", expected_version=2)
    assert {row.wording for row in EvaluationInterest.objects.all()} == {"Say it all."}


def test_two_people_word_it_at_once(bare):
    owner = actor_for_role(Role.POLICY_OWNER, bare.authority)
    set_wording(actor=owner, text="Mine.", expected_version=0)
    for seen in (0, 2):
        with pytest.raises(Conflict) as error:
            set_wording(actor=bare.officer, text="Yours.", expected_version=seen)
        assert error.value.changed == {"Wording": ("Mine.", "Yours.")}
    with pytest.raises(RuleBroken, match="Enter"):
        set_wording(actor=owner, text="  ", expected_version=1)
    assert EvaluationWording.objects.get().text == "Mine."


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.APPROVER, Role.AUDITOR])
def test_others_do_not_word_it(bare, role):
    with pytest.raises(NotAllowed):
        set_wording(actor=actor_for_role(role, bare.authority), text="Mine.", expected_version=0)
    with pytest.raises(NotAllowed):
        set_wording(actor=bare.bidders[0], text="Mine.", expected_version=0)


def test_moderated_again_after_a_recusal(bench):
    """The gap is filled, the new evaluator marks, and what was moderated is moderated again."""
    bids = bench_bids(bench)
    for bid_id in bids:
        marked(bench, bid_id, 3, 4)
    with clock.at(AFTER + timedelta(hours=1)):
        recuse(actor=bench.officer, member_id=member_of(bench, bench.evaluator).pk, reason="Late.")
        add_panel_member(
            actor=bench.officer,
            tender_id=bench.tender.pk,
            person_id=bench.approver.person_id,
            role="evaluator",
        )
    mark = [MarkInput(question.id, 5, "Strong.") for question in bench.questions]
    where = {"evaluation_id": bench.evaluation.pk}
    with pytest.raises(RuleBroken, match="Declare"):
        mark_bid(actor=bench.approver, **where, bid_id=bids[0], marks=mark)
    declare(bench, bench.approver)
    with clock.at(AFTER + timedelta(minutes=90)):
        for bid_id in bids:
            mark_bid(actor=bench.approver, **where, bid_id=bid_id, marks=mark)
    with pytest.raises(RuleBroken, match="every evaluator"):
        moderated(bench, bids[0], bench.questions[0].id, Verdict(4))
    lock_marks(actor=bench.approver, **where)
    later = AFTER + timedelta(hours=2)
    for row in EvaluationModeration.objects.all():
        with clock.at(later):
            moderate(
                actor=bench.moderator,
                **where,
                bid_id=row.bid_id,
                question_id=row.question_id,
                verdict=Verdict(4),
                reason="Set again.",
                expected_version=row.version,
            )
    progress = marking_progress(bench.tender)
    assert (progress.evaluators, progress.locked) == (2, 2)
    assert (progress.marks_missing, progress.moderations_missing) == (0, 0)
