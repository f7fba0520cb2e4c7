"""Interests: declared about every supplier in the authority's words, and decided by somebody else."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from procurement.evaluations.models import (
    EvaluationInterest,
    EvaluationPanelMember,
    EvaluationWording,
)
from procurement.evaluations.queries import (
    missing_for_opening,
    wording_of,
)
from procurement.evaluations.rules.panels import STANDARD_WORDING
from procurement.evaluations.services import (
    remove_panel_member,
    set_wording,
    start_opening,
)
from procurement.tenders.services import invite_supplier
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.factories.evaluations import (
    AFTER,
    WRITTEN,
    offered,
    opened,
    published,
    reference_data,
)
from tests.procurement.evaluations.panel_steps import (
    decide,
    declare,
    interest_of,
    name,
    sentences,
    sql,
    suppliers,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


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


@pytest.mark.owner
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
