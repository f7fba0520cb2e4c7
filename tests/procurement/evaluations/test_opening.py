"""Two people open the bids, after the deadline, once the panel lacks nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from procurement.bids.queries import opened_bids, opening_of
from procurement.evaluations.models import Evaluation
from procurement.evaluations.services import (
    add_panel_member,
    open_evaluation,
    rank_bids,
    start_opening,
)
from procurement.procurements.queries import procurement_brief
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of, history_of_procurement
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import (
    AFTER,
    DEADLINE,
    WRITTEN,
    empanelled,
    offered,
    opened,
    published,
    reference_data,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


@pytest.fixture
def bench():
    """Two bids: £10,000 and £5,000 of local spend."""
    found = published()
    offered(found, 0, {"PLB1": "10000"})
    offered(found, 1, {"PLB1": "5000"})
    return found


def start(bench, actor=None, at=AFTER):
    with clock.at(at):
        return start_opening(actor=actor or bench.officer, tender_id=bench.tender.pk)


def confirm(bench, actor=None, at=AFTER):
    with clock.at(at):
        return open_evaluation(actor=actor or bench.approver, tender_id=bench.tender.pk)


def test_opening_starts_the_evaluation(bench):
    evaluation = opened(bench)
    assert evaluation.status == "open"
    assert evaluation.opened_at == AFTER
    assert evaluation.opened_by_id == bench.approver.user_id
    assert bench.tender.status == "opened"
    assert procurement_brief(bench.procurement.pk).status == "evaluating"
    assert len(opened_bids(bench.tender.pk)) == 2
    lines = history_of(target_type="evaluation", target_id=evaluation.pk)
    assert [line.sentence for line in lines] == ["Started the evaluation of 2 bids."]


def test_the_first_person_opens_nothing(bench):
    start(bench)
    assert opened_bids(bench.tender.pk) == []
    assert not Evaluation.objects.exists()
    bench.tender.refresh_from_db()
    assert bench.tender.status == "published"
    found = opening_of(bench.tender.pk)
    assert (found.first_by_id, found.second_at) == (bench.officer.user_id, None)


def test_one_person_does_not_open(bench):
    start(bench)
    with pytest.raises(NotAllowed, match="another person"):
        confirm(bench, bench.officer)
    assert opened_bids(bench.tender.pk) == []
    bench.tender.refresh_from_db()
    assert (bench.tender.status, Evaluation.objects.count()) == ("published", 0)


def test_nobody_opens_before_somebody_has_started(bench):
    with pytest.raises(RuleBroken, match="Start the opening first"):
        confirm(bench)
    assert Evaluation.objects.count() == 0


def test_two_officers_open_too(bench):
    start(bench)
    other = actor_for_role(Role.PROCUREMENT_OFFICER, bench.authority)
    assert confirm(bench, other).opened_by_id == other.user_id


@pytest.mark.parametrize(
    ("early", "is_open"), [(timedelta(seconds=1), False), (timedelta(0), True)]
)
def test_bids_stay_sealed_until_the_deadline(bench, early, is_open):
    if is_open:
        start(bench, at=DEADLINE - early)
        assert confirm(bench, at=DEADLINE - early).status == "open"
        return
    for deed in (start, confirm):
        with pytest.raises(RuleBroken, match="1 May 2026 at 12:00"):
            deed(bench, at=DEADLINE - early)
    assert opened_bids(bench.tender.pk) == []


def test_opening_twice(bench):
    opened(bench)
    for deed in (start, confirm):
        with pytest.raises(Conflict, match="opened already"):
            deed(bench)


def test_a_panel_is_needed_where_answers_are_marked():
    bench = published(panel=False)
    for deed in (start, confirm):
        with pytest.raises(RuleBroken) as caught:
            deed(bench)
        assert len(caught.value.errors) == 2, "two evaluators and a moderator"
    empanelled(bench)
    opened(bench)


def test_a_declaration_that_is_missing_holds_the_opening(bench):
    late = actor_for_role(Role.EVALUATOR, bench.authority)
    with clock.at(WRITTEN):
        add_panel_member(
            actor=bench.officer,
            tender_id=bench.tender.pk,
            person_id=late.person_id,
            role="observer",
        )
    with pytest.raises(RuleBroken, match="still to declare"):
        start(bench)


def test_without_questions_no_panel_is_needed():
    bench = published(questions=(), weighting=None)
    offered(bench, 0, {"PLB1": "1"})
    assert opened(bench).status == "open"


def test_only_officers_and_approvers_of_the_authority_open(bench):
    for role in (Role.EVALUATOR, Role.CONTRACT_MANAGER, Role.REPORT_AUTHOR, Role.AUDITOR):
        actor = actor_for_role(role, bench.authority)
        for deed in (start, confirm):
            with pytest.raises(NotAllowed):
                deed(bench, actor)
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (stranger, bench.bidders[0]):
        for deed in (start, confirm):
            with pytest.raises(NotVisible):
                deed(bench, actor)
    assert opened_bids(bench.tender.pk) == []


def test_both_people_are_on_the_record(bench):
    opened(bench)
    said = [row.sentence for row in history_of_procurement(procurement_id=bench.procurement.pk)]
    assert any(bench.officer.name in line and "started the opening" in line for line in said)
    assert any(bench.approver.name in line and "second person" in line for line in said)


def test_no_bids_open_but_cannot_be_ranked():
    bench = published()
    evaluation = opened(bench)
    with pytest.raises(RuleBroken, match="No bids"), clock.at(AFTER):
        rank_bids(actor=bench.officer, evaluation_id=evaluation.pk)
