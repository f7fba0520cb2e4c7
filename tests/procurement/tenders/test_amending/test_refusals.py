"""What is no amendment: an earlier deadline, no reason, another tender, somebody else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.tenders import services
from procurement.tenders.models import TenderAmendment
from procurement.tenders.queries import amendments_for, questions_of
from procurement.tenders.services import QuestionChange, RequirementChange
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.tenders import DEADLINE, NOW, asked, load_everything, prepared, published
from tests.procurement.tenders.test_amending.steps import LATER, SECOND, amend, of

pytestmark = pytest.mark.django_db


def test_a_deadline_only_moves_later():
    world = published()
    for earlier in (DEADLINE - SECOND, NOW, NOW + SECOND):
        with pytest.raises(RuleBroken, match="can only move later"):
            amend(world, deadline_at=earlier)
    with pytest.raises(RuleBroken, match="Nothing is changed"):
        amend(world, deadline_at=DEADLINE)
    amend(world, deadline_at=DEADLINE + SECOND)
    assert world.refresh().deadline_at == DEADLINE + SECOND


def test_an_amendment_comes_before_the_deadline():
    world = published()
    with clock.at(DEADLINE), pytest.raises(RuleBroken, match="The deadline was 12:00 on 1 April"):
        amend(world, deadline_at=LATER)
    with clock.at(DEADLINE - SECOND):
        amend(world, deadline_at=LATER)
    with clock.at(LATER):
        services.mark_opened(actor=world.officer, tender_id=world.tender.pk)
        with pytest.raises(Conflict, match="bids are open"):
            amend(world, deadline_at=LATER + SECOND)
    assert world.refresh().amendments == 1


def test_a_draft_is_not_amended():
    world = prepared()
    with pytest.raises(RuleBroken, match="not published yet"):
        amend(world, deadline_at=LATER)


def test_a_withdrawn_procurement_is_not_amended():
    world = published()
    type(world.procurement).objects.filter(pk=world.procurement.pk).update(status="withdrawn")
    with pytest.raises(RuleBroken, match="withdrawn"):
        amend(world, deadline_at=LATER)


def test_without_reason_or_change_nothing_is_amended():
    world = published()
    same = of(world, "GSE1")
    question = questions_of(world.tender.pk)[0]
    as_is = {
        "requirements": {
            same.id: RequirementChange(same.is_mandatory, Decimal("2.000"), f" {same.guidance} ")
        },
        "questions": {question.id: QuestionChange(f"{question.text} ", question.guidance)},
    }
    with pytest.raises(RuleBroken, match="Nothing is changed"):
        amend(world, **as_is)
    with pytest.raises(RuleBroken, match="Write down why"):
        amend(world, reason="  ", deadline_at=LATER)
    assert TenderAmendment.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (RequirementChange(True, Decimal(0)), "must be more than 0"),
        (RequirementChange(True, Decimal(-1)), "must be more than 0"),
        (RequirementChange(True, Decimal("6.001")), "the most that is scored is 6"),
        (RequirementChange(True, Decimal(2), "x" * 501), "500 characters or fewer"),
    ],
)
def test_a_requirement_says_only_what_a_requirement_can(change, said):
    load_everything()
    world = published(
        codes=[asked("GSE1", minimum_quantity=Decimal(2), maximum_quantity=Decimal(6))]
    )
    with pytest.raises(RuleBroken, match=said):
        amend(world, requirements={of(world, "GSE1").id: change})
    amend(world, requirements={of(world, "GSE1").id: RequirementChange(True, Decimal(6))})
    assert of(world, "GSE1").minimum_quantity == Decimal(6)


def test_a_question_keeps_words():
    world = published()
    question = questions_of(world.tender.pk)[0]
    for wrong, said in (("  ", "enter its text"), ("x" * 501, "500 characters or fewer")):
        with pytest.raises(RuleBroken, match=said):
            amend(world, questions={question.id: QuestionChange(wrong)})


def test_rows_of_another_tender_are_not_there():
    world = published()
    other = published(authority="warwickshire", suppliers=1)
    with pytest.raises(NotVisible):
        amend(world, requirements={of(other, "GSE1").id: RequirementChange(False)})
    with pytest.raises(NotVisible):
        amend(world, questions={questions_of(other.tender.pk)[0].id: QuestionChange("Mine")})
    assert TenderAmendment.objects.count() == 0


def test_the_second_of_two_amendments_reads_again():
    world = published()
    version = world.tender.version
    amend(world, expected_version=version, deadline_at=LATER)
    with pytest.raises(Conflict, match="Somebody else amended"):
        amend(world, expected_version=version, deadline_at=LATER + SECOND)


def test_who_amends():
    world = published()
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (stranger, world.bidder):
        with pytest.raises(NotVisible):
            amend(world, actor=actor, deadline_at=LATER)
        with pytest.raises(NotVisible):
            amendments_for(actor, world.tender.pk)
    for role in sorted(BUYER_ROLES - {Role.PROCUREMENT_OFFICER}):
        with pytest.raises(NotAllowed):
            amend(world, actor=actor_for_role(role, world.authority), deadline_at=LATER)
