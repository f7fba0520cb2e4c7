"""Naming the panel: who sits on it, who is taken off, what is missing before the opening."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError
from django.urls import reverse

from procurement.evaluations.models import (
    EvaluationPanelMember,
)
from procurement.evaluations.queries import (
    missing_for_opening,
)
from procurement.evaluations.services import (
    remove_panel_member,
)
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import (
    offered,
    opened,
    published,
    reference_data,
)
from tests.procurement.evaluations.panel_steps import (
    declare,
    members,
    name,
    sentences,
    sql,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


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


@pytest.mark.owner
def test_nobody_is_struck_from_the_panel_by_plain_sql(bare):
    member = name(bare, bare.evaluator)
    with pytest.raises(DatabaseError, match="stays on record"):
        sql("DELETE FROM procurement_evaluationpanelmember WHERE id = %s", member.pk)


def test_a_panel_is_needed_where_answers_are_marked():
    bench = published(questions=(), quantitative=Decimal(100))
    assert missing_for_opening(bench.tender) == []
    name(bench, bench.evaluator)
    assert len(missing_for_opening(bench.tender)) == 1
    declare(bench, bench.evaluator)
    assert missing_for_opening(bench.tender) == []
